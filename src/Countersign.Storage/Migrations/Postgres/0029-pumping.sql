-- What was counted of texts, in cells of some minutes that every node adds to. The key is a keyed hash of a prefix, a country, a block of
-- numbers or an address; the item tells what of it.
CREATE TABLE text_traffic (
    traffic_key bytea NOT NULL,
    counted_at bigint NOT NULL,
    item bigint NOT NULL,
    asked bigint NOT NULL,
    proven bigint NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (traffic_key, counted_at, item)
);
CREATE INDEX text_traffic_expires_at ON text_traffic (expires_at);
-- What rules hold and administrators allow or deny. The target is a keyed hash, the label sealed; counted, max and seconds are a rule's
-- evidence.
CREATE TABLE abuse_entries (
    id bytea NOT NULL PRIMARY KEY,
    target_key bytea NOT NULL,
    target text NOT NULL,
    verdict text NOT NULL,
    label bytea NOT NULL,
    rule text,
    counted bigint,
    max bigint,
    seconds bigint,
    mode text NOT NULL,
    made_by text,
    created_at bigint NOT NULL,
    ends_at bigint NOT NULL
);
CREATE INDEX abuse_entries_target_key ON abuse_entries (target_key, ends_at);
CREATE INDEX abuse_entries_ends_at ON abuse_entries (ends_at);
CREATE INDEX abuse_entries_created_at ON abuse_entries (created_at);
