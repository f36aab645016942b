-- What was done, by whom, to what: decision 30. Entries wait in audit_waiting, where every call adds a row of its own and no two wait for each other; they
-- are linked into audit_entries soon, in the order of their positions. Filters stand in clear beside the sealed text and must agree with it.
CREATE TABLE audit_waiting (
    writer text NOT NULL,
    number bigint NOT NULL,
    created_at bigint NOT NULL,
    is_open bigint NOT NULL,
    body bytea NOT NULL,
    subject bytea,
    PRIMARY KEY (writer, number)
);

CREATE TABLE audit_entries (
    position bigint PRIMARY KEY,
    writer text NOT NULL,
    number bigint NOT NULL,
    happened_at bigint NOT NULL,
    actor text NOT NULL,
    act text NOT NULL,
    project_id text,
    target text,
    subject_hash bytea,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    body bytea NOT NULL,
    subject bytea,
    UNIQUE (writer, number)
);
CREATE INDEX audit_entries_subject_hash ON audit_entries (subject_hash) WHERE subject_hash IS NOT NULL;

CREATE TABLE audit_checkpoints (
    kind text NOT NULL,
    position bigint NOT NULL,
    made_at bigint NOT NULL,
    body text NOT NULL,
    signature bytea NOT NULL,
    PRIMARY KEY (kind, position)
);

-- The key that signs checkpoints, and what the last start found in the configuration: one row each.
CREATE TABLE audit_state (
    id text PRIMARY KEY,
    body bytea NOT NULL
);
