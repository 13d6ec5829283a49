-- The points books: accounts, transfers between them, the lots a balance is made of, and what was drawn from which lot.

CREATE TABLE IF NOT EXISTS accounts (
    id {id} NOT NULL PRIMARY KEY,
    kind {exact:20} NOT NULL,
    person_id {id} NULL,
    -- The system's accounts keep no balance: a row that everyone writes would be a queue for everyone.
    balance BIGINT NULL,
    created_at {at} NOT NULL,
    CONSTRAINT accounts_person_id UNIQUE (person_id),
    CONSTRAINT accounts_balance_not_negative CHECK (balance >= 0),
    CONSTRAINT accounts_person FOREIGN KEY (person_id) REFERENCES people (id)
);
INSERT INTO accounts (id, kind, person_id, balance, created_at)
    SELECT {uuid:00000000000000000000000000000001}, 'issued', NULL, NULL, '2026-01-01 00:00:00'
    WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.kind = 'issued');
INSERT INTO accounts (id, kind, person_id, balance, created_at)
    SELECT {uuid:00000000000000000000000000000002}, 'redeemed', NULL, NULL, '2026-01-01 00:00:00'
    WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.kind = 'redeemed');
INSERT INTO accounts (id, kind, person_id, balance, created_at)
    SELECT {uuid:00000000000000000000000000000003}, 'expired', NULL, NULL, '2026-01-01 00:00:00'
    WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.kind = 'expired');

CREATE TABLE IF NOT EXISTS transfers (
    id {serial},
    kind {exact:20} NOT NULL,
    from_account_id {id} NOT NULL,
    to_account_id {id} NOT NULL,
    -- The person's side of the transfer, so that a statement is one index range.
    account_id {id} NOT NULL,
    amount BIGINT NOT NULL,
    balance_after BIGINT NOT NULL,
    order_id {id} NULL,
    lot_id {id} NULL,
    reverses_id BIGINT NULL,
    actor_id {id} NULL,
    reason VARCHAR(500) NOT NULL,
    at {at} NOT NULL,
    CONSTRAINT transfers_reverses UNIQUE (reverses_id),
    CONSTRAINT transfers_lot_expires_once UNIQUE (lot_id),
    CONSTRAINT transfers_amount_positive CHECK (amount > 0),
    CONSTRAINT transfers_balance_not_negative CHECK (balance_after >= 0),
    CONSTRAINT transfers_from FOREIGN KEY (from_account_id) REFERENCES accounts (id),
    CONSTRAINT transfers_to FOREIGN KEY (to_account_id) REFERENCES accounts (id),
    CONSTRAINT transfers_account FOREIGN KEY (account_id) REFERENCES accounts (id),
    CONSTRAINT transfers_order FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT transfers_actor FOREIGN KEY (actor_id) REFERENCES people (id)
);
CREATE INDEX transfers_statement ON transfers (account_id, id);

CREATE TABLE IF NOT EXISTS lots (
    id {id} NOT NULL PRIMARY KEY,
    account_id {id} NOT NULL,
    transfer_id BIGINT NOT NULL,
    granted BIGINT NOT NULL,
    remaining BIGINT NOT NULL,
    expires_at {at} NULL,
    created_at {at} NOT NULL,
    CONSTRAINT lots_granted_positive CHECK (granted > 0),
    CONSTRAINT lots_remaining_within CHECK (remaining >= 0 AND remaining <= granted),
    CONSTRAINT lots_account FOREIGN KEY (account_id) REFERENCES accounts (id),
    CONSTRAINT lots_transfer FOREIGN KEY (transfer_id) REFERENCES transfers (id)
);
CREATE INDEX lots_by_expiry ON lots (account_id, expires_at, id);
CREATE INDEX lots_due ON lots (expires_at);

CREATE TABLE IF NOT EXISTS draws (
    id {serial},
    transfer_id BIGINT NOT NULL,
    lot_id {id} NOT NULL,
    amount BIGINT NOT NULL,
    CONSTRAINT draws_once UNIQUE (transfer_id, lot_id),
    CONSTRAINT draws_amount_positive CHECK (amount > 0),
    CONSTRAINT draws_transfer FOREIGN KEY (transfer_id) REFERENCES transfers (id),
    CONSTRAINT draws_lot FOREIGN KEY (lot_id) REFERENCES lots (id)
);

CREATE TABLE IF NOT EXISTS grants (
    id {id} NOT NULL PRIMARY KEY,
    person_id {id} NOT NULL,
    transfer_id BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    reason {exact:40} NOT NULL,
    note VARCHAR(500) NOT NULL,
    rule {exact:40} NULL,
    period {exact:20} NULL,
    actor_id {id} NULL,
    at {at} NOT NULL,
    CONSTRAINT grants_transfer_once UNIQUE (transfer_id),
    CONSTRAINT grants_rule_once UNIQUE (rule, period, person_id),
    CONSTRAINT grants_amount_positive CHECK (amount > 0),
    CONSTRAINT grants_person FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT grants_transfer FOREIGN KEY (transfer_id) REFERENCES transfers (id),
    CONSTRAINT grants_actor FOREIGN KEY (actor_id) REFERENCES people (id)
);
