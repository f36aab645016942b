-- Where events are sent. The address and the secrets are sealed, with the columns that decide who gets what. A delivery is a row while it is
-- to be tried (due_at), or until its event goes, once it was given up (dead_at); one that was taken has none.
CREATE TABLE webhooks (
    id TEXT PRIMARY KEY,
    project_id TEXT NOT NULL,
    event_types TEXT NOT NULL,
    is_on INTEGER NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX webhooks_project_id ON webhooks (project_id);
CREATE TABLE webhook_deliveries (
    webhook_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    due_at INTEGER,
    attempts INTEGER NOT NULL,
    lease BLOB,
    outcome TEXT,
    dead_at INTEGER,
    PRIMARY KEY (webhook_id, position)
);
CREATE INDEX webhook_deliveries_due_at ON webhook_deliveries (webhook_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX webhook_deliveries_position ON webhook_deliveries (position);
