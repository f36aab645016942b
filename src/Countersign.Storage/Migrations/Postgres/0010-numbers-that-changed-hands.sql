-- When the number was found to have gone to somebody else: from then on the row's number_hash is its own id, and no number leads to it.
ALTER TABLE identities ADD COLUMN left_at bigint;

-- How long a device is kept while it is tied to no identity. Rows without it were written before there was the column.
ALTER TABLE devices ADD COLUMN kept_until bigint;
CREATE INDEX devices_untied ON devices ((COALESCE(kept_until, created_at + 3600000))) WHERE identity_id IS NULL;
