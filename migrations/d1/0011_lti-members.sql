CREATE TABLE `lti_member` (
	`context_id` text NOT NULL,
	`person_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`context_id`, `person_id`),
	FOREIGN KEY (`context_id`) REFERENCES `lti_context`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`person_id`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `lti_member_person` ON `lti_member` (`person_id`);--> statement-breakpoint
ALTER TABLE `lti_return` DROP COLUMN `submission_id`;--> statement-breakpoint
ALTER TABLE `lti_return` ADD `holder` text DEFAULT '' NOT NULL;