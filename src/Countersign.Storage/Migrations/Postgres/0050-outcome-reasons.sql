-- The reasons of an outcome's end, codes with commas between them, so that a search for one need not open every row. Null in rows from
-- before, which are opened until their time is over.
ALTER TABLE outcomes ADD COLUMN reason text;
