-- origin 1: named in the server's configuration. Until now nothing else could be.
ALTER TABLE projects ADD COLUMN origin INTEGER NOT NULL DEFAULT 1;
ALTER TABLE clients ADD COLUMN origin INTEGER NOT NULL DEFAULT 1;

-- A client that was rotated has two secrets until the former expires.
ALTER TABLE clients ADD COLUMN created_at INTEGER;
ALTER TABLE clients ADD COLUMN former_secret_hash BLOB;
ALTER TABLE clients ADD COLUMN former_expires_at INTEGER;
