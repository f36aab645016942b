-- Columns named body are sealed; number_hash, record_hash and digest are keyed. No other column holds personal data.

-- stage is 0 for records that count; else the import whose commit they wait for. kept_from is when their time of retention begins.
CREATE TABLE person_records (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number_hash bytea NOT NULL,
    record_hash bytea NOT NULL,
    stage bigint NOT NULL,
    source text NOT NULL,
    import_id bigint NOT NULL,
    line bigint NOT NULL,
    revision bigint NOT NULL,
    kept_from bigint NOT NULL,
    digest bytea NOT NULL,
    body bytea NOT NULL
);
ALTER TABLE person_records ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX person_records_key ON person_records (number_hash, record_hash, stage);
CREATE INDEX person_records_source ON person_records (source, stage);
CREATE INDEX person_records_kept_from ON person_records (kept_from);
CREATE INDEX person_records_stage ON person_records (stage, seq) WHERE stage <> 0;

CREATE TABLE record_imports (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source text NOT NULL,
    state bigint NOT NULL,
    is_dry_run bigint NOT NULL,
    plan text NOT NULL,
    next_line bigint NOT NULL,
    added bigint NOT NULL,
    changed bigint NOT NULL,
    unchanged bigint NOT NULL,
    repeated bigint NOT NULL,
    bad bigint NOT NULL,
    begun_at bigint NOT NULL,
    touched_at bigint NOT NULL
);
-- One import of a source at a time, from its first line until its records stand where the others are.
CREATE UNIQUE INDEX record_imports_active ON record_imports (source) WHERE state IN (1, 2) AND is_dry_run = 0;
CREATE INDEX record_imports_unfinished ON record_imports (state, id) WHERE state IN (1, 2, 4);

-- When possession of a number was last proven to a project: what number recycling is asked for.
CREATE TABLE verified_numbers (
    project_id text NOT NULL,
    number_hash bytea NOT NULL,
    verified_at bigint NOT NULL,
    PRIMARY KEY (project_id, number_hash)
);
CREATE INDEX verified_numbers_verified_at ON verified_numbers (verified_at);
