CREATE TABLE `authored_draft` (
	`lab_id` text PRIMARY KEY NOT NULL,
	`revision` integer NOT NULL,
	`definition` text NOT NULL,
	`brief` text NOT NULL,
	`solutions` text NOT NULL,
	`saved_by` text NOT NULL,
	`saved_by_name` text NOT NULL,
	`saved_at` integer NOT NULL,
	FOREIGN KEY (`lab_id`) REFERENCES `authored_lab`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `authored_lab` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`title` text NOT NULL,
	`summary` text NOT NULL,
	`owner_id` text NOT NULL,
	`owner_name` text NOT NULL,
	`state` text NOT NULL,
	`origin` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisation`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `authored_lab_organisation` ON `authored_lab` (`organisation_id`,`updated_at`);--> statement-breakpoint
CREATE TABLE `authored_trial` (
	`lab_id` text NOT NULL,
	`actor_id` text NOT NULL,
	`trial_id` text NOT NULL,
	`sha256` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`lab_id`) REFERENCES `authored_lab`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `authored_trial_actor` ON `authored_trial` (`lab_id`,`actor_id`);--> statement-breakpoint
CREATE TABLE `authored_version` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`lab_id` text NOT NULL,
	`number` integer NOT NULL,
	`title` text NOT NULL,
	`summary` text NOT NULL,
	`definition` text NOT NULL,
	`brief` text NOT NULL,
	`solutions` text NOT NULL,
	`sha256` text NOT NULL,
	`note` text NOT NULL,
	`published_by` text NOT NULL,
	`published_by_name` text NOT NULL,
	`published_at` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisation`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`lab_id`) REFERENCES `authored_lab`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `authored_version_number` ON `authored_version` (`lab_id`,`number`);--> statement-breakpoint
CREATE INDEX `authored_version_organisation` ON `authored_version` (`organisation_id`);--> statement-breakpoint
ALTER TABLE `assignment` ADD `authored_version_id` text;