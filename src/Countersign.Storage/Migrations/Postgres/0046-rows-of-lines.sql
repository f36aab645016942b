-- number_form is 2 for rows that stand under the key of their line, which is kept apart from the store. The others are looked at in the
-- background.
DROP INDEX identities_number_form;
CREATE INDEX identities_number_form ON identities (id) WHERE number_form < 2;

DROP INDEX person_records_number_form;
CREATE INDEX person_records_number_form ON person_records (seq) WHERE number_form < 2;
