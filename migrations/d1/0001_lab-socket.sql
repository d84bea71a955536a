CREATE TABLE `lab_socket` (
	`actor_id` text NOT NULL,
	`lab_id` text NOT NULL,
	`opened_at` integer NOT NULL,
	PRIMARY KEY(`actor_id`, `lab_id`),
	FOREIGN KEY (`lab_id`) REFERENCES `lab`(`id`) ON UPDATE no action ON DELETE cascade
);
