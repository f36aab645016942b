-- What outcomes were counted by, added up as they are written. No person in it: people is a bit for each line, by chance.
CREATE TABLE outcome_counts (
    counted_by TEXT NOT NULL,
    since INTEGER NOT NULL,
    project_id TEXT NOT NULL,
    value TEXT NOT NULL,
    ended INTEGER NOT NULL,
    proven INTEGER NOT NULL,
    succeeded INTEGER NOT NULL,
    texts INTEGER NOT NULL,
    delivered INTEGER NOT NULL,
    segments INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    people INTEGER NOT NULL,
    PRIMARY KEY (counted_by, since, project_id, value)
) WITHOUT ROWID;
