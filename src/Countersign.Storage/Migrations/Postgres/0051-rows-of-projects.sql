-- number_form is 3 for rows that stand under the key of their project as well as that of their line; both are kept apart from the store.
-- Identities that do not are looked at in the background; of a moment there is a hash alone, and it goes with its time.
DROP INDEX identities_number_form;
CREATE INDEX identities_number_form ON identities (id) WHERE number_form < 3;

ALTER TABLE verified_numbers ADD COLUMN number_form bigint NOT NULL DEFAULT 0;
