-- What relying parties are told has happened. An event is stored in the outbox with what makes it true, and gets its place in the order of
-- all when it is published. Bodies are sealed, for the same place in both tables.
CREATE TABLE event_outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,
    project_id TEXT NOT NULL,
    flow_id BLOB,
    event_type TEXT NOT NULL,
    happened_at INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    project_id TEXT NOT NULL,
    flow_id BLOB,
    sequence INTEGER,
    event_type TEXT NOT NULL,
    happened_at INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX events_project_id ON events (project_id, position);
CREATE INDEX events_flow_id ON events (flow_id, sequence) WHERE flow_id IS NOT NULL;
CREATE TABLE event_head (
    id INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    turns INTEGER NOT NULL
);
