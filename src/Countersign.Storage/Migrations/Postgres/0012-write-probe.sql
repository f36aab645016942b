-- Always empty: by writing here the server finds out that it can. Emptied by TRUNCATE, so it has neither an index nor long values.
CREATE TABLE write_probe (
    value bigint NOT NULL
);
