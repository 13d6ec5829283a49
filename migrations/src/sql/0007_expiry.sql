-- Which task does a job that one should do at a time, and whom we have told that points are about to lapse.

CREATE TABLE IF NOT EXISTS leases (
    name {exact:60} NOT NULL PRIMARY KEY,
    holder {id} NOT NULL,
    held_until {at} NOT NULL
);

CREATE TABLE IF NOT EXISTS expiry_warnings (
    account_id {id} NOT NULL,
    ends_at {at} NOT NULL,
    days_before BIGINT NOT NULL,
    at {at} NOT NULL,
    PRIMARY KEY (account_id, ends_at, days_before),
    CONSTRAINT expiry_warnings_account FOREIGN KEY (account_id) REFERENCES accounts (id)
);
