-- Where events stood that were erased: who polls and has come as far as one of them goes on behind it. Nothing is left of what they told.
CREATE TABLE erased_events (
    id BLOB NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    happened_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX erased_events_happened_at ON erased_events (happened_at);
