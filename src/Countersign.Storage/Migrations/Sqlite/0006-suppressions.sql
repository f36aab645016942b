-- Persons who said STOP, until they say START. An empty sender is every sender.
CREATE TABLE suppressions (
    number_hash BLOB NOT NULL,
    sender TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (number_hash, sender)
) WITHOUT ROWID;
