-- Challenges that relying parties have named, until they may be named again: keyed hashes of their ids and of the call that did.
CREATE TABLE taken_challenges (
    challenge_hash BLOB NOT NULL PRIMARY KEY,
    call_hash BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX taken_challenges_expires_at ON taken_challenges (expires_at);
