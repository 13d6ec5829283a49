//! What was done to a person's account, the newest first: the audit trail's rows about the person, and about what somebody
//! gave to them. What the shop gives by rule stands in the statement.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::entity::{audit_events, grants, people};
use crate::error::Result;
use crate::types::id::{GrantId, PersonId};

/// Rows that a page shows.
const MOST: u64 = 20;

/// Something that was done, and who did it, unless it was the shop.
#[derive(Clone, Debug)]
pub struct Deed {
    pub event: audit_events::Model,
    pub actor: Option<String>,
}

/// The latest deeds.
///
/// # Errors
/// When the database fails.
pub async fn latest(db: &impl ConnectionTrait, person_id: PersonId) -> Result<Vec<Deed>> {
    let given: Vec<GrantId> = grants::Entity::find()
        .select_only()
        .column(grants::Column::Id)
        .filter(grants::Column::PersonId.eq(person_id).and(grants::Column::ActorId.is_not_null()))
        .order_by_desc(grants::Column::Id)
        .limit(MOST)
        .into_tuple()
        .all(db)
        .await?;
    let mut events = about(db, "person", vec![person_id.to_string()]).await?;
    events.extend(about(db, "grant", given.iter().map(ToString::to_string).collect()).await?);
    events.sort_by_key(|event| std::cmp::Reverse(event.id));
    events.truncate(usize::try_from(MOST).unwrap_or_default());
    let actors = people::Entity::find()
        .filter(people::Column::Id.is_in(events.iter().filter_map(|event| event.actor_id)))
        .all(db)
        .await?;
    let name = |id: PersonId| actors.iter().find(|person| person.id == id).map(|person| person.name.clone());
    Ok(events.into_iter().map(|event| Deed { actor: event.actor_id.and_then(name), event }).collect())
}

async fn about(db: &impl ConnectionTrait, kind: &str, ids: Vec<String>) -> Result<Vec<audit_events::Model>> {
    let these = Condition::all()
        .add(audit_events::Column::SubjectKind.eq(kind))
        .add(audit_events::Column::SubjectId.is_in(ids));
    let found = audit_events::Entity::find().filter(these);
    Ok(found.order_by_desc(audit_events::Column::Id).limit(MOST).all(db).await?)
}
