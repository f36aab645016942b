-- Public keys of an API client, a JSON Web Key Set; NULL for a client that has a secret alone.
ALTER TABLE clients ADD COLUMN keys text;
-- Assertions by which clients have shown who they are, until they would have expired.
CREATE TABLE taken_assertions (
    assertion_hash bytea NOT NULL PRIMARY KEY,
    expires_at bigint NOT NULL
);
CREATE INDEX taken_assertions_expires_at ON taken_assertions (expires_at);
