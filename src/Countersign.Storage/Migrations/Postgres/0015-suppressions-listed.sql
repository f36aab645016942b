-- masked: the number's first and last digits, sealed, for lists; NULL where it was not kept.
ALTER TABLE suppressions ADD COLUMN masked bytea;
-- Signed requests of text providers that were acted upon, for a day.
CREATE TABLE taken_requests (
    request_hash bytea NOT NULL PRIMARY KEY,
    taken_at bigint NOT NULL
);
CREATE INDEX taken_requests_taken_at ON taken_requests (taken_at);
