-- What texts have cost by owner (a project; empty: the whole server) and month (202611), in millionths of the currency of the prices.
-- day (20261129) is the last day on which there was a cost. charge_id names the change that was made last, as in counters.
CREATE TABLE spending (
    owner text NOT NULL,
    month bigint NOT NULL,
    day bigint NOT NULL,
    on_day bigint NOT NULL,
    in_month bigint NOT NULL,
    told_of_day bigint NOT NULL,
    told_of_month bigint NOT NULL,
    charge_id bytea NOT NULL,
    PRIMARY KEY (owner, month)
) WITH (fillfactor = 50);
ALTER TABLE texts ADD COLUMN charge_id bytea;
