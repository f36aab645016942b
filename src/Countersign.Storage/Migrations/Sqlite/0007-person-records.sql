-- Columns named body are sealed; number_hash, record_hash and digest are keyed. No other column holds personal data.

-- stage is 0 for records that count; else the import whose commit they wait for. kept_from is when their time of retention begins.
CREATE TABLE person_records (
    seq INTEGER PRIMARY KEY,
    number_hash BLOB NOT NULL,
    record_hash BLOB NOT NULL,
    stage INTEGER NOT NULL,
    source TEXT NOT NULL,
    import_id INTEGER NOT NULL,
    line INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    kept_from INTEGER NOT NULL,
    digest BLOB NOT NULL,
    body BLOB NOT NULL
);
CREATE UNIQUE INDEX person_records_key ON person_records (number_hash, record_hash, stage);
CREATE INDEX person_records_source ON person_records (source, stage);
CREATE INDEX person_records_kept_from ON person_records (kept_from);
CREATE INDEX person_records_stage ON person_records (stage, seq) WHERE stage <> 0;

CREATE TABLE record_imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    state INTEGER NOT NULL,
    is_dry_run INTEGER NOT NULL,
    plan TEXT NOT NULL,
    next_line INTEGER NOT NULL,
    added INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    repeated INTEGER NOT NULL,
    bad INTEGER NOT NULL,
    begun_at INTEGER NOT NULL,
    touched_at INTEGER NOT NULL
);
-- One import of a source at a time, from its first line until its records stand where the others are.
CREATE UNIQUE INDEX record_imports_active ON record_imports (source) WHERE state IN (1, 2) AND is_dry_run = 0;
CREATE INDEX record_imports_unfinished ON record_imports (state, id) WHERE state IN (1, 2, 4);

-- When possession of a number was last proven to a project: what number recycling is asked for.
CREATE TABLE verified_numbers (
    project_id TEXT NOT NULL,
    number_hash BLOB NOT NULL,
    verified_at INTEGER NOT NULL,
    PRIMARY KEY (project_id, number_hash)
) WITHOUT ROWID;
CREATE INDEX verified_numbers_verified_at ON verified_numbers (verified_at);
