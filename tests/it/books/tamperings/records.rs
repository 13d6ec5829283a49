//! Grants, deductions, audit rows and what the outside is told.

use super::{Tampering, breaks};

pub(super) const TAMPERINGS: &[Tampering] = &[
    breaks("grants-are-booked", "UPDATE grants SET amount = amount + 1", &["rows-give-once"]),
    breaks(
        "grants-are-booked",
        "UPDATE grants SET transfer_id = (SELECT MIN(transfer_id) FROM grants_saved)",
        &["rows-are-taken-back", "acts-are-audited"],
    ),
    breaks(
        "grants-are-booked",
        "INSERT INTO grants (id, person_id, transfer_id, amount, reason, note, actor_id, at) \
         SELECT x'77', person_id, 999, amount, reason, note, actor_id, at FROM grants_saved WHERE amount = 700",
        &["acts-are-audited"],
    ),
    breaks(
        "grants-are-booked",
        "INSERT INTO grants (id, person_id, transfer_id, amount, reason, note, actor_id, at) SELECT x'77', g.person_id, \
         t.id, t.amount, g.reason, g.note, t.actor_id, g.at FROM grants_saved g JOIN transfers t ON t.kind = 'refund' \
         AND t.actor_id <> g.person_id WHERE g.amount = 700",
        &["acts-are-audited"],
    ),
    breaks("grants-are-booked", "DELETE FROM grants WHERE amount = 700", &["acts-are-audited"]),
    breaks(
        "grants-are-booked",
        "UPDATE grants SET person_id = (SELECT id FROM people WHERE name = 'Ben Brook') WHERE amount = 700",
        &[],
    ),
    breaks("grants-are-booked", "UPDATE transfers SET actor_id = NULL WHERE kind = 'grant'", &[]),
    breaks(
        "grants-are-booked",
        "UPDATE grants SET actor_id = (SELECT id FROM people WHERE name = 'Ben Brook') WHERE actor_id IS NOT NULL",
        &["acts-are-audited"],
    ),
    breaks(
        "grants-are-booked",
        "UPDATE grants SET actor_id = NULL WHERE actor_id IS NOT NULL",
        &["acts-are-audited"],
    ),
    breaks("deductions-are-booked", "UPDATE deductions SET amount = amount + 1", &[]),
    breaks(
        "deductions-are-booked",
        "UPDATE deductions SET transfer_id = (SELECT id FROM transfers WHERE kind = 'expire')",
        &[],
    ),
    breaks(
        "deductions-are-booked",
        "INSERT INTO deductions (id, person_id, transfer_id, amount, reason, note, form_key, actor_id, at) \
         SELECT x'77', d.person_id, t.id, t.amount, d.reason, d.note, d.form_key, t.actor_id, d.at \
         FROM deductions_saved d JOIN transfers t ON t.kind = 'redeem'",
        &["acts-are-audited"],
    ),
    breaks(
        "deductions-are-booked",
        "INSERT INTO deductions SELECT * FROM deductions_saved",
        &["acts-are-audited"],
    ),
    breaks("deductions-are-booked", "DELETE FROM deductions", &["acts-are-audited"]),
    breaks(
        "deductions-are-booked",
        "UPDATE deductions SET person_id = (SELECT id FROM people WHERE name = 'Ben Brook')",
        &[],
    ),
    breaks(
        "deductions-are-booked",
        "UPDATE deductions SET actor_id = (SELECT id FROM people WHERE name = 'Ben Brook')",
        &["acts-are-audited"],
    ),
    breaks(
        "deductions-are-booked",
        "UPDATE transfers SET actor_id = NULL WHERE kind = 'deduct' AND amount = 5",
        &[],
    ),
    // Rules.
    breaks("rule-grants-name-their-rule", "UPDATE grants SET period = '2026-06'", &[]),
    breaks(
        "rule-grants-name-their-rule",
        "UPDATE grants SET rule = (SELECT HEX(id) FROM grant_rules) WHERE actor_id IS NULL",
        &[],
    ),
    breaks(
        "rule-grants-name-their-rule",
        "UPDATE grants SET rule = 'monthly', period = amount WHERE actor_id IS NULL",
        &[],
    ),
    breaks(
        "rule-grants-name-their-rule",
        "UPDATE grants SET rule = (SELECT HEX(id) FROM grant_rules), period = '2026-06' WHERE amount = 9",
        &[],
    ),
    breaks(
        "rules-give-once",
        "UPDATE grants SET rule = 'monthly', period = '2026-06'",
        &["rule-grants-name-their-rule"],
    ),
    // Audit rows.
    breaks("acts-are-audited", "DELETE FROM audit_events WHERE action = 'points.deduct'", &[]),
    breaks("acts-are-audited", "DELETE FROM audit_events WHERE action = 'points.undo'", &[]),
    breaks("acts-are-audited", "DELETE FROM audit_events WHERE action = 'order.cancel'", &[]),
    breaks("acts-are-audited", "UPDATE audit_events SET actor_id = NULL WHERE action = 'order.fulfil'", &[]),
    breaks(
        "acts-are-audited",
        "UPDATE audit_events SET subject_id = (SELECT MIN(subject_id) FROM audit_events_saved WHERE action = 'order.place') \
         WHERE action = 'order.place'",
        &[],
    ),
    breaks(
        "decisions-are-audited",
        "UPDATE grant_runs SET judge_id = (SELECT id FROM people WHERE name = 'Ben Brook') WHERE state = 'done'",
        &[],
    ),
    breaks(
        "decisions-are-audited",
        "UPDATE audit_events SET action = 'run.approve' WHERE action = 'run.commit'",
        &[],
    ),
    breaks(
        "decisions-are-audited",
        "UPDATE audit_events SET action = 'run.reject' WHERE action = 'run.commit'",
        &[],
    ),
    breaks("decisions-are-audited", "DELETE FROM audit_events WHERE action = 'run.reverse'", &[]),
    breaks("decisions-are-audited", "DELETE FROM audit_events WHERE action = 'stock.adjust'", &[]),
    breaks("decisions-are-audited", "DELETE FROM audit_events WHERE action = 'code.withdraw'", &[]),
    breaks("decisions-are-audited", "DELETE FROM code_batches", &[]),
    breaks(
        "decisions-are-audited",
        "UPDATE audit_events SET action = 'codes.add' WHERE action = 'code.withdraw'",
        &[],
    ),
    breaks(
        "decisions-are-audited",
        "UPDATE audit_events SET actor_id = (SELECT id FROM people WHERE name = 'Ben Brook') WHERE action = 'stock.adjust'",
        &[],
    ),
    // Messages.
    breaks("orders-are-told", "DELETE FROM outbox_messages WHERE kind = 'order-cancelled'", &[]),
    breaks(
        "orders-are-told",
        "INSERT INTO outbox_messages SELECT * FROM outbox_messages_saved WHERE kind = 'order-cancelled'",
        &[],
    ),
    breaks(
        "orders-are-told",
        "UPDATE outbox_messages SET payload = (SELECT payload FROM outbox_messages_saved \
         WHERE kind = 'order-placed' ORDER BY id LIMIT 1) \
         WHERE kind = 'order-placed'",
        &[],
    ),
    breaks(
        "orders-are-told",
        "UPDATE outbox_messages SET payload = (SELECT payload FROM outbox_messages_saved \
         WHERE kind = 'order-cancelled' ORDER BY id LIMIT 1) \
         WHERE kind = 'order-cancelled'",
        &[],
    ),
    breaks(
        "orders-are-told",
        "UPDATE outbox_messages SET kind = 'order-fulfilled' WHERE kind = 'order-placed'",
        &[],
    ),
    breaks("messages-end-once", "UPDATE outbox_messages SET done_at = created_at, dead_at = created_at", &[]),
    breaks("messages-end-once", "UPDATE outbox_messages SET claimed_until = due_at, done_at = due_at", &[]),
    breaks("messages-end-once", "UPDATE outbox_messages SET claimed_until = due_at, dead_at = due_at", &[]),
    breaks("messages-end-once", "UPDATE outbox_messages SET attempts = -1", &[]),
];
