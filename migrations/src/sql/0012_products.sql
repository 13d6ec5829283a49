-- The desk that keeps the products: when they are shown, who moved stock and why, where codes came from and went.

ALTER TABLE products ADD COLUMN visible_from {at} NULL;
ALTER TABLE products ADD COLUMN visible_until {at} NULL
    {constraint} products_window_in_order CHECK (visible_from < visible_until);

ALTER TABLE categories ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- Minted when the form is shown that moves stock by hand: the same form twice is one move.
ALTER TABLE stock_moves ADD COLUMN form_key {id} NULL;
ALTER TABLE stock_moves ADD COLUMN note VARCHAR(200) NOT NULL DEFAULT '';
CREATE UNIQUE INDEX stock_moves_form ON stock_moves (form_key);
CREATE INDEX stock_moves_by_product ON stock_moves (product_id, id);

-- A code that shall not be sold any more stays, so that it is known when it is brought again.
ALTER TABLE codes ADD COLUMN withdrawn_at {at} NULL
    {constraint} codes_withdrawn_is_nobodys CHECK (withdrawn_at IS NULL OR order_line_id IS NULL);
CREATE INDEX codes_in_pool ON codes (product_id, order_line_id, withdrawn_at, id);

-- Codes that came together, and how many of them were new.
CREATE TABLE IF NOT EXISTS code_batches (
    -- Minted when the form is shown: the same form twice is one batch.
    id {id} NOT NULL PRIMARY KEY,
    product_id {id} NOT NULL,
    -- A keyed digest of all of it, to tell another list under the same key.
    hmac {hash} NOT NULL,
    added BIGINT NOT NULL,
    repeated BIGINT NOT NULL,
    known BIGINT NOT NULL,
    actor_id {id} NULL,
    at {at} NOT NULL,
    CONSTRAINT code_batches_counted CHECK (added >= 0 AND repeated >= 0 AND known >= 0),
    CONSTRAINT code_batches_product FOREIGN KEY (product_id) REFERENCES products (id),
    CONSTRAINT code_batches_actor FOREIGN KEY (actor_id) REFERENCES people (id)
);
CREATE INDEX code_batches_by_product ON code_batches (product_id, at);
