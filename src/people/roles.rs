//! What a person may do beyond shopping: the roles that follow from the identity provider's groups, anew at each sign-in.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::json;

use crate::audit::{self, Act};
use crate::error::Result;
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::id::PersonId;
use crate::types::role::Role;
use crate::types::time::Timestamp;

/// The roles of `groups`; groups that mean nothing here give none.
#[must_use]
pub fn of_groups(groups: &[String], group_roles: &[(String, Role)]) -> Vec<Role> {
    let roles: BTreeSet<Role> =
        group_roles.iter().filter(|(group, _)| groups.contains(group)).map(|(_, role)| *role).collect();
    roles.into_iter().collect()
}

/// Gives a person exactly these roles; the audit trail hears of it when they are others than before.
///
/// # Errors
/// [`crate::error::Error::NotFound`] when there is nobody of this id.
pub async fn replace(
    tx: &Tx,
    now: Timestamp,
    actor: Actor,
    person_id: PersonId,
    roles: &[Role],
) -> Result<()> {
    super::lock_person(tx, person_id).await?;
    let before = names(tx, person_id).await?;
    let after: BTreeSet<String> = roles.iter().map(|role| role.name().to_owned()).collect();
    if before == after {
        return Ok(());
    }
    for role in before.difference(&after) {
        let values = [person_id.into(), role.as_str().into()];
        dialect::execute(tx, "DELETE FROM person_roles WHERE person_id = ? AND role = ?", values).await?;
    }
    for role in after.difference(&before) {
        let values = [person_id.into(), role.as_str().into()];
        dialect::execute(tx, "INSERT INTO person_roles (person_id, role) VALUES (?, ?)", values).await?;
    }
    let act = Act {
        action: "person.roles",
        subject_kind: "person",
        subject_id: person_id.to_string(),
        details: json!({ "before": before, "after": after }),
    };
    audit::record(tx, now, actor, act).await
}

async fn names(db: &impl ConnectionTrait, person_id: PersonId) -> Result<BTreeSet<String>> {
    #[derive(FromQueryResult)]
    struct Held {
        role: String,
    }
    let held: Vec<Held> =
        dialect::rows(db, "SELECT role FROM person_roles WHERE person_id = ?", [person_id.into()]).await?;
    Ok(held.into_iter().map(|row| row.role).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::role::Desk;

    #[test]
    fn known_groups_give_roles_once_and_others_none() {
        let table = [
            ("shop-admins".to_owned(), Role::SuperAdmin),
            ("hr-points".to_owned(), Role::Desk(Desk::Points)),
            ("payroll".to_owned(), Role::Desk(Desk::Points)),
        ];
        let of = |groups: &[&str]| {
            of_groups(&groups.iter().map(|&group| group.to_owned()).collect::<Vec<_>>(), &table)
        };
        assert_eq!(of(&["payroll", "hr-points", "eu-west-1_Google"]), [Role::Desk(Desk::Points)]);
        assert_eq!(of(&["shop-admins", "payroll"]), [Role::SuperAdmin, Role::Desk(Desk::Points)]);
        assert_eq!(of(&["Shop-Admins", ""]), []);
        assert_eq!(of(&[]), []);
    }
}
