-- What became of flows: an outcome takes the place of a flow whose life is over. The body is sealed; of the rest only two columns are of
-- anybody's, and they hold keyed hashes of the relying party's ids. Ids are in the order of time.
-- A row with its body is more than a kilobyte: see flows.
CREATE TABLE outcomes (
    seq INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    project_id TEXT NOT NULL,
    product TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    flow_end TEXT NOT NULL,
    country TEXT,
    line BLOB,
    client_request_hash BLOB,
    client_customer_hash BLOB,
    body BLOB NOT NULL
);
CREATE INDEX outcomes_project_id ON outcomes (project_id, id);
CREATE INDEX outcomes_end ON outcomes (project_id, flow_end, id);
CREATE INDEX outcomes_line ON outcomes (line, id) WHERE line IS NOT NULL;
CREATE INDEX outcomes_client_request_hash ON outcomes (client_request_hash, id) WHERE client_request_hash IS NOT NULL;
CREATE INDEX outcomes_client_customer_hash ON outcomes (client_customer_hash, id) WHERE client_customer_hash IS NOT NULL;
-- How a flow has ended, for searches while its row is there; null while something may still come of it.
ALTER TABLE flows ADD COLUMN flow_end TEXT;
ALTER TABLE flows ADD COLUMN ended_at INTEGER;
