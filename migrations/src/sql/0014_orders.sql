-- The orders desk: quick queues over many orders, how an order was sent, acts on several at once; and when jobs last ran.

CREATE INDEX orders_by_time ON orders (placed_at, id);
CREATE INDEX orders_of_person_by_state ON orders (person_id, state, placed_at);
CREATE INDEX orders_by_total ON orders (total, id);
CREATE INDEX order_lines_of_product ON order_lines (product_id, order_id);
CREATE INDEX order_events_of_order ON order_events (order_id, id);
CREATE INDEX people_by_department ON people (department);
CREATE INDEX products_by_stock ON products (state, stock, low_stock_at);
CREATE INDEX outbox_messages_open ON outbox_messages (done_at, dead_at, created_at);

-- Who carried an order that was handed over, and the number to follow it by; empty where nobody did.
ALTER TABLE order_events ADD COLUMN carrier VARCHAR(60) NOT NULL DEFAULT '';
ALTER TABLE order_events ADD COLUMN tracking_number VARCHAR(60) NOT NULL DEFAULT '';

-- Several orders begun or handed over with one click, and what became of each.
CREATE TABLE IF NOT EXISTS order_batches (
    id {id} NOT NULL PRIMARY KEY,
    -- Of who, what and which orders: the same click again is the same batch.
    digest {exact:64} NOT NULL,
    act {exact:20} NOT NULL,
    note VARCHAR(500) NOT NULL,
    actor_id {id} NOT NULL,
    at {at} NOT NULL,
    CONSTRAINT order_batches_digest UNIQUE (digest),
    CONSTRAINT order_batches_actor FOREIGN KEY (actor_id) REFERENCES people (id)
);

CREATE TABLE IF NOT EXISTS order_batch_items (
    batch_id {id} NOT NULL,
    order_id {id} NOT NULL,
    -- 'done', or the state the order was found in.
    outcome {exact:20} NOT NULL,
    PRIMARY KEY (batch_id, order_id),
    CONSTRAINT order_batch_items_batch FOREIGN KEY (batch_id) REFERENCES order_batches (id),
    CONSTRAINT order_batch_items_order FOREIGN KEY (order_id) REFERENCES orders (id)
);

CREATE TABLE IF NOT EXISTS job_runs (
    name {exact:60} NOT NULL PRIMARY KEY,
    -- How often it should run.
    every_s BIGINT NOT NULL,
    done_at {at} NULL,
    failed_at {at} NULL,
    last_error VARCHAR(500) NOT NULL
);
