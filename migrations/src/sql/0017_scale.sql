-- Half a million orders, a million transfers: what pages ask for stands in indexes, in the order in which it is shown.

-- Steps 15 and 16 called two indexes transfers_by_kind, so the second was never made. A list of acts reads the beginning
-- of this one, reports read all they need of it and no row.
CREATE INDEX transfers_by_kind_and_time ON transfers (kind, at, id, account_id, amount);
CREATE INDEX transfers_by_kind_and_amount ON transfers (kind, amount, id);
CREATE INDEX transfers_by_maker ON transfers (actor_id, kind, at, id);
-- How many moves a product has is counted without reading one, also of one reason.
CREATE INDEX stock_moves_of_product ON stock_moves (product_id, reason, id);
