CREATE TABLE `input_block` (
	`id` integer PRIMARY KEY NOT NULL,
	`line` integer NOT NULL,
	`branch` integer NOT NULL,
	`frames` integer NOT NULL,
	`bytes` blob NOT NULL
);
