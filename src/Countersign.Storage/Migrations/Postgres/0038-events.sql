-- What relying parties are told has happened. An event is stored in the outbox with what makes it true, and gets its place in the order of
-- all when it is published, which one node does at a time: event_head's row is what they wait for. Bodies are sealed, for the same place
-- in both tables.
CREATE TABLE event_outbox (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id bytea NOT NULL,
    project_id text NOT NULL,
    flow_id bytea,
    event_type text NOT NULL,
    happened_at bigint NOT NULL,
    body bytea NOT NULL
);
CREATE TABLE events (
    position bigint PRIMARY KEY,
    id bytea NOT NULL UNIQUE,
    project_id text NOT NULL,
    flow_id bytea,
    sequence bigint,
    event_type text NOT NULL,
    happened_at bigint NOT NULL,
    body bytea NOT NULL
);
CREATE INDEX events_project_id ON events (project_id, position);
CREATE INDEX events_flow_id ON events (flow_id, sequence) WHERE flow_id IS NOT NULL;
CREATE TABLE event_head (
    id bigint PRIMARY KEY,
    position bigint NOT NULL,
    turns bigint NOT NULL
);
