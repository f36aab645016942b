-- Who looks for a number in all projects names it by the hash that it has in each.
CREATE INDEX verified_numbers_number_hash ON verified_numbers (number_hash);
