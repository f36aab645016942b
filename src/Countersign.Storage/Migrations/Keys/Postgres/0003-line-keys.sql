-- A line's secret, sealed: what is stored of the line for long cannot be opened, nor found by its number, without this row. twin is 0 but
-- for a second key of one line, of a server that could not see the first while an encryption key was being changed.
CREATE TABLE line_keys (
    id bytea PRIMARY KEY,
    number_hash bytea NOT NULL,
    twin bigint NOT NULL,
    secret bytea NOT NULL,
    UNIQUE (number_hash, twin)
);
