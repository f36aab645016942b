-- What was done, by whom, to what: decision 30. Entries wait in audit_waiting, where every call adds a row of its own and no two wait for each other; they
-- are linked into audit_entries soon, in the order of their positions. Filters stand in clear beside the sealed text and must agree with it.
CREATE TABLE audit_waiting (
    writer TEXT NOT NULL,
    number INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    is_open INTEGER NOT NULL,
    body BLOB NOT NULL,
    subject BLOB,
    PRIMARY KEY (writer, number)
);

CREATE TABLE audit_entries (
    position INTEGER PRIMARY KEY,
    writer TEXT NOT NULL,
    number INTEGER NOT NULL,
    happened_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    project_id TEXT,
    target TEXT,
    subject_hash BLOB,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL,
    body BLOB NOT NULL,
    subject BLOB,
    UNIQUE (writer, number)
);
CREATE INDEX audit_entries_subject_hash ON audit_entries (subject_hash) WHERE subject_hash IS NOT NULL;

CREATE TABLE audit_checkpoints (
    kind TEXT NOT NULL,
    position INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (kind, position)
);

-- The key that signs checkpoints, and what the last start found in the configuration: one row each.
CREATE TABLE audit_state (
    id TEXT PRIMARY KEY,
    body BLOB NOT NULL
);
