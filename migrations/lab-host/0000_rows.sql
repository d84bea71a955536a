CREATE TABLE `clock` (
	`id` integer PRIMARY KEY NOT NULL,
	`engine` integer NOT NULL,
	`state` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `frame_block` (
	`first_sequence` integer PRIMARY KEY NOT NULL,
	`last_sequence` integer NOT NULL,
	`first_time` integer NOT NULL,
	`last_time` integer NOT NULL,
	`bytes` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `journal` (
	`id` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`console` text NOT NULL,
	`by_person` text NOT NULL,
	`by_name` text NOT NULL,
	`wall` integer NOT NULL,
	`started` integer NOT NULL,
	`ended` integer,
	`prompt` text NOT NULL,
	`line` text NOT NULL,
	`output` blob NOT NULL,
	`exit_status` integer,
	`status` text NOT NULL,
	`client_id` text,
	`answer` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `journal_client_id_unique` ON `journal` (`client_id`);--> statement-breakpoint
CREATE INDEX `journal_open` ON `journal` (`id`) WHERE status <> 'done';--> statement-breakpoint
CREATE TABLE `lab` (
	`id` integer PRIMARY KEY NOT NULL,
	`definition` text NOT NULL,
	`parsed` text NOT NULL,
	`parsed_format` integer NOT NULL,
	`brief` text NOT NULL,
	`seed` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `part` (
	`name` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`version` integer NOT NULL,
	`data` text NOT NULL
) WITHOUT ROWID;
