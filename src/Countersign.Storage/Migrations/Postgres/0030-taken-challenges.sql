-- Challenges that relying parties have named, until they may be named again: keyed hashes of their ids and of the call that did.
CREATE TABLE taken_challenges (
    challenge_hash bytea NOT NULL PRIMARY KEY,
    call_hash bytea NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX taken_challenges_expires_at ON taken_challenges (expires_at);
