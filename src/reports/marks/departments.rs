//! What marks say of departments. People change where they are, and whether they are; so a mark remembers of how many
//! people and changes it knows, and speaks of departments only as long as there are no others: both numbers only grow.

use futures::FutureExt;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
};

use crate::entity::marks;
use crate::error::Result;
use crate::platform::db::{Db, Tx};
use crate::platform::dialect;
use crate::reports::departments::{self, Span};
use crate::reports::figures::BEGINNING;
use crate::types::time::Timestamp;

/// How many people there are, and how often they were changed in all.
#[derive(Clone, Copy, Debug, FromQueryResult)]
struct Known {
    people: i64,
    versions: i64,
}

const KNOWN: &str = "SELECT CAST(COUNT(*) AS SIGNED) AS people, \
     CAST(COALESCE(SUM(version), 0) AS SIGNED) AS versions FROM people";

/// The last marks that are not after these moments, if they know the departments as they are. Before the first mark it is
/// the beginning of time, of which everything is known.
pub(in crate::reports) async fn known_before<const N: usize>(
    db: &impl ConnectionTrait,
    moments: [Timestamp; N],
) -> Result<Option<[Timestamp; N]>> {
    let Some(Known { people, versions }) = dialect::row(db, KNOWN, []).await? else { return Ok(None) };
    let mut known = [BEGINNING; N];
    for (known, moment) in known.iter_mut().zip(moments) {
        let last =
            marks::Entity::find().filter(marks::Column::At.lte(moment)).order_by_desc(marks::Column::At);
        if let Some(mark) = last.one(db).await? {
            if (mark.people, mark.versions) != (Some(people), Some(versions)) {
                return Ok(None);
            }
            *known = mark.at;
        }
    }
    Ok(Some(known))
}

/// The job: makes what is missing, or of other people than there are now; what is read most comes first. Returns how many.
///
/// # Errors
/// When the database fails; what is made stays.
pub async fn run(db: &Db) -> Result<usize> {
    let Some(Known { people, versions }) = dialect::row(db.reads(), KNOWN, []).await? else { return Ok(0) };
    let of_others = Condition::any()
        .add(marks::Column::People.is_null())
        .add(marks::Column::People.ne(people))
        .add(marks::Column::Versions.ne(versions));
    let of_others = marks::Entity::find().filter(of_others).order_by_desc(marks::Column::At);
    let of_others = of_others.all(db.reads()).await?;
    for mark in &of_others {
        let at = mark.at;
        db.write("reports.mark_departments", move |tx| make(tx, at).boxed()).await?;
    }
    Ok(of_others.len())
}

async fn make(tx: &Tx, at: Timestamp) -> Result<()> {
    // The mark is held first, so that two who make the same one do it one after the other.
    let forgotten = "UPDATE marks SET people = NULL, versions = NULL WHERE at = ?";
    dialect::execute(tx, forgotten, [at.into()]).await?;
    // Asked before people are: whoever is changed from here on makes it a mark of other people, and never the other way round.
    let Some(Known { people, versions }) = dialect::row(tx, KNOWN, []).await? else { return Ok(()) };
    dialect::execute(tx, "DELETE FROM department_marks WHERE mark_at = ?", [at.into()]).await?;
    dialect::execute(
        tx,
        "INSERT INTO department_marks (mark_at, department, redeemed_since, people, active, issued, redeemed, refunded, expired, deducted) \
         SELECT ?, department, redeemed_since, COUNT(*), SUM(active), SUM(issued), SUM(redeemed), SUM(refunded), SUM(expired), \
           SUM(deducted) FROM ( \
           SELECT p.department, m.redeemed_since, \
             CASE WHEN p.is_active THEN 1 ELSE 0 END AS active, COALESCE(m.issued, 0) AS issued, \
             COALESCE(m.redeemed, 0) AS redeemed, COALESCE(m.refunded, 0) AS refunded, \
             COALESCE(m.expired, 0) AS expired, COALESCE(m.deducted, 0) AS deducted \
           FROM people p LEFT JOIN accounts a ON a.person_id = p.id \
             LEFT JOIN account_marks m ON m.mark_at = ? AND m.account_id = a.id \
         ) parts GROUP BY department, HEX(department), redeemed_since",
        [at.into(), at.into()],
    )
    .await?;
    let known = [people.into(), versions.into(), at.into()];
    dialect::execute(tx, "UPDATE marks SET people = ?, versions = ? WHERE at = ?", known).await?;
    Ok(())
}

/// Whether a mark says of departments what it says of their people, as far as it knows them.
pub(super) async fn fit(db: &impl ConnectionTrait, mark: &marks::Model) -> Result<bool> {
    if known_before(db, [mark.at]).await? != Some([mark.at]) {
        return Ok(true);
    }
    let span = Span { from: BEGINNING, before: mark.at };
    let said = departments::from_marks(db, span, BEGINNING, mark.at).await?;
    Ok(said == departments::from_accounts(db, span).await?)
}
