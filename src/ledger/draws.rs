//! The one place that takes from lots and writes down what was taken. Draws are only ever added.

use sea_orm::sea_query::{CaseStatement, Expr};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, Set};

use crate::entity::{draws, lots};
use crate::error::{Error, Result};
use crate::ledger::lots::Draw;
use crate::platform::db::Tx;

/// Takes what `planned` says and remembers it under the transfer.
pub(super) async fn apply(tx: &Tx, transfer_id: i64, planned: &[Draw]) -> Result<()> {
    let (id, remaining) = (|| Expr::col(lots::Column::Id), || Expr::col(lots::Column::Remaining));
    let drawn = planned
        .iter()
        .fold(CaseStatement::new(), |drawn, draw| drawn.case(id().eq(draw.lot_id), draw.amount));
    let drawn = Expr::expr(drawn);
    let taken = lots::Entity::update_many()
        .col_expr(lots::Column::Remaining, remaining().sub(drawn.clone()))
        .filter(lots::Column::Id.is_in(planned.iter().map(|draw| draw.lot_id)))
        .filter(remaining().gte(drawn))
        .exec(tx)
        .await?;
    if usize::try_from(taken.rows_affected).ok() != Some(planned.len()) {
        return Err(Error::Internal(anyhow::anyhow!(
            "a lot of transfer {transfer_id} changed under the account's lock"
        )));
    }
    let rows = planned.iter().map(|draw| draws::ActiveModel {
        transfer_id: Set(transfer_id),
        lot_id: Set(draw.lot_id),
        amount: Set(draw.amount),
        ..Default::default()
    });
    draws::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}
