-- Keyed hashes by which support finds a flow while it lives. Flows that were there before are found by their ids alone.
ALTER TABLE flows ADD COLUMN client_request_hash BLOB;
ALTER TABLE flows ADD COLUMN client_customer_hash BLOB;
ALTER TABLE flows ADD COLUMN number_hash BLOB;
CREATE INDEX flows_client_request_hash ON flows (client_request_hash) WHERE client_request_hash IS NOT NULL;
CREATE INDEX flows_client_customer_hash ON flows (client_customer_hash) WHERE client_customer_hash IS NOT NULL;
CREATE INDEX flows_number_hash ON flows (number_hash) WHERE number_hash IS NOT NULL;
