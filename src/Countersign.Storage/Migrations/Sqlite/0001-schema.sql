-- Times are Unix milliseconds. Columns named state (flows), body, answer and private_key are sealed; no other column holds personal data.

-- A row with its state is about a kilobyte: a table WITHOUT ROWID would put what exceeds a quarter of a page on a page of its own.
CREATE TABLE flows (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    project_id TEXT NOT NULL,
    product TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    next_deadline INTEGER,
    link_hash BLOB,
    last_text BLOB,
    version INTEGER NOT NULL,
    state BLOB NOT NULL
);
CREATE INDEX flows_next_deadline ON flows (next_deadline) WHERE next_deadline IS NOT NULL;
CREATE INDEX flows_link_hash ON flows (link_hash) WHERE link_hash IS NOT NULL;

CREATE TABLE texts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    flow_id BLOB NOT NULL,
    to_hash BLOB NOT NULL,
    kind INTEGER NOT NULL,
    state INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    sent_at INTEGER,
    body BLOB NOT NULL
);
CREATE INDEX texts_to_hash ON texts (to_hash);
CREATE INDEX texts_queued ON texts (created_at) WHERE state = 0;

CREATE TABLE projects (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    settings TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE clients (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    secret_hash BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    private_key BLOB NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE idempotency (
    key_hash BLOB PRIMARY KEY,
    body_hash BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    answer BLOB
);
CREATE INDEX idempotency_created_at ON idempotency (created_at);

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;
