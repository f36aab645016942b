-- number_form is 0 for rows whose number may be in another form than its numbering plan's, as it was typed: those of earlier versions, and of servers
-- of such a version that still run. 1: in that form. Rows are looked at in the background.
ALTER TABLE identities ADD COLUMN number_form INTEGER NOT NULL DEFAULT 0;
CREATE INDEX identities_number_form ON identities (id) WHERE number_form = 0;

ALTER TABLE person_records ADD COLUMN number_form INTEGER NOT NULL DEFAULT 0;
CREATE INDEX person_records_number_form ON person_records (seq) WHERE number_form = 0;

-- Ids of identities that were another one's line: identity_id answers for them.
CREATE TABLE identity_aliases (
    id BLOB PRIMARY KEY,
    project_id TEXT NOT NULL,
    identity_id BLOB NOT NULL
);
CREATE INDEX identity_aliases_identity_id ON identity_aliases (identity_id);
