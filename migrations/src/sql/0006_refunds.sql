-- What goes back: pieces of an order that were cancelled, and the points returned to the lots they were drawn from.

ALTER TABLE order_lines ADD COLUMN cancelled BIGINT NOT NULL DEFAULT 0
    {constraint} order_lines_cancelled_within CHECK (cancelled >= 0 AND cancelled <= quantity);

ALTER TABLE orders ADD COLUMN refunded BIGINT NOT NULL DEFAULT 0
    {constraint} orders_refunded_within CHECK (refunded >= 0 AND refunded <= total);

CREATE TABLE IF NOT EXISTS refund_parts (
    id {serial},
    -- The refund, and the draw of the charge that it gives back, wholly or in part.
    transfer_id BIGINT NOT NULL,
    draw_id BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    -- NULL: back into the lot of the draw. Otherwise the lot made for it, because that one had lapsed.
    grace_lot_id {id} NULL,
    CONSTRAINT refund_parts_once UNIQUE (transfer_id, draw_id),
    CONSTRAINT refund_parts_amount_positive CHECK (amount > 0),
    CONSTRAINT refund_parts_transfer FOREIGN KEY (transfer_id) REFERENCES transfers (id),
    CONSTRAINT refund_parts_draw FOREIGN KEY (draw_id) REFERENCES draws (id),
    CONSTRAINT refund_parts_grace_lot FOREIGN KEY (grace_lot_id) REFERENCES lots (id)
);
CREATE INDEX refund_parts_of_draw ON refund_parts (draw_id);
CREATE INDEX draws_of_lot ON draws (lot_id);
CREATE INDEX transfers_of_order ON transfers (order_id, kind);
