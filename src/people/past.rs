//! What was done to a person's account, the newest first: acts on the person, what somebody did to their points and made of
//! a rule for them, and orders of theirs that somebody else cancelled. What the shop gives by rule stands in the statement.

use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::audit_events::Column;
use crate::entity::{audit_events, people};
use crate::error::Result;
use crate::types::id::PersonId;

/// Deeds that a page shows.
pub const MOST: u64 = 20;

/// Something that was done, and who did it, unless it was the shop.
#[derive(Clone, Debug)]
pub struct Deed {
    pub event: audit_events::Model,
    pub actor: Option<String>,
}

/// The latest deeds, and whether there are older ones.
#[derive(Clone, Debug)]
pub struct Past {
    pub deeds: Vec<Deed>,
    pub is_longer: bool,
}

/// The latest deeds, no more than [`MOST`].
///
/// # Errors
/// When the database fails.
pub async fn latest(db: &impl ConnectionTrait, person_id: PersonId) -> Result<Past> {
    // The index by person has them in this order.
    let mut events = audit_events::Entity::find()
        .filter(done_to(person_id))
        .order_by_desc(Column::At)
        .order_by_desc(Column::Id)
        .limit(MOST + 1)
        .all(db)
        .await?;
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    let is_longer = events.len() > most;
    events.truncate(most);
    let actors = people::Entity::find()
        .filter(people::Column::Id.is_in(events.iter().filter_map(|event| event.actor_id)))
        .all(db)
        .await?;
    let name = |id: PersonId| actors.iter().find(|person| person.id == id).map(|person| person.name.clone());
    let deeds =
        events.into_iter().map(|event| Deed { actor: event.actor_id.and_then(name), event }).collect();
    Ok(Past { deeds, is_longer })
}

/// Acts on the person; acts by somebody on a grant, a deduction or a rule of theirs; orders that somebody else cancelled.
fn done_to(person_id: PersonId) -> Condition {
    let to_their_points =
        Condition::all().add(Column::SubjectKind.ne("order")).add(Column::ActorId.is_not_null());
    // Nobody is not somebody else: what the shop itself cancels has no actor and stays out.
    let to_their_orders =
        Condition::all().add(Column::Action.eq("order.cancel")).add(Column::ActorId.ne(person_id));
    let any =
        Condition::any().add(Column::SubjectKind.eq("person")).add(to_their_points).add(to_their_orders);
    Condition::all().add(Column::PersonId.eq(person_id)).add(any)
}
