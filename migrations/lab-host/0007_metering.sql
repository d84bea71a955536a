CREATE TABLE `meter` (
	`id` integer PRIMARY KEY NOT NULL,
	`live_ms` integer NOT NULL,
	`live_allowed` integer NOT NULL
);
