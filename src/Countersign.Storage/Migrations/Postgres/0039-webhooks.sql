-- Where events are sent. The address and the secrets are sealed, with the columns that decide who gets what. A delivery is a row while it is
-- to be tried (due_at), or until its event goes, once it was given up (dead_at); one that was taken has none.
CREATE TABLE webhooks (
    id text PRIMARY KEY,
    project_id text NOT NULL,
    event_types text NOT NULL,
    is_on bigint NOT NULL,
    version bigint NOT NULL,
    body bytea NOT NULL
);
CREATE INDEX webhooks_project_id ON webhooks (project_id);
CREATE TABLE webhook_deliveries (
    webhook_id text NOT NULL,
    position bigint NOT NULL,
    first_at bigint NOT NULL,
    due_at bigint,
    attempts bigint NOT NULL,
    lease bytea,
    outcome text,
    dead_at bigint,
    PRIMARY KEY (webhook_id, position)
);
CREATE INDEX webhook_deliveries_due_at ON webhook_deliveries (webhook_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX webhook_deliveries_position ON webhook_deliveries (position);
