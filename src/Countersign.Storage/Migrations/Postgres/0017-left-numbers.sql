-- Identities whose number has gone to somebody else, by which devices that were tied too late are found.
CREATE INDEX identities_left_at ON identities (left_at) WHERE left_at IS NOT NULL;
