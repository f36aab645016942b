-- JSON: the settings whose default has become stricter, by name. true: the project keeps what it had and nothing was chosen since; false: it does not.
-- A name that is missing was unknown to the server that wrote the row.
ALTER TABLE projects ADD COLUMN kept text NOT NULL DEFAULT '{}';
