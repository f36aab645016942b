-- What binds the columns of a row that decide something to one another and to the row: sealed, so it cannot be made without the key.
ALTER TABLE devices ADD COLUMN seal BLOB;
-- Of the identity that a device is tied to: gone with the tie.
ALTER TABLE devices ADD COLUMN tie_seal BLOB;
ALTER TABLE passkeys ADD COLUMN seal BLOB;
ALTER TABLE identity_aliases ADD COLUMN seal BLOB;
ALTER TABLE clients ADD COLUMN seal BLOB;
ALTER TABLE projects ADD COLUMN seal BLOB;
ALTER TABLE admin_keys ADD COLUMN seal BLOB;
