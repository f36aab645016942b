-- Persons who said STOP, until they say START. An empty sender is every sender.
CREATE TABLE suppressions (
    number_hash bytea NOT NULL,
    sender text NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (number_hash, sender)
);
