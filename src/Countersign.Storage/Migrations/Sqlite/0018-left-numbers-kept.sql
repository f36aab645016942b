-- When the identity of the row left its number, from which on the row is kept for its time. Null for a number's last verification.
-- Rows of identities that left before hold the very moment when theirs began.
ALTER TABLE verified_numbers ADD COLUMN left_at INTEGER;
UPDATE verified_numbers SET left_at = former.left_at
FROM (SELECT project_id, created_at, MAX(left_at) AS left_at FROM identities WHERE left_at IS NOT NULL GROUP BY project_id, created_at) AS former
WHERE verified_numbers.project_id = former.project_id AND verified_numbers.verified_at = former.created_at;
