-- What links an outcome to a line: a number's keyed hash and a pseudonym made by chance. Without this row nothing does.
CREATE TABLE lines (
    number_hash bytea PRIMARY KEY,
    pseudonym bytea NOT NULL,
    used_at bigint NOT NULL
);
CREATE INDEX lines_used_at ON lines (used_at);
