-- What the audit and the reports desks ask for: who an act is about and in which request it was done, found without
-- reading everything; and sums of the past, so that a year costs no more than a day.

ALTER TABLE audit_events ADD COLUMN request_id {exact:60} NULL;
ALTER TABLE audit_events ADD COLUMN person_id {id} NULL REFERENCES people (id);
UPDATE audit_events SET person_id = (SELECT p.id FROM people p WHERE p.id = UNHEX(REPLACE(audit_events.subject_id, '-', '')))
    WHERE person_id IS NULL AND subject_kind = 'person';
UPDATE audit_events SET person_id = (SELECT o.person_id FROM orders o WHERE o.id = UNHEX(REPLACE(audit_events.subject_id, '-', '')))
    WHERE person_id IS NULL AND subject_kind = 'order';
UPDATE audit_events SET person_id = (SELECT g.person_id FROM grants g WHERE g.id = UNHEX(REPLACE(audit_events.subject_id, '-', '')))
    WHERE person_id IS NULL AND subject_kind = 'grant';
CREATE INDEX audit_events_by_time ON audit_events (at, id);
CREATE INDEX audit_events_by_actor ON audit_events (actor_id, at, id);
CREATE INDEX audit_events_by_person ON audit_events (person_id, at, id);
CREATE INDEX audit_events_by_action ON audit_events (action, at, id);
CREATE INDEX audit_events_by_request ON audit_events (request_id);

CREATE INDEX transfers_by_kind ON transfers (kind, at, account_id, amount);
CREATE INDEX transfers_by_time ON transfers (at, id);
CREATE INDEX stock_moves_by_reason ON stock_moves (reason, at, product_id, order_id, quantity);
CREATE INDEX lots_expiring ON lots (expires_at, remaining);

-- A mark sums up everything before its moment. The months' ends stay; between them only the newest one does. They can be
-- made again from transfers and stock moves at any time, and are when those do not fit them any more.
CREATE TABLE IF NOT EXISTS marks (
    at {at} NOT NULL PRIMARY KEY,
    transfers BIGINT NOT NULL,
    moves BIGINT NOT NULL,
    issued BIGINT NOT NULL,
    redeemed BIGINT NOT NULL,
    refunded BIGINT NOT NULL,
    expired BIGINT NOT NULL,
    deducted BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS account_marks (
    mark_at {at} NOT NULL,
    account_id {id} NOT NULL,
    issued BIGINT NOT NULL,
    redeemed BIGINT NOT NULL,
    refunded BIGINT NOT NULL,
    expired BIGINT NOT NULL,
    deducted BIGINT NOT NULL,
    PRIMARY KEY (mark_at, account_id),
    CONSTRAINT account_marks_mark FOREIGN KEY (mark_at) REFERENCES marks (at),
    CONSTRAINT account_marks_account FOREIGN KEY (account_id) REFERENCES accounts (id)
);

CREATE TABLE IF NOT EXISTS product_marks (
    mark_at {at} NOT NULL,
    product_id {id} NOT NULL,
    -- Pieces and points, what came back taken off.
    pieces BIGINT NOT NULL,
    points BIGINT NOT NULL,
    PRIMARY KEY (mark_at, product_id),
    CONSTRAINT product_marks_mark FOREIGN KEY (mark_at) REFERENCES marks (at),
    CONSTRAINT product_marks_product FOREIGN KEY (product_id) REFERENCES products (id)
);
