-- Points by hand and by rule: keys against double clicks, deductions with their reason, and the rules that give by themselves.

ALTER TABLE people ADD COLUMN first_signed_in_at {at} NULL;
-- Whoever is linked already was here before anybody counted; the day they were entered is the best there is.
UPDATE people SET first_signed_in_at = created_at WHERE issuer IS NOT NULL AND first_signed_in_at IS NULL;

-- What the form was sent with: the same form twice is the same grant.
ALTER TABLE grants ADD COLUMN form_key {id} NULL;
CREATE UNIQUE INDEX grants_form_key ON grants (form_key);
CREATE INDEX grants_by_reason ON grants (reason, transfer_id);
CREATE INDEX grants_by_person ON grants (person_id, transfer_id);
CREATE INDEX transfers_by_time ON transfers (at);
CREATE INDEX transfers_by_amount ON transfers (amount);
CREATE INDEX transfers_by_actor ON transfers (actor_id, id);

CREATE TABLE IF NOT EXISTS deductions (
    id {id} NOT NULL PRIMARY KEY,
    person_id {id} NOT NULL,
    transfer_id BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    reason {exact:40} NOT NULL,
    note VARCHAR(500) NOT NULL,
    form_key {id} NOT NULL,
    actor_id {id} NOT NULL,
    at {at} NOT NULL,
    CONSTRAINT deductions_transfer_once UNIQUE (transfer_id),
    CONSTRAINT deductions_form_key UNIQUE (form_key),
    CONSTRAINT deductions_amount_positive CHECK (amount > 0),
    CONSTRAINT deductions_person FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT deductions_transfer FOREIGN KEY (transfer_id) REFERENCES transfers (id),
    CONSTRAINT deductions_actor FOREIGN KEY (actor_id) REFERENCES people (id)
);
CREATE INDEX deductions_by_reason ON deductions (reason, transfer_id);

CREATE TABLE IF NOT EXISTS grant_rules (
    id {id} NOT NULL PRIMARY KEY,
    kind {exact:20} NOT NULL,
    -- For the monthly ones; in a shorter month its last day.
    day_of_month BIGINT NULL,
    amount BIGINT NOT NULL,
    note VARCHAR(500) NOT NULL,
    -- NULL: as long as the company's policy says.
    lasts_months BIGINT NULL,
    -- Nothing that was due before this day is ever given.
    starts_on DATE NOT NULL,
    is_active BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at {at} NOT NULL,
    CONSTRAINT grant_rules_amount_positive CHECK (amount > 0),
    CONSTRAINT grant_rules_kind_known CHECK (kind IN ('monthly', 'anniversary', 'birthday', 'welcome')),
    CONSTRAINT grant_rules_day_of_month CHECK ((kind = 'monthly') = (day_of_month IS NOT NULL)),
    CONSTRAINT grant_rules_day_within CHECK (day_of_month >= 1 AND day_of_month <= 31)
);

CREATE TABLE IF NOT EXISTS grant_rule_overrides (
    rule_id {id} NOT NULL,
    person_id {id} NOT NULL,
    -- NULL: never.
    amount BIGINT NULL,
    at {at} NOT NULL,
    PRIMARY KEY (rule_id, person_id),
    CONSTRAINT grant_rule_overrides_amount_positive CHECK (amount > 0),
    CONSTRAINT grant_rule_overrides_rule FOREIGN KEY (rule_id) REFERENCES grant_rules (id),
    CONSTRAINT grant_rule_overrides_person FOREIGN KEY (person_id) REFERENCES people (id)
);

-- A rule applied for one month (the monthly ones) or one day (all others): asked for by HR when it was missed, closed when
-- everybody has got theirs.
CREATE TABLE IF NOT EXISTS grant_rule_rounds (
    rule_id {id} NOT NULL,
    slot {exact:10} NOT NULL,
    due_on DATE NOT NULL,
    asked_at {at} NULL,
    closed_at {at} NULL,
    PRIMARY KEY (rule_id, slot),
    CONSTRAINT grant_rule_rounds_rule FOREIGN KEY (rule_id) REFERENCES grant_rules (id)
);
