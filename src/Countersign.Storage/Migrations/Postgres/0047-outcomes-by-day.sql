-- Outcomes stand in a table for each day (UTC) on which their flows began, which is dropped when its time is over: no row of it is deleted
-- one by one, and nothing is left for a vacuum. Ids begin with the time in milliseconds (RFC 9562, section 5.7), so a range of ids is a
-- range of time. What belongs to no day that there is a table for stands in the last one.

CREATE FUNCTION outcome_id_at(moment timestamptz) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT substring(int8send(CAST(extract(epoch FROM moment) * 1000 AS bigint) << 16) FROM 1 FOR 6) || '\x00000000000000000000'::bytea
$$;

-- Takes the table and its days, for the rest of the transaction; false where somebody else has one of them, who is waited for so shortly
-- that those who come after us notice nothing.
CREATE FUNCTION take_outcomes() RETURNS boolean LANGUAGE plpgsql SET lock_timeout = '100ms' AS $$
BEGIN
    LOCK TABLE outcomes IN ACCESS EXCLUSIVE MODE;
    RETURN true;
EXCEPTION
    WHEN lock_not_available OR deadlock_detected THEN RETURN false;
END
$$;

-- Makes the days from one moment to another, both included, for which there is no table yet, and says whether all are there. A day of which
-- rows are elsewhere stays as it is.
CREATE FUNCTION make_outcome_days(first_moment bigint, last_moment bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    begins timestamptz := date_trunc('day', to_timestamp(first_moment / 1000.0) AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
    is_taken boolean := false;
    low bytea;
    high bytea;
    name text;
BEGIN
    WHILE begins <= to_timestamp(last_moment / 1000.0) LOOP
        name := 'outcomes_' || to_char(begins AT TIME ZONE 'UTC', 'YYYYMMDD');
        low := outcome_id_at(begins);
        high := outcome_id_at(begins + interval '24 hours');
        IF to_regclass(name) IS NULL THEN
            IF NOT is_taken AND NOT take_outcomes() THEN
                RETURN false;
            END IF;
            is_taken := true;
            -- Another node may have been faster.
            IF to_regclass(name) IS NULL AND NOT EXISTS (SELECT 1 FROM outcomes_other WHERE id >= low AND id < high) THEN
                EXECUTE format('CREATE TABLE %I PARTITION OF outcomes FOR VALUES FROM (%L) TO (%L)', name, low, high);
            END IF;
        END IF;
        begins := begins + interval '24 hours';
    END LOOP;
    RETURN true;
END
$$;

-- Drops the first day, if it was over before a moment, and says how many rows went, as far as that is known without counting.
CREATE FUNCTION drop_outcome_day(before_moment bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    name text;
    held bigint;
BEGIN
    SELECT relname, CAST(reltuples AS bigint) INTO name, held FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = CAST('outcomes' AS regclass) AND relname ~ '^outcomes_[0-9]{8}$'
        AND relname < 'outcomes_' || to_char(to_timestamp(before_moment / 1000.0) AT TIME ZONE 'UTC', 'YYYYMMDD')
    ORDER BY relname LIMIT 1;
    IF name IS NULL OR NOT take_outcomes() THEN
        RETURN NULL;
    END IF;
    EXECUTE format('DROP TABLE IF EXISTS %I', name);
    RETURN greatest(held, 0);
END
$$;

ALTER TABLE outcomes RENAME TO outcomes_before;
ALTER TABLE outcomes_before DROP CONSTRAINT outcomes_pkey;
DROP INDEX outcomes_project_id, outcomes_end, outcomes_line, outcomes_client_request_hash, outcomes_client_customer_hash;
-- Numbers first: none has to be put where one may begin.
CREATE TABLE outcomes (
    begun_at bigint NOT NULL,
    ended_at bigint NOT NULL,
    id bytea PRIMARY KEY,
    project_id text NOT NULL,
    product text NOT NULL,
    flow_end text NOT NULL,
    country text,
    line bytea,
    client_request_hash bytea,
    client_customer_hash bytea,
    body bytea NOT NULL
) PARTITION BY RANGE (id);
-- What is sealed cannot be compressed.
ALTER TABLE outcomes ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX outcomes_project_id ON outcomes (project_id, id);
CREATE INDEX outcomes_end ON outcomes (project_id, flow_end, id);
CREATE INDEX outcomes_line ON outcomes (line, id) WHERE line IS NOT NULL;
CREATE INDEX outcomes_client_request_hash ON outcomes (client_request_hash, id) WHERE client_request_hash IS NOT NULL;
CREATE INDEX outcomes_client_customer_hash ON outcomes (client_customer_hash, id) WHERE client_customer_hash IS NOT NULL;
CREATE TABLE outcomes_other PARTITION OF outcomes DEFAULT;

-- A minute for each million, in which whatever nodes of the former version still run wait, calls too. Days before the last year, and what
-- an odd clock wrote, stay with the others: so many tables would need more locks than PostgreSQL has.
SELECT make_outcome_days(begun, begun) FROM (
    SELECT DISTINCT begun_at / 86400000 * 86400000 AS begun FROM outcomes_before
    WHERE begun_at BETWEEN CAST(extract(epoch FROM now() - interval '366 days') * 1000 AS bigint)
        AND CAST(extract(epoch FROM now() + interval '7 days') * 1000 AS bigint)) AS days
ORDER BY begun;
SELECT make_outcome_days(
    CAST(extract(epoch FROM now()) * 1000 AS bigint), CAST(extract(epoch FROM now() + interval '7 days') * 1000 AS bigint));
INSERT INTO outcomes (
    id, project_id, product, begun_at, ended_at, flow_end, country, line, client_request_hash, client_customer_hash, body)
SELECT id, project_id, product, begun_at, ended_at, flow_end, country, line, client_request_hash, client_customer_hash, body
FROM outcomes_before;
DROP TABLE outcomes_before;

-- A row is written anew for every outcome of its hour: with room beside it, where it stands and without its index.
ALTER TABLE outcome_counts SET (fillfactor = 50);
