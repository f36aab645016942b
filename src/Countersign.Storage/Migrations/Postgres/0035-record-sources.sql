-- Who gives records. is_for_all is 1 for sources that every project sees: those that were there when records began to belong to projects, on a server
-- with several, until somebody assigns them. Later sources are seen by the projects that are listed for them, and by nobody else.
CREATE TABLE record_sources (
    source text PRIMARY KEY,
    is_for_all bigint NOT NULL
);

CREATE TABLE record_visibility (
    source text NOT NULL,
    project_id text NOT NULL,
    PRIMARY KEY (source, project_id)
);
CREATE INDEX record_visibility_project_id ON record_visibility (project_id);

-- On a server with one project what is there is that project's.
INSERT INTO record_sources (source, is_for_all)
SELECT source, CASE WHEN (SELECT count(*) FROM projects) > 1 THEN 1 ELSE 0 END
FROM (SELECT source FROM person_records UNION SELECT source FROM record_imports WHERE is_dry_run = 0) known;

INSERT INTO record_visibility (source, project_id)
SELECT record_sources.source, projects.id FROM record_sources CROSS JOIN projects WHERE is_for_all = 0;
