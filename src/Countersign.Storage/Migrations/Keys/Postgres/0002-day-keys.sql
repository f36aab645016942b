-- A secret of each day, encrypted, with which rows of short life are sealed. It is destroyed when none can be alive any more.
CREATE TABLE day_keys (
    kept_for bigint NOT NULL,
    day bigint NOT NULL,
    secret bytea NOT NULL,
    PRIMARY KEY (kept_for, day)
);
