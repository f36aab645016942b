-- What binds the columns of a row that decide something to one another and to the row: sealed, so it cannot be made without the key.
ALTER TABLE devices ADD COLUMN seal bytea;
-- Of the identity that a device is tied to: gone with the tie.
ALTER TABLE devices ADD COLUMN tie_seal bytea;
ALTER TABLE passkeys ADD COLUMN seal bytea;
ALTER TABLE identity_aliases ADD COLUMN seal bytea;
ALTER TABLE clients ADD COLUMN seal bytea;
ALTER TABLE projects ADD COLUMN seal bytea;
ALTER TABLE admin_keys ADD COLUMN seal bytea;
