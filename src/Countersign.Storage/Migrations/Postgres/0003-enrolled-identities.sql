-- The list of a project's identities, by their ids; those that were never enrolled are in no list.
CREATE INDEX identities_enrolled ON identities (project_id, id) WHERE standing >= 1;
