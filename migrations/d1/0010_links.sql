CREATE TABLE `lab_guest` (
	`lab_id` text NOT NULL,
	`person_id` text NOT NULL,
	`link_id` text NOT NULL,
	`organisation_id` text NOT NULL,
	`role` text NOT NULL,
	`opened_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`lab_id`, `person_id`, `link_id`),
	FOREIGN KEY (`lab_id`) REFERENCES `lab`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`person_id`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisation`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `lab_guest_link` ON `lab_guest` (`link_id`);--> statement-breakpoint
CREATE TABLE `lab_link` (
	`id` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`organisation_id` text NOT NULL,
	`lab_id` text NOT NULL,
	`kind` text NOT NULL,
	`role` text,
	`mode` text,
	`line` integer,
	`at` integer,
	`label` text NOT NULL,
	`created_by` text NOT NULL,
	`created_by_name` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`max_uses` integer,
	`uses` integer DEFAULT 0 NOT NULL,
	`revoked_at` integer,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisation`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`lab_id`) REFERENCES `lab`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `lab_link_token_hash_unique` ON `lab_link` (`token_hash`);--> statement-breakpoint
CREATE INDEX `lab_link_lab` ON `lab_link` (`lab_id`);--> statement-breakpoint
CREATE TABLE `lab_view` (
	`lab_id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`of_lab` text NOT NULL,
	`link_id` text,
	`actor_id` text NOT NULL,
	`line` integer,
	`at` integer,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`lab_id`) REFERENCES `lab`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisation`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `lab_view_actor` ON `lab_view` (`organisation_id`,`actor_id`);--> statement-breakpoint
CREATE INDEX `lab_view_link` ON `lab_view` (`link_id`);