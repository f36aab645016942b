-- What texts have cost by owner (a project; empty: the whole server) and month (202611), in millionths of the currency of the prices.
-- day (20261129) is the last day on which there was a cost. charge_id names the change that was made last, as in counters.
CREATE TABLE spending (
    owner TEXT NOT NULL,
    month INTEGER NOT NULL,
    day INTEGER NOT NULL,
    on_day INTEGER NOT NULL,
    in_month INTEGER NOT NULL,
    told_of_day INTEGER NOT NULL,
    told_of_month INTEGER NOT NULL,
    charge_id BLOB NOT NULL,
    PRIMARY KEY (owner, month)
) WITHOUT ROWID;
ALTER TABLE texts ADD COLUMN charge_id BLOB;
