-- What links an outcome to a line: a number's keyed hash and a pseudonym made by chance. Without this row nothing does.
CREATE TABLE lines (
    number_hash BLOB PRIMARY KEY,
    pseudonym BLOB NOT NULL,
    used_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX lines_used_at ON lines (used_at);
