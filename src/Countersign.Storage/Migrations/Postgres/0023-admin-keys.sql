-- Keys of the admin API: the keyed hash of each secret, its scopes and its projects in words (NULL: all of them). A key that has ended stays.
CREATE TABLE admin_keys (
    name text NOT NULL PRIMARY KEY,
    secret_hash bytea NOT NULL,
    scopes text NOT NULL,
    projects text,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    expires_at bigint,
    ended_at bigint
);
