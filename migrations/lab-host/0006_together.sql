CREATE TABLE `chat` (
	`id` integer PRIMARY KEY NOT NULL,
	`person_id` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`wall` integer NOT NULL,
	`at` integer NOT NULL,
	`line` integer NOT NULL,
	`text` text NOT NULL,
	`removed_by` text,
	`removed_by_name` text
);
--> statement-breakpoint
CREATE TABLE `terminal` (
	`console` text PRIMARY KEY NOT NULL,
	`person_id` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`used_at` integer NOT NULL,
	`line` integer
);
--> statement-breakpoint
CREATE TABLE `terminal_ask` (
	`console` text NOT NULL,
	`person_id` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`asked_at` integer NOT NULL,
	PRIMARY KEY(`console`, `person_id`)
);
