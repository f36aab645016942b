-- What became of flows: an outcome takes the place of a flow whose life is over. The body is sealed; of the rest only two columns are of
-- anybody's, and they hold keyed hashes of the relying party's ids. Ids are in the order of time.
CREATE TABLE outcomes (
    id bytea PRIMARY KEY,
    project_id text NOT NULL,
    product text NOT NULL,
    begun_at bigint NOT NULL,
    ended_at bigint NOT NULL,
    flow_end text NOT NULL,
    country text,
    line bytea,
    client_request_hash bytea,
    client_customer_hash bytea,
    body bytea NOT NULL
);
-- What is sealed cannot be compressed.
ALTER TABLE outcomes ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX outcomes_project_id ON outcomes (project_id, id);
CREATE INDEX outcomes_end ON outcomes (project_id, flow_end, id);
CREATE INDEX outcomes_line ON outcomes (line, id) WHERE line IS NOT NULL;
CREATE INDEX outcomes_client_request_hash ON outcomes (client_request_hash, id) WHERE client_request_hash IS NOT NULL;
CREATE INDEX outcomes_client_customer_hash ON outcomes (client_customer_hash, id) WHERE client_customer_hash IS NOT NULL;
-- How a flow has ended, for searches while its row is there; null while something may still come of it.
ALTER TABLE flows ADD COLUMN flow_end text;
ALTER TABLE flows ADD COLUMN ended_at bigint;
