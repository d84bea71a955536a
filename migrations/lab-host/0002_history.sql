CREATE TABLE `branch` (
	`id` integer PRIMARY KEY NOT NULL,
	`parent` integer NOT NULL,
	`after` integer NOT NULL,
	`line` integer NOT NULL,
	`left_from` integer NOT NULL,
	`first_sequence` integer NOT NULL,
	`last_packet` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `part_group` (
	`name` text PRIMARY KEY NOT NULL,
	`data` text NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `snapshot` (
	`line` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`automatic` integer NOT NULL,
	`at` integer NOT NULL,
	`state` blob NOT NULL
);
--> statement-breakpoint
ALTER TABLE `journal` ADD `at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `journal` ADD `branch` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `journal` ADD `engine` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `journal` ADD `operation` text;--> statement-breakpoint
ALTER TABLE `journal` ADD `digest` text DEFAULT '' NOT NULL;--> statement-breakpoint
UPDATE `journal` SET `at` = `started`;
