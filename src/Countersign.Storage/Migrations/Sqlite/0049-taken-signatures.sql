-- Signed requests of text providers that are genuine for minutes only, until they are genuine no more: keyed hashes of what was signed.
CREATE TABLE taken_signatures (
    request_hash BLOB NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX taken_signatures_expires_at ON taken_signatures (expires_at);
