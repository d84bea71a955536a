CREATE TABLE `assignment` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`course_id` text NOT NULL,
	`title` text NOT NULL,
	`brief` text,
	`catalogue_slug` text,
	`definition` text NOT NULL,
	`lab_brief` text NOT NULL,
	`rubric` text,
	`rubric_version` integer NOT NULL,
	`state` text NOT NULL,
	`opens_at` integer,
	`due_at` integer,
	`closes_at` integer,
	`attempts` integer,
	`late` text NOT NULL,
	`variants` text NOT NULL,
	`for_groups` integer NOT NULL,
	`self_checks` integer NOT NULL,
	`counts` text NOT NULL,
	`seed_secret` text NOT NULL,
	`template_lab_id` text,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisation`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`course_id`) REFERENCES `course`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`template_lab_id`) REFERENCES `lab`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE INDEX `assignment_course` ON `assignment` (`course_id`);--> statement-breakpoint
CREATE INDEX `assignment_organisation` ON `assignment` (`organisation_id`);--> statement-breakpoint
CREATE TABLE `copy` (
	`id` text PRIMARY KEY NOT NULL,
	`assignment_id` text NOT NULL,
	`holder` text NOT NULL,
	`person_id` text,
	`group_id` text,
	`lab_id` text,
	`seed` integer NOT NULL,
	`created_at` integer NOT NULL,
	`last_active_at` integer NOT NULL,
	FOREIGN KEY (`assignment_id`) REFERENCES `assignment`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`group_id`) REFERENCES `course_group`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`lab_id`) REFERENCES `lab`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE UNIQUE INDEX `copy_holder` ON `copy` (`assignment_id`,`holder`);--> statement-breakpoint
CREATE INDEX `copy_lab` ON `copy` (`lab_id`);--> statement-breakpoint
CREATE TABLE `course` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`title` text NOT NULL,
	`join_code` text,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`archived_at` integer,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisation`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `course_join_code_unique` ON `course` (`join_code`);--> statement-breakpoint
CREATE INDEX `course_organisation` ON `course` (`organisation_id`);--> statement-breakpoint
CREATE TABLE `course_group` (
	`id` text PRIMARY KEY NOT NULL,
	`course_id` text NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`course_id`) REFERENCES `course`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `course_group_course` ON `course_group` (`course_id`);--> statement-breakpoint
CREATE TABLE `enrolment` (
	`course_id` text NOT NULL,
	`person_id` text NOT NULL,
	`role` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`course_id`, `person_id`),
	FOREIGN KEY (`course_id`) REFERENCES `course`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`person_id`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `enrolment_person` ON `enrolment` (`person_id`);--> statement-breakpoint
CREATE TABLE `extension` (
	`assignment_id` text NOT NULL,
	`person_id` text NOT NULL,
	`due_at` integer,
	`extra_attempts` integer NOT NULL,
	`reason` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`assignment_id`, `person_id`),
	FOREIGN KEY (`assignment_id`) REFERENCES `assignment`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`person_id`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `group_member` (
	`group_id` text NOT NULL,
	`person_id` text NOT NULL,
	PRIMARY KEY(`group_id`, `person_id`),
	FOREIGN KEY (`group_id`) REFERENCES `course_group`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`person_id`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `group_member_person` ON `group_member` (`person_id`);--> statement-breakpoint
CREATE TABLE `stage` (
	`id` text PRIMARY KEY NOT NULL,
	`assignment_id` text NOT NULL,
	`name` text NOT NULL,
	`lab_id` text NOT NULL,
	`given` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`assignment_id`) REFERENCES `assignment`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`lab_id`) REFERENCES `lab`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `stage_assignment` ON `stage` (`assignment_id`);--> statement-breakpoint
CREATE TABLE `comment` (
	`id` text PRIMARY KEY NOT NULL,
	`submission_id` text NOT NULL,
	`check_id` text,
	`text` text NOT NULL,
	`created_by` text NOT NULL,
	`created_by_name` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`submission_id`) REFERENCES `submission`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `comment_submission` ON `comment` (`submission_id`);--> statement-breakpoint
CREATE TABLE `grade` (
	`id` text PRIMARY KEY NOT NULL,
	`submission_id` text NOT NULL,
	`rubric_version` integer NOT NULL,
	`engine_version` integer NOT NULL,
	`points` real NOT NULL,
	`of` real NOT NULL,
	`digest` text NOT NULL,
	`report` text NOT NULL,
	`graded_at` integer NOT NULL,
	`current` integer NOT NULL,
	FOREIGN KEY (`submission_id`) REFERENCES `submission`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `grade_submission` ON `grade` (`submission_id`);--> statement-breakpoint
CREATE TABLE `override` (
	`submission_id` text NOT NULL,
	`check_id` text NOT NULL,
	`points` real NOT NULL,
	`reason` text NOT NULL,
	`created_by` text NOT NULL,
	`created_by_name` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`submission_id`, `check_id`),
	FOREIGN KEY (`submission_id`) REFERENCES `submission`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `regrade_request` (
	`id` text PRIMARY KEY NOT NULL,
	`submission_id` text NOT NULL,
	`check_id` text,
	`text` text NOT NULL,
	`state` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`answer` text,
	`answered_by` text,
	`answered_at` integer,
	FOREIGN KEY (`submission_id`) REFERENCES `submission`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `regrade_request_submission` ON `regrade_request` (`submission_id`);--> statement-breakpoint
CREATE TABLE `submission` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`assignment_id` text NOT NULL,
	`copy_id` text NOT NULL,
	`holder` text NOT NULL,
	`attempt` integer NOT NULL,
	`lab_id` text,
	`submitted_by` text NOT NULL,
	`submitted_at` integer NOT NULL,
	`late_ms` integer NOT NULL,
	`late_percent` real NOT NULL,
	`state` text NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisation`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`assignment_id`) REFERENCES `assignment`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`copy_id`) REFERENCES `copy`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`lab_id`) REFERENCES `lab`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE UNIQUE INDEX `submission_attempt` ON `submission` (`assignment_id`,`holder`,`attempt`);--> statement-breakpoint
CREATE INDEX `submission_organisation` ON `submission` (`organisation_id`,`submitted_at`);--> statement-breakpoint
CREATE INDEX `submission_lab` ON `submission` (`lab_id`);--> statement-breakpoint
ALTER TABLE `lab` ADD `kind` text DEFAULT 'own' NOT NULL;--> statement-breakpoint
ALTER TABLE `lab` ADD `assignment_id` text;--> statement-breakpoint
CREATE INDEX `lab_assignment` ON `lab` (`assignment_id`);