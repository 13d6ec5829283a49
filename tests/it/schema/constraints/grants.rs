//! Points by hand, by rule and for many people at once, and what HR took back.

use super::{Breach, check, foreign_key, primary_key, unique};

pub(super) const BREACHES: &[Breach] = &[
    primary_key("grants (id)", "UPDATE grants SET id = x'01'"),
    unique("grants_transfer_once", "grants (transfer_id)", "UPDATE grants SET transfer_id = 1"),
    unique("grants_rule_once", "grants (rule, period, person_id)", "UPDATE grants SET period = 'same'"),
    unique("grants_form_key", "grants (form_key)", "UPDATE grants SET form_key = x'01'"),
    unique("grants_run_once", "grants (run_id, run_position)", "UPDATE grants SET run_position = 1"),
    foreign_key(
        "grants_person",
        "grants (person_id) REFERENCES people (id)",
        "UPDATE grants SET person_id = x'EE'",
    ),
    foreign_key(
        "grants_transfer",
        "grants (transfer_id) REFERENCES transfers (id)",
        "UPDATE grants SET transfer_id = 999 WHERE period = '2026-05'",
    ),
    foreign_key(
        "grants_actor",
        "grants (actor_id) REFERENCES people (id)",
        "UPDATE grants SET actor_id = x'EE'",
    ),
    check("grants_amount_positive", "UPDATE grants SET amount = 0"),
    // Deductions.
    primary_key("deductions (id)", "UPDATE deductions SET id = x'01'"),
    unique("deductions_transfer_once", "deductions (transfer_id)", "UPDATE deductions SET transfer_id = 1"),
    unique("deductions_form_key", "deductions (form_key)", "UPDATE deductions SET form_key = x'01'"),
    foreign_key(
        "deductions_person",
        "deductions (person_id) REFERENCES people (id)",
        "UPDATE deductions SET person_id = x'EE'",
    ),
    foreign_key(
        "deductions_transfer",
        "deductions (transfer_id) REFERENCES transfers (id)",
        "UPDATE deductions SET transfer_id = 999 WHERE amount = 5",
    ),
    foreign_key(
        "deductions_actor",
        "deductions (actor_id) REFERENCES people (id)",
        "UPDATE deductions SET actor_id = x'EE'",
    ),
    check("deductions_amount_positive", "UPDATE deductions SET amount = 0"),
    // Rules.
    primary_key("grant_rules (id)", "UPDATE grant_rules SET id = x'01' WHERE kind = 'welcome'"),
    check("grant_rules_amount_positive", "UPDATE grant_rules SET amount = 0"),
    check("grant_rules_kind_known", "UPDATE grant_rules SET kind = 'weekly' WHERE kind = 'welcome'"),
    check("grant_rules_day_of_month", "UPDATE grant_rules SET day_of_month = NULL"),
    check("grant_rules_day_of_month", "UPDATE grant_rules SET day_of_month = 1"),
    check("grant_rules_day_within", "UPDATE grant_rules SET day_of_month = 0 WHERE kind = 'monthly'"),
    check("grant_rules_day_within", "UPDATE grant_rules SET day_of_month = 32 WHERE kind = 'monthly'"),
    check("grant_rules_second_pair_of_eyes", "UPDATE grant_rules SET maker_id = x'01', judge_id = x'01'"),
    primary_key(
        "grant_rule_overrides (rule_id, person_id)",
        "UPDATE grant_rule_overrides SET rule_id = x'01', person_id = x'01'",
    ),
    foreign_key(
        "grant_rule_overrides_rule",
        "grant_rule_overrides (rule_id) REFERENCES grant_rules (id)",
        "UPDATE grant_rule_overrides SET rule_id = x'EE'",
    ),
    foreign_key(
        "grant_rule_overrides_person",
        "grant_rule_overrides (person_id) REFERENCES people (id)",
        "UPDATE grant_rule_overrides SET person_id = x'EE'",
    ),
    check("grant_rule_overrides_amount_positive", "UPDATE grant_rule_overrides SET amount = 0"),
    primary_key("grant_rule_rounds (rule_id, slot)", "UPDATE grant_rule_rounds SET slot = '2026-05'"),
    foreign_key(
        "grant_rule_rounds_rule",
        "grant_rule_rounds (rule_id) REFERENCES grant_rules (id)",
        "UPDATE grant_rule_rounds SET rule_id = x'EE'",
    ),
    // Runs.
    primary_key("grant_runs (id)", "UPDATE grant_runs SET id = x'01' WHERE origin = 'single'"),
    unique("grant_runs_form_key", "grant_runs (form_key)", "UPDATE grant_runs SET form_key = x'01'"),
    foreign_key(
        "grant_runs_maker",
        "grant_runs (maker_id) REFERENCES people (id)",
        "UPDATE grant_runs SET maker_id = x'EE'",
    ),
    foreign_key(
        "grant_runs_judge",
        "grant_runs (judge_id) REFERENCES people (id)",
        "UPDATE grant_runs SET judge_id = x'EE'",
    ),
    foreign_key(
        "grant_runs_reverser",
        "grant_runs (reverser_id) REFERENCES people (id)",
        "UPDATE grant_runs SET reverser_id = x'EE'",
    ),
    check("grant_runs_second_pair_of_eyes", "UPDATE grant_runs SET judge_id = maker_id"),
    check("grant_runs_granted_within", "UPDATE grant_runs SET granted_count = 2"),
    check("grant_runs_granted_within", "UPDATE grant_runs SET failed_count = 2"),
    check("grant_runs_taken_back_within", "UPDATE grant_runs SET taken_back_count = 2"),
    check("grant_runs_taken_back_within", "UPDATE grant_runs SET kept_count = 1"),
    primary_key("grant_run_rows (run_id, position)", "UPDATE grant_run_rows SET position = 1"),
    foreign_key(
        "grant_run_rows_run",
        "grant_run_rows (run_id) REFERENCES grant_runs (id)",
        "UPDATE grant_run_rows SET run_id = x'EE'",
    ),
    foreign_key(
        "grant_run_rows_person",
        "grant_run_rows (person_id) REFERENCES people (id)",
        "UPDATE grant_run_rows SET person_id = x'EE'",
    ),
    check("grant_run_rows_whole", "UPDATE grant_run_rows SET person_id = NULL WHERE position = 1"),
    check("grant_run_rows_whole", "UPDATE grant_run_rows SET amount = 0 WHERE position = 1"),
];
