CREATE TABLE `copy_progress` (
	`copy_id` text PRIMARY KEY NOT NULL,
	`checks` text NOT NULL,
	`checked_at` integer,
	`progress_at` integer,
	`asked_at` integer,
	`failing_line` text,
	`failing_since` integer,
	`failing_times` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`copy_id`) REFERENCES `copy`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `stage_gift` (
	`stage_id` text NOT NULL,
	`holder` text NOT NULL,
	`given_by` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`stage_id`, `holder`),
	FOREIGN KEY (`stage_id`) REFERENCES `stage`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `copy` ADD `previous_lab_id` text REFERENCES lab(id) ON DELETE set null;--> statement-breakpoint
ALTER TABLE `enrolment` ADD `extra_minutes` integer DEFAULT 0 NOT NULL;