-- From cart to order: what is wanted, what was bought, what happened to it since.

CREATE TABLE IF NOT EXISTS cart_lines (
    person_id {id} NOT NULL,
    product_id {id} NOT NULL,
    quantity BIGINT NOT NULL,
    price_seen BIGINT NOT NULL,
    added_at {at} NOT NULL,
    PRIMARY KEY (person_id, product_id),
    CONSTRAINT cart_lines_quantity_positive CHECK (quantity > 0),
    CONSTRAINT cart_lines_person FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT cart_lines_product FOREIGN KEY (product_id) REFERENCES products (id)
);

CREATE TABLE IF NOT EXISTS orders (
    id {id} NOT NULL PRIMARY KEY,
    number {exact:20} NOT NULL,
    person_id {id} NOT NULL,
    checkout_key {id} NOT NULL,
    state {exact:20} NOT NULL,
    -- What the person agreed to pay; the total may be lower when a price fell in between.
    expected_total BIGINT NOT NULL,
    total BIGINT NOT NULL,
    delivery_kind {exact:20} NOT NULL,
    delivery_to TEXT NOT NULL,
    version BIGINT NOT NULL,
    placed_at {at} NOT NULL,
    CONSTRAINT orders_number UNIQUE (number),
    CONSTRAINT orders_checkout_key UNIQUE (person_id, checkout_key),
    CONSTRAINT orders_total_not_negative CHECK (total >= 0),
    CONSTRAINT orders_person FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE INDEX orders_by_person ON orders (person_id, placed_at);
CREATE INDEX orders_by_state ON orders (state, placed_at);

CREATE TABLE IF NOT EXISTS order_lines (
    id {id} NOT NULL PRIMARY KEY,
    order_id {id} NOT NULL,
    product_id {id} NOT NULL,
    position BIGINT NOT NULL,
    kind {exact:20} NOT NULL,
    name VARCHAR(120) NOT NULL,
    object_key {exact:120} NOT NULL,
    widths {exact:60} NOT NULL,
    unit_price BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    CONSTRAINT order_lines_product_once UNIQUE (order_id, product_id),
    CONSTRAINT order_lines_price_positive CHECK (unit_price > 0),
    CONSTRAINT order_lines_quantity_positive CHECK (quantity > 0),
    CONSTRAINT order_lines_order FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT order_lines_product FOREIGN KEY (product_id) REFERENCES products (id)
);

CREATE TABLE IF NOT EXISTS order_events (
    id {serial},
    order_id {id} NOT NULL,
    kind {exact:40} NOT NULL,
    note VARCHAR(500) NOT NULL,
    actor_id {id} NULL,
    at {at} NOT NULL,
    CONSTRAINT order_events_order FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT order_events_actor FOREIGN KEY (actor_id) REFERENCES people (id)
);

CREATE TABLE IF NOT EXISTS codes (
    id {id} NOT NULL PRIMARY KEY,
    product_id {id} NOT NULL,
    -- Sealed with the key of the environment; the digest is keyed too and only finds duplicates.
    sealed {bytes:1000} NOT NULL,
    hmac {hash} NOT NULL,
    last_four VARCHAR(4) NOT NULL,
    order_line_id {id} NULL,
    claimed_at {at} NULL,
    revealed_at {at} NULL,
    created_at {at} NOT NULL,
    CONSTRAINT codes_hmac UNIQUE (hmac),
    CONSTRAINT codes_product FOREIGN KEY (product_id) REFERENCES products (id),
    CONSTRAINT codes_order_line FOREIGN KEY (order_line_id) REFERENCES order_lines (id)
);
CREATE INDEX codes_free ON codes (product_id, order_line_id, id);

CREATE TABLE IF NOT EXISTS stock_moves (
    id {serial},
    product_id {id} NOT NULL,
    quantity BIGINT NOT NULL,
    reason {exact:20} NOT NULL,
    order_id {id} NULL,
    actor_id {id} NULL,
    at {at} NOT NULL,
    CONSTRAINT stock_moves_product FOREIGN KEY (product_id) REFERENCES products (id),
    CONSTRAINT stock_moves_order FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT stock_moves_actor FOREIGN KEY (actor_id) REFERENCES people (id)
);
