-- When a device last proved something, and since when it ages where that is not since it was registered: a key that a passkey brought in
-- ages from when the passkey was made.
ALTER TABLE devices ADD COLUMN last_used_at INTEGER;
ALTER TABLE devices ADD COLUMN ages_from INTEGER;
-- Nobody wrote down when those that are there proved something last: they are unused from now on.
UPDATE devices SET last_used_at = CAST(strftime('%s', 'now') AS INTEGER) * 1000;
UPDATE devices SET ages_from = (SELECT voucher.created_at FROM devices voucher WHERE voucher.id = devices.vouched_by)
WHERE vouched_by IS NOT NULL;
