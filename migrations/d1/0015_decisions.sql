CREATE TABLE `address_proof` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`person_id` text NOT NULL,
	`email` text NOT NULL,
	`password_hash` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `address_proof_person_id_unique` ON `address_proof` (`person_id`);--> statement-breakpoint
ALTER TABLE `external_identity` ADD `role` text;--> statement-breakpoint
ALTER TABLE `lti_member` ADD `role` text;