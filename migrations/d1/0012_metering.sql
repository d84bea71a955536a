CREATE TABLE `erasure` (
	`organisation_id` text NOT NULL,
	`lab_id` text NOT NULL,
	`person_id` text NOT NULL,
	`alias_id` text NOT NULL,
	`alias_name` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`lab_id`, `person_id`),
	FOREIGN KEY (`organisation_id`) REFERENCES `organisation`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`lab_id`) REFERENCES `lab`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `erasure_organisation` ON `erasure` (`organisation_id`);