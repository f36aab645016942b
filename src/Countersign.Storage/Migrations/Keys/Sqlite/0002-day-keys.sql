-- A secret of each day, encrypted, with which rows of short life are sealed. It is destroyed when none can be alive any more.
CREATE TABLE day_keys (
    kept_for INTEGER NOT NULL,
    day INTEGER NOT NULL,
    secret BLOB NOT NULL,
    PRIMARY KEY (kept_for, day)
) WITHOUT ROWID;
