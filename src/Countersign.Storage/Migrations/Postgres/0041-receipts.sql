-- Receipts that relying parties have asked for: of each flow one and the same. They hold nothing of a person but salted digests, and are
-- sealed as the rest is.
CREATE TABLE receipts (
    flow_id bytea PRIMARY KEY,
    project_id text NOT NULL,
    kept_until bigint NOT NULL,
    receipt bytea NOT NULL
);
CREATE INDEX receipts_kept_until ON receipts (kept_until);
CREATE INDEX receipts_project_id ON receipts (project_id);
-- The public halves of keys that have signed receipts: published for years after their private halves are gone. Sealed, so that nobody who
-- can write here makes a key that this server answers for.
CREATE TABLE receipt_keys (
    id text PRIMARY KEY,
    public_key bytea NOT NULL,
    published_until bigint NOT NULL
);
