//! The one place that takes from lots and writes down what was taken. Draws are only ever added.

use sea_orm::{EntityTrait, Set};

use crate::entity::draws;
use crate::error::{Error, Result};
use crate::ledger::lots::Draw;
use crate::platform::db::Tx;
use crate::platform::dialect;

/// Takes what `planned` says and remembers it under the transfer.
pub(super) async fn apply(tx: &Tx, transfer_id: i64, planned: &[Draw]) -> Result<()> {
    for draw in planned {
        let taken = dialect::execute(
            tx,
            "UPDATE lots SET remaining = remaining - ? WHERE id = ? AND remaining >= ?",
            [draw.amount.into(), draw.lot_id.into(), draw.amount.into()],
        )
        .await?;
        if taken != 1 {
            return Err(Error::Internal(anyhow::anyhow!(
                "lot {} changed under the account's lock",
                draw.lot_id
            )));
        }
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
