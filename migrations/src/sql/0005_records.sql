-- What must not be forgotten: who did what, and what still has to be told to the outside.

CREATE TABLE IF NOT EXISTS audit_events (
    id {serial},
    actor_id {id} NULL,
    action {exact:60} NOT NULL,
    subject_kind {exact:40} NOT NULL,
    subject_id {exact:80} NOT NULL,
    details {json} NOT NULL,
    at {at} NOT NULL,
    CONSTRAINT audit_events_actor FOREIGN KEY (actor_id) REFERENCES people (id)
);
CREATE INDEX audit_events_subject ON audit_events (subject_kind, subject_id, id);

CREATE TABLE IF NOT EXISTS outbox_messages (
    id {id} NOT NULL PRIMARY KEY,
    kind {exact:60} NOT NULL,
    payload {json} NOT NULL,
    attempts BIGINT NOT NULL,
    last_error VARCHAR(500) NOT NULL,
    created_at {at} NOT NULL,
    due_at {at} NOT NULL,
    claimed_until {at} NULL,
    done_at {at} NULL,
    dead_at {at} NULL
);
CREATE INDEX outbox_messages_due ON outbox_messages (done_at, dead_at, due_at);
