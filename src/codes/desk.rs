//! Codes as the desk sees them: how many are in which state, and each by its last four characters.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
};

use crate::entity::{code_batches, codes};
use crate::error::Result;
use crate::platform::dialect;
use crate::types::form_key::FormKey;
use crate::types::id::{CodeId, ProductId};
use crate::types::paging::{Paged, Paging};
use crate::types::time::Timestamp;

/// Rows of a download.
pub const MOST_EXPORTED: u64 = 50_000;

/// What has become of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeState {
    Free,
    /// Sold, and not looked at yet.
    Assigned,
    Revealed,
    Withdrawn,
}

/// How many codes of a product are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Counts {
    pub free: i64,
    pub assigned: i64,
    pub revealed: i64,
    pub withdrawn: i64,
}

/// A code of the list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Listed {
    pub id: CodeId,
    pub last_four: String,
    pub created_at: Timestamp,
    pub claimed_at: Option<Timestamp>,
    pub revealed_at: Option<Timestamp>,
    pub withdrawn_at: Option<Timestamp>,
}

/// What the list is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub product_id: ProductId,
    pub state: Option<CodeState>,
    /// Exactly what staff see of it; empty for any.
    pub last_four: String,
}

impl CodeState {
    /// All of them, in the order of a code's life.
    pub const ALL: [Self; 4] = [Self::Free, Self::Assigned, Self::Revealed, Self::Withdrawn];

    /// Its name in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Assigned => "assigned",
            Self::Revealed => "revealed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Listed {
    /// What has become of it.
    #[must_use]
    pub fn state(&self) -> CodeState {
        match (self.withdrawn_at, self.claimed_at, self.revealed_at) {
            (Some(_), ..) => CodeState::Withdrawn,
            (None, _, Some(_)) => CodeState::Revealed,
            (None, Some(_), None) => CodeState::Assigned,
            (None, None, None) => CodeState::Free,
        }
    }
}

/// How many codes a product has.
///
/// # Errors
/// When the database fails.
pub async fn counts(db: &impl ConnectionTrait, product_id: ProductId) -> Result<Counts> {
    let row = dialect::row(
        db,
        "SELECT COUNT(CASE WHEN order_line_id IS NULL AND withdrawn_at IS NULL THEN 1 END) AS free, \
           COUNT(CASE WHEN order_line_id IS NOT NULL AND revealed_at IS NULL THEN 1 END) AS assigned, \
           COUNT(revealed_at) AS revealed, COUNT(withdrawn_at) AS withdrawn FROM codes WHERE product_id = ?",
        [product_id.into()],
    )
    .await?;
    Ok(row.unwrap_or_default())
}

/// One page of the codes that are wanted, the newest first. A page beyond the last is the last one.
///
/// # Errors
/// When the database fails.
pub async fn page(
    db: &impl ConnectionTrait,
    wanted: &Wanted,
    paging: Paging,
) -> Result<(Paged<Listed>, Paging)> {
    let found = codes::Entity::find().filter(condition(wanted));
    let total = found.clone().select_only().column(codes::Column::Id).count(db).await?;
    let paging = paging.within(total);
    let rows = columns(found).offset(paging.offset()).limit(paging.limit());
    Ok((Paged { rows: rows.into_model().all(db).await?, total }, paging))
}

/// All that are wanted, for a download, no more than [`MOST_EXPORTED`].
///
/// # Errors
/// When the database fails.
pub async fn whole(db: &impl ConnectionTrait, wanted: &Wanted) -> Result<Vec<Listed>> {
    let found = columns(codes::Entity::find().filter(condition(wanted))).limit(MOST_EXPORTED);
    Ok(found.into_model().all(db).await?)
}

/// A batch of a product's.
///
/// # Errors
/// When the database fails.
pub async fn batch(
    db: &impl ConnectionTrait,
    product_id: ProductId,
    key: FormKey,
) -> Result<Option<code_batches::Model>> {
    let batch = code_batches::Entity::find_by_id(key).one(db).await?;
    Ok(batch.filter(|batch| batch.product_id == product_id))
}

fn columns(query: Select<codes::Entity>) -> Select<codes::Entity> {
    query.order_by_desc(codes::Column::Id).select_only().columns([
        codes::Column::Id,
        codes::Column::LastFour,
        codes::Column::CreatedAt,
        codes::Column::ClaimedAt,
        codes::Column::RevealedAt,
        codes::Column::WithdrawnAt,
    ])
}

fn condition(wanted: &Wanted) -> Condition {
    let (line, withdrawn) = (codes::Column::OrderLineId, codes::Column::WithdrawnAt);
    let revealed = codes::Column::RevealedAt;
    let state = wanted.state.map(|state| match state {
        CodeState::Free => Condition::all().add(line.is_null()).add(withdrawn.is_null()),
        CodeState::Assigned => Condition::all().add(line.is_not_null()).add(revealed.is_null()),
        CodeState::Revealed => Condition::all().add(revealed.is_not_null()),
        CodeState::Withdrawn => Condition::all().add(withdrawn.is_not_null()),
    });
    let last_four = (!wanted.last_four.is_empty()).then(|| codes::Column::LastFour.eq(&wanted.last_four));
    Condition::all()
        .add(codes::Column::ProductId.eq(wanted.product_id))
        .add_option(state)
        .add_option(last_four)
}
