//! Acts in words: one sentence for each. An act that has none yet is shown by its name.

use crate::web::text::Text;

/// Every act that has a sentence, in the order of the list to choose from.
pub const ACTIONS: &[&str] = &[
    "order.place",
    "order.prepare",
    "order.fulfil",
    "order.cancel",
    "code.reveal",
    "points.grant",
    "points.deduct",
    "points.undo",
    "run.draft",
    "run.commit",
    "run.approve",
    "run.reject",
    "run.discard",
    "run.finish",
    "run.reverse",
    "run.reversed",
    "rule.create",
    "rule.change",
    "rule.override",
    "rule.catch-up",
    "person.enter",
    "person.link",
    "person.roles",
    "person.deactivate",
    "person.reactivate",
    "product.create",
    "product.add-picture",
    "category.create",
];

/// What was done.
#[must_use]
pub fn action(text: Text, action: &str) -> String {
    match action {
        "order.place" => text.say("audit-act-order-place"),
        "order.prepare" => text.say("audit-act-order-prepare"),
        "order.fulfil" => text.say("audit-act-order-fulfil"),
        "order.cancel" => text.say("audit-act-order-cancel"),
        "code.reveal" => text.say("audit-act-code-reveal"),
        "points.grant" => text.say("audit-act-points-grant"),
        "points.deduct" => text.say("audit-act-points-deduct"),
        "points.undo" => text.say("audit-act-points-undo"),
        "run.draft" => text.say("audit-act-run-draft"),
        "run.commit" => text.say("audit-act-run-commit"),
        "run.approve" => text.say("audit-act-run-approve"),
        "run.reject" => text.say("audit-act-run-reject"),
        "run.discard" => text.say("audit-act-run-discard"),
        "run.finish" => text.say("audit-act-run-finish"),
        "run.reverse" => text.say("audit-act-run-reverse"),
        "run.reversed" => text.say("audit-act-run-reversed"),
        "rule.create" => text.say("audit-act-rule-create"),
        "rule.change" => text.say("audit-act-rule-change"),
        "rule.override" => text.say("audit-act-rule-override"),
        "rule.catch-up" => text.say("audit-act-rule-catch-up"),
        "person.enter" => text.say("audit-act-person-enter"),
        "person.link" => text.say("audit-act-person-link"),
        "person.roles" => text.say("audit-act-person-roles"),
        "person.deactivate" => text.say("audit-act-person-deactivate"),
        "person.reactivate" => text.say("audit-act-person-reactivate"),
        "product.create" => text.say("audit-act-product-create"),
        "product.add-picture" => text.say("audit-act-product-add-picture"),
        "category.create" => text.say("audit-act-category-create"),
        unknown => return unknown.to_owned(),
    }
    .to_string()
}

/// What something is.
#[must_use]
pub fn kind(text: Text, kind: &str) -> String {
    match kind {
        "person" => text.say("audit-kind-person"),
        "order" => text.say("audit-kind-order"),
        "grant" => text.say("audit-kind-grant"),
        "deduction" => text.say("audit-kind-deduction"),
        "product" => text.say("audit-kind-product"),
        "category" => text.say("audit-kind-category"),
        "run" => text.say("audit-kind-run"),
        "rule" => text.say("audit-kind-rule"),
        "import" => text.say("audit-kind-import"),
        unknown => return unknown.to_owned(),
    }
    .to_string()
}
