-- The catalog counts what is on offer, and shows it in the order of its age or its price, without a look at each product.
CREATE INDEX products_on_offer ON products (state, created_at, id, visible_from, visible_until);
CREATE INDEX products_by_price ON products (state, price, id);
