-- Keys of the admin API: the keyed hash of each secret, its scopes and its projects in words (NULL: all of them). A key that has ended stays.
CREATE TABLE admin_keys (
    name TEXT NOT NULL PRIMARY KEY,
    secret_hash BLOB NOT NULL,
    scopes TEXT NOT NULL,
    projects TEXT,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    expires_at INTEGER,
    ended_at INTEGER
) WITHOUT ROWID;
