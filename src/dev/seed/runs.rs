//! Runs of the demonstration: one that waits for a second pair of eyes, one that was rejected, and a draft with rows that
//! cannot be granted. None of them has given anything yet.

use sea_orm::FromQueryResult;

use crate::dev::cast::{self, CLARA, HELENA};
use crate::error::Result;
use crate::grants::runs::commit::{self, Consent};
use crate::grants::runs::propose::{self, Plan};
use crate::grants::runs::{Terms, approve, check, directory, read};
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::grant_run::{RunEnds, RunOrigin};
use crate::types::id::{PersonId, RunId};
use crate::types::time::Timestamp;

const CAMPAIGN: &str = "number,amount,note\nE-1007,5000,\nE-1012,5000,\nE-1019,5000,\nE-1038,5000,\n\
                        E-1024,5000,For carrying the fair on your shoulders\n";
const BONUS: &str =
    "e-mail,amount\nmara.lindqvist@awsomeshop.example,12000\njonas.weber@awsomeshop.example,12000\n";
const IDEAS: &str = "number or e-mail;amount;note\nE-1015;80;\nE-1022;80;\nE-1028;80;\nE-1031;900;Two ideas at once\n\
                     E-1099;80;\nE-1043;12,5;\nE-1015;80;\nE-1001;80;\n";

/// Makes them.
pub(super) async fn make(tx: &Tx, now: Timestamp, terms: Terms) -> Result<()> {
    let (helena, clara) = (person(tx, HELENA).await?, person(tx, CLARA).await?);
    let two_days_ago = now.plus_days(-2);
    let bonus =
        sheet(tx, two_days_ago, helena, ("spot-bonus.csv", "achievement", "Spot bonus"), BONUS).await?;
    let yes = Consent { version: 1, ..Consent::default() };
    commit::commit(tx, two_days_ago, helena, bonus, yes, &terms).await?;
    let why = "One zero too many: 1,200 was agreed.".to_owned();
    approve::reject(tx, now.plus_days(-1), clara, bonus, 2, why).await?;
    let named = ("trade-fair.csv", "campaign", "Thank you for the trade fair");
    let campaign = sheet(tx, now.plus_seconds(-7_200), clara, named, CAMPAIGN).await?;
    commit::commit(tx, now.plus_seconds(-7_000), clara, campaign, yes, &terms).await?;
    let named = ("ideas-of-the-month.csv", "idea", "For an idea that we use now");
    sheet(tx, now.plus_seconds(-1_800), helena, named, IDEAS).await?;
    Ok(())
}

async fn sheet(
    tx: &Tx,
    at: Timestamp,
    maker: PersonId,
    (file, reason, note): (&str, &'static str, &str),
    text: &str,
) -> Result<RunId> {
    let typed =
        read::rows(Some(text.as_bytes())).map_err(|problem| anyhow::anyhow!("{file}: {problem:?}"))?;
    let known = directory::of_rows(tx, &typed).await?;
    let plan = Plan {
        origin: RunOrigin::Sheet,
        file_name: file.to_owned(),
        reason,
        note: note.to_owned(),
        ends: RunEnds::Policy,
        rows: check::judge(&typed, &known, maker),
    };
    propose::draft(tx, at, maker, plan).await
}

async fn person(tx: &Tx, key: &str) -> Result<PersonId> {
    #[derive(FromQueryResult)]
    struct Row {
        id: PersonId,
    }
    let member = cast::member(key).ok_or_else(|| anyhow::anyhow!("nobody is called {key}"))?;
    let sql = "SELECT id FROM people WHERE email = ?";
    let row: Option<Row> = dialect::row(tx, sql, [member.email.as_str().into()]).await?;
    Ok(row.ok_or_else(|| anyhow::anyhow!("{key} is not here yet"))?.id)
}
