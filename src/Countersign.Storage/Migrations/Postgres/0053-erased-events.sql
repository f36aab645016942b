-- Where events stood that were erased: who polls and has come as far as one of them goes on behind it. Nothing is left of what they told.
CREATE TABLE erased_events (
    id bytea NOT NULL PRIMARY KEY,
    project_id text NOT NULL,
    position bigint NOT NULL,
    happened_at bigint NOT NULL
);
CREATE INDEX erased_events_happened_at ON erased_events (happened_at);
