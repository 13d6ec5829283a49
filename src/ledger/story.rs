//! Where points came from and where they went: for what goes out the lots it drew, for what came in what drew it.

use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::{draws, grants, lots, orders, refund_parts, transfers};
use crate::error::Result;
use crate::types::id::{AccountId, GrantId, LotId, OrderId};
use crate::types::points::Points;
use crate::types::time::Timestamp;
use crate::types::transfer_kind::TransferKind;

/// Draws looked at for one page.
const MOST_DRAWS: u64 = 2_000;

/// So many points, and the transfer at their other end.
#[derive(Clone, Debug)]
pub struct Piece {
    pub amount: Points,
    pub kind: TransferKind,
    pub at: Timestamp,
    /// The note of a grant or a deduction; empty for most others.
    pub reason: String,
    pub order_number: Option<String>,
    /// The grant that this transfer made.
    pub grant_id: Option<GrantId>,
}

/// The lot that a transfer made.
#[derive(Clone, Debug)]
pub struct Made {
    pub id: LotId,
    pub remaining: Points,
}

/// What is known of the transfers and lots of one page.
#[derive(Clone, Debug, Default)]
pub struct Story {
    /// By transfer: what it drew, or gave back, by where that had come from.
    pub from: HashMap<i64, Vec<Piece>>,
    /// By lot: what drew it, the oldest first, without what came back of it.
    pub to: HashMap<LotId, Vec<Piece>>,
    /// By transfer: the lot it made.
    pub made: HashMap<i64, Made>,
}

/// The story of these transfers of an account, and of lots of the same.
///
/// # Errors
/// When the database fails.
pub async fn tell(
    db: &impl ConnectionTrait,
    account_id: AccountId,
    told: &[i64],
    open: &[LotId],
) -> Result<Story> {
    let own = lots::Entity::find()
        .filter(lots::Column::AccountId.eq(account_id))
        .filter(lots::Column::TransferId.is_in(told.iter().copied()))
        .all(db)
        .await?;
    let mut story = Story::default();
    for lot in &own {
        story.made.insert(lot.transfer_id, Made { id: lot.id, remaining: lot.remaining });
    }
    let followed: HashSet<LotId> = own.iter().map(|lot| lot.id).chain(open.iter().copied()).collect();
    let taken = draws_of(db, draws::Column::TransferId.is_in(told.iter().copied())).await?;
    let spent = draws_of(db, draws::Column::LotId.is_in(followed.iter().copied())).await?;
    let returned = refund_parts::Entity::find()
        .filter(
            refund_parts::Column::TransferId
                .is_in(told.iter().copied())
                .or(refund_parts::Column::DrawId.is_in(spent.iter().map(|draw| draw.id))),
        )
        .limit(MOST_DRAWS)
        .all(db)
        .await?;
    let given_back = draws_of(db, draws::Column::Id.is_in(returned.iter().map(|part| part.draw_id))).await?;
    let source: HashMap<i64, LotId> =
        taken.iter().chain(&given_back).chain(&spent).map(|draw| (draw.id, draw.lot_id)).collect();
    let ends = Ends::of(db, source.values().copied(), spent.iter().map(|draw| draw.transfer_id)).await?;

    for draw in &taken {
        let piece = ends.source(draw.lot_id, draw.amount);
        story.from.entry(draw.transfer_id).or_default().extend(piece);
    }
    for part in returned.iter().filter(|part| told.contains(&part.transfer_id)) {
        let piece = source.get(&part.draw_id).and_then(|lot| ends.source(*lot, part.amount));
        story.from.entry(part.transfer_id).or_default().extend(piece);
    }
    for draw in &spent {
        let back = returned.iter().filter(|part| part.draw_id == draw.id && part.grace_lot_id.is_none());
        let back = Points::sum(back.map(|part| part.amount)).unwrap_or_default();
        let kept = draw.amount.minus(back).unwrap_or_default();
        if kept > Points::ZERO {
            story.to.entry(draw.lot_id).or_default().extend(ends.piece(draw.transfer_id, kept));
        }
    }
    Ok(story)
}

async fn draws_of(
    db: &impl ConnectionTrait,
    which: impl sea_orm::sea_query::IntoCondition,
) -> Result<Vec<draws::Model>> {
    let found = draws::Entity::find().filter(which).order_by_asc(draws::Column::Id).limit(MOST_DRAWS);
    Ok(found.all(db).await?)
}

/// The transfers at the other ends.
struct Ends {
    transfers: HashMap<i64, transfers::Model>,
    /// The transfer that made each lot.
    origins: HashMap<LotId, i64>,
    numbers: HashMap<OrderId, String>,
    /// By transfer.
    grants: HashMap<i64, GrantId>,
}

impl Ends {
    async fn of(
        db: &impl ConnectionTrait,
        drawn: impl Iterator<Item = LotId>,
        spending: impl Iterator<Item = i64>,
    ) -> Result<Self> {
        let drawn: HashSet<LotId> = drawn.collect();
        let lots = lots::Entity::find().filter(lots::Column::Id.is_in(drawn)).all(db).await?;
        let origins: HashMap<_, _> = lots.into_iter().map(|lot| (lot.id, lot.transfer_id)).collect();
        let wanted: HashSet<i64> = origins.values().copied().chain(spending).collect();
        let found = transfers::Entity::find().filter(transfers::Column::Id.is_in(wanted)).all(db).await?;
        let ordered: HashSet<_> = found.iter().filter_map(|transfer| transfer.order_id).collect();
        let ordered = orders::Entity::find().filter(orders::Column::Id.is_in(ordered)).all(db).await?;
        let granted: Vec<(i64, GrantId)> = grants::Entity::find()
            .select_only()
            .columns([grants::Column::TransferId, grants::Column::Id])
            .filter(grants::Column::TransferId.is_in(found.iter().map(|transfer| transfer.id)))
            .into_tuple()
            .all(db)
            .await?;
        Ok(Self {
            transfers: found.into_iter().map(|transfer| (transfer.id, transfer)).collect(),
            origins,
            numbers: ordered.into_iter().map(|order| (order.id, order.number)).collect(),
            grants: granted.into_iter().collect(),
        })
    }

    fn source(&self, lot: LotId, amount: Points) -> Option<Piece> {
        self.piece(*self.origins.get(&lot)?, amount)
    }

    fn piece(&self, transfer_id: i64, amount: Points) -> Option<Piece> {
        let transfer = self.transfers.get(&transfer_id)?;
        Some(Piece {
            amount,
            kind: transfer.kind,
            at: transfer.at,
            reason: transfer.reason.clone(),
            order_number: transfer.order_id.and_then(|id| self.numbers.get(&id).cloned()),
            grant_id: self.grants.get(&transfer_id).copied(),
        })
    }
}
