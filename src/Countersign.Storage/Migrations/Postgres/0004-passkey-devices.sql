-- key_id and public_key are empty for a device that has a passkey only.
ALTER TABLE devices ADD COLUMN vouched_by bytea;
