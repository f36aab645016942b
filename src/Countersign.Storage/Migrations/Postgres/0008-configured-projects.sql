-- origin 1: named in the server's configuration. Until now nothing else could be.
ALTER TABLE projects ADD COLUMN origin bigint NOT NULL DEFAULT 1;
ALTER TABLE clients ADD COLUMN origin bigint NOT NULL DEFAULT 1;

-- A client that was rotated has two secrets until the former expires.
ALTER TABLE clients ADD COLUMN created_at bigint;
ALTER TABLE clients ADD COLUMN former_secret_hash bytea;
ALTER TABLE clients ADD COLUMN former_expires_at bigint;
