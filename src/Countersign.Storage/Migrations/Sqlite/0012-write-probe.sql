-- Always empty: by writing here the server finds out that it can.
CREATE TABLE write_probe (
    value BLOB NOT NULL
);
