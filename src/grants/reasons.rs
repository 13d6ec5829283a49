//! Why points are given and taken: two closed lists of codes. Their sentences are in `locales/`.

use crate::types::rule_kind::RuleKind;

/// Why HR gives points by hand, in the order in which forms offer them.
pub const OF_GRANTS: [&str; 8] =
    ["thank-you", "achievement", "idea", "referral", "campaign", "anniversary", "compensation", "other"];

/// Why a rule gives them.
pub const OF_RULES: [&str; 4] = [
    RuleKind::Monthly.name(),
    RuleKind::Anniversary.name(),
    RuleKind::Birthday.name(),
    RuleKind::Welcome.name(),
];

/// Why HR takes points. None of them is a reason to give any, so a code tells the one from the other.
pub const OF_DEDUCTIONS: [&str; 4] = ["mistake", "twice", "agreed", "adjustment"];

/// The code of that name, as HR may choose it for a grant.
#[must_use]
pub fn of_grant(name: &str) -> Option<&'static str> {
    OF_GRANTS.into_iter().find(|code| *code == name)
}

/// The code of that name, as HR may choose it for a deduction.
#[must_use]
pub fn of_deduction(name: &str) -> Option<&'static str> {
    OF_DEDUCTIONS.into_iter().find(|code| *code == name)
}

/// Every code there is, none twice.
pub fn all() -> impl Iterator<Item = &'static str> {
    let of_rules = OF_RULES.into_iter().filter(|code| !OF_GRANTS.contains(code));
    OF_GRANTS.into_iter().chain(of_rules).chain(OF_DEDUCTIONS)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_code_tells_giving_from_taking() {
        assert_eq!(all().collect::<BTreeSet<_>>().len(), all().count());
        assert!(OF_DEDUCTIONS.iter().all(|code| of_grant(code).is_none() && !OF_RULES.contains(code)));
        assert_eq!(
            (of_grant("idea"), of_grant("monthly"), of_deduction("twice")),
            (Some("idea"), None, Some("twice"))
        );
    }
}
