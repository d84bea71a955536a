CREATE TABLE `lti_context` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`platform_id` text NOT NULL,
	`deployment_id` text NOT NULL,
	`foreign_id` text NOT NULL,
	`title` text NOT NULL,
	`course_id` text,
	`memberships_url` text,
	`line_items_url` text,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL,
	`roster_at` integer,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisation`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`platform_id`) REFERENCES `lti_platform`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`course_id`) REFERENCES `course`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE UNIQUE INDEX `lti_context_foreign` ON `lti_context` (`platform_id`,`deployment_id`,`foreign_id`);--> statement-breakpoint
CREATE INDEX `lti_context_course` ON `lti_context` (`course_id`);--> statement-breakpoint
CREATE TABLE `lti_deployment` (
	`platform_id` text NOT NULL,
	`deployment_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`platform_id`, `deployment_id`),
	FOREIGN KEY (`platform_id`) REFERENCES `lti_platform`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `lti_key` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`state` text NOT NULL,
	`public_jwk` text NOT NULL,
	`sealed_key` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisation`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `lti_key_state` ON `lti_key` (`organisation_id`,`state`);--> statement-breakpoint
CREATE TABLE `lti_launch` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`platform_id` text NOT NULL,
	`context_id` text,
	`person_id` text NOT NULL,
	`course_role` text NOT NULL,
	`deployment_id` text NOT NULL,
	`message_type` text NOT NULL,
	`link` text,
	`deep_linking` text,
	`path` text NOT NULL,
	`ticket_hash` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`answered_at` integer,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisation`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`platform_id`) REFERENCES `lti_platform`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`context_id`) REFERENCES `lti_context`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`person_id`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `lti_launch_ticket_hash_unique` ON `lti_launch` (`ticket_hash`);--> statement-breakpoint
CREATE INDEX `lti_launch_expires` ON `lti_launch` (`expires_at`);--> statement-breakpoint
CREATE TABLE `lti_line_item` (
	`context_id` text NOT NULL,
	`assignment_id` text NOT NULL,
	`url` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`context_id`, `assignment_id`),
	FOREIGN KEY (`context_id`) REFERENCES `lti_context`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`assignment_id`) REFERENCES `assignment`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `lti_link` (
	`context_id` text NOT NULL,
	`foreign_id` text NOT NULL,
	`assignment_id` text NOT NULL,
	`line_item_url` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`context_id`, `foreign_id`),
	FOREIGN KEY (`context_id`) REFERENCES `lti_context`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`assignment_id`) REFERENCES `assignment`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `lti_link_assignment` ON `lti_link` (`assignment_id`);--> statement-breakpoint
CREATE TABLE `lti_login` (
	`state_hash` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`platform_id` text NOT NULL,
	`nonce_hash` text NOT NULL,
	`browser_hash` text NOT NULL,
	`storage_target` text,
	`request` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisation`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`platform_id`) REFERENCES `lti_platform`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `lti_login_expires` ON `lti_login` (`expires_at`);--> statement-breakpoint
CREATE TABLE `lti_platform` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`name` text NOT NULL,
	`issuer` text NOT NULL,
	`client_id` text NOT NULL,
	`auth_url` text NOT NULL,
	`token_url` text NOT NULL,
	`jwks_url` text NOT NULL,
	`token_audience` text,
	`frame_origins` text NOT NULL,
	`instructor_role` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_launch_at` integer,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisation`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `lti_platform_client` ON `lti_platform` (`organisation_id`,`issuer`,`client_id`);--> statement-breakpoint
CREATE TABLE `lti_return` (
	`context_id` text NOT NULL,
	`assignment_id` text NOT NULL,
	`person_id` text NOT NULL,
	`organisation_id` text NOT NULL,
	`submission_id` text NOT NULL,
	`state` text NOT NULL,
	`points` real,
	`of` real,
	`sent` text,
	`timestamp` integer NOT NULL,
	`error` text,
	`attempts` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`context_id`, `assignment_id`, `person_id`),
	FOREIGN KEY (`context_id`) REFERENCES `lti_context`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`assignment_id`) REFERENCES `assignment`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`person_id`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisation`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `lti_return_organisation` ON `lti_return` (`organisation_id`,`state`);