CREATE TABLE `change_log` (
	`id` integer PRIMARY KEY NOT NULL,
	`line` integer NOT NULL,
	`changes` text NOT NULL
);
