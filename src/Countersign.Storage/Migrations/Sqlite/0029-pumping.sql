-- What was counted of texts, in cells of some minutes that every node adds to. The key is a keyed hash of a prefix, a country, a block of
-- numbers or an address; the item tells what of it.
CREATE TABLE text_traffic (
    traffic_key BLOB NOT NULL,
    counted_at INTEGER NOT NULL,
    item INTEGER NOT NULL,
    asked INTEGER NOT NULL,
    proven INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (traffic_key, counted_at, item)
) WITHOUT ROWID;
CREATE INDEX text_traffic_expires_at ON text_traffic (expires_at);
-- What rules hold and administrators allow or deny. The target is a keyed hash, the label sealed; counted, max and seconds are a rule's
-- evidence.
CREATE TABLE abuse_entries (
    id BLOB NOT NULL PRIMARY KEY,
    target_key BLOB NOT NULL,
    target TEXT NOT NULL,
    verdict TEXT NOT NULL,
    label BLOB NOT NULL,
    rule TEXT,
    counted INTEGER,
    max INTEGER,
    seconds INTEGER,
    mode TEXT NOT NULL,
    made_by TEXT,
    created_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX abuse_entries_target_key ON abuse_entries (target_key, ends_at);
CREATE INDEX abuse_entries_ends_at ON abuse_entries (ends_at);
CREATE INDEX abuse_entries_created_at ON abuse_entries (created_at);
