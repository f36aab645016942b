-- What outcomes were counted by, added up as they are written. No person in it: people is a bit for each line, by chance.
CREATE TABLE outcome_counts (
    counted_by text NOT NULL,
    since bigint NOT NULL,
    project_id text NOT NULL,
    value text NOT NULL,
    ended bigint NOT NULL,
    proven bigint NOT NULL,
    succeeded bigint NOT NULL,
    texts bigint NOT NULL,
    delivered bigint NOT NULL,
    segments bigint NOT NULL,
    cost bigint NOT NULL,
    people bigint NOT NULL,
    PRIMARY KEY (counted_by, since, project_id, value)
);
