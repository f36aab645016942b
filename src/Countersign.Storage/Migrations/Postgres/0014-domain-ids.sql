-- The ids by which other projects know a project. Null for projects from before: theirs are made of the project's own id and stay.
ALTER TABLE projects ADD COLUMN pcid bytea;
ALTER TABLE projects ADD COLUMN issuer_id bytea;

-- What the asked project was last shown of a request.
ALTER TABLE domain_links ADD COLUMN read_scopes text;
