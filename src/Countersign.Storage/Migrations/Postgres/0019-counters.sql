-- What is counted between flows. The key is a keyed hash of what is counted and of whom; charges are moments, costs and tags.
-- charge_id names the change that was made with it last, in the counter and in the flow that it belongs to.
CREATE TABLE counters (
    counter_key bytea NOT NULL PRIMARY KEY,
    version bigint NOT NULL,
    charge_id bytea NOT NULL,
    expires_at bigint NOT NULL,
    charges bytea NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX counters_expires_at ON counters (expires_at);
ALTER TABLE flows ADD COLUMN charge_id bytea;
