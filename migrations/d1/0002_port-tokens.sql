CREATE TABLE `port_token` (
	`id` text PRIMARY KEY NOT NULL,
	`token_hash` text NOT NULL,
	`organisation_id` text NOT NULL,
	`lab_id` text NOT NULL,
	`port` text NOT NULL,
	`label` text NOT NULL,
	`mac` text,
	`created_by` text NOT NULL,
	`created_by_name` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	`session` text,
	`revoked_at` integer,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisation`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`lab_id`) REFERENCES `lab`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `port_token_token_hash_unique` ON `port_token` (`token_hash`);--> statement-breakpoint
CREATE INDEX `port_token_lab` ON `port_token` (`lab_id`);--> statement-breakpoint
CREATE INDEX `port_token_creator` ON `port_token` (`organisation_id`,`created_by`);