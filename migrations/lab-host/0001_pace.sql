CREATE TABLE `pace` (
	`id` integer PRIMARY KEY NOT NULL,
	`running` integer NOT NULL,
	`speed` real NOT NULL,
	`absence` text NOT NULL,
	`left_at` integer
);
