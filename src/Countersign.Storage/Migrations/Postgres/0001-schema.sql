-- Times are Unix milliseconds. Columns named state (flows), body, answer and private_key are sealed; no other column holds personal data.
-- What is sealed cannot be compressed: EXTERNAL saves the attempt. Rows are rewritten a few times in their short lives: room is left for it.

CREATE TABLE flows (
    id bytea PRIMARY KEY,
    project_id text NOT NULL,
    product text NOT NULL,
    expires_at bigint NOT NULL,
    next_deadline bigint,
    link_hash bytea,
    last_text bytea,
    version bigint NOT NULL,
    state bytea NOT NULL
) WITH (fillfactor = 70);
ALTER TABLE flows ALTER COLUMN state SET STORAGE EXTERNAL;
CREATE INDEX flows_next_deadline ON flows (next_deadline) WHERE next_deadline IS NOT NULL;
CREATE INDEX flows_link_hash ON flows (link_hash) WHERE link_hash IS NOT NULL;

CREATE TABLE texts (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id bytea NOT NULL UNIQUE,
    flow_id bytea NOT NULL,
    to_hash bytea NOT NULL,
    kind bigint NOT NULL,
    state bigint NOT NULL,
    created_at bigint NOT NULL,
    sent_at bigint,
    body bytea NOT NULL
);
ALTER TABLE texts ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX texts_to_hash ON texts (to_hash);
CREATE INDEX texts_queued ON texts (created_at) WHERE state = 0;

CREATE TABLE projects (
    id text PRIMARY KEY,
    name text NOT NULL,
    settings text NOT NULL
);

CREATE TABLE clients (
    id text PRIMARY KEY,
    project_id text NOT NULL,
    secret_hash bytea NOT NULL
);

CREATE TABLE keys (
    id text PRIMARY KEY,
    private_key bytea NOT NULL,
    created_at bigint NOT NULL
);

CREATE TABLE idempotency (
    key_hash bytea PRIMARY KEY,
    body_hash bytea NOT NULL,
    created_at bigint NOT NULL,
    answer bytea
);
CREATE INDEX idempotency_created_at ON idempotency (created_at);

CREATE TABLE settings (
    name text PRIMARY KEY,
    value bigint NOT NULL
);
