//! What the points desk has to show: rules that begin next month, one that waits for a second pair of eyes, one that was paused and
//! has missed birthdays, an exception, points that were taken, and a grant that was taken back at once.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::APPROVAL_ABOVE;
use super::staff::load;
use crate::dev::cast;
use crate::entity::grants;
use crate::error::Result;
use crate::grants::deduct::{self, Deduction};
use crate::grants::rules::edit::{self, Terms};
use crate::grants::rules::overrides;
use crate::grants::single::{self, Ends, Grant};
use crate::grants::undo;
use crate::outbox;
use crate::platform::db::Tx;
use crate::types::actor::Actor;
use crate::types::form_key::FormKey;
use crate::types::id::RuleId;
use crate::types::points::Points;
use crate::types::rule_kind::RuleKind;
use crate::types::time::{Day, Timestamp};

/// Lets it happen; all of it is told already.
pub(super) async fn make(tx: &Tx, now: Timestamp, today: Day) -> Result<()> {
    let (helena, clara) = (load(tx, cast::HELENA).await?.id, load(tx, cast::CLARA).await?.id);
    let by_clara = Actor::Person(clara);
    let next_month = today.end_of_month().plus_days(1);
    let long_ago = now.plus_days(-100);
    let rules = [
        (now, RuleKind::Monthly, Some(1), 250, "Your points for this month", next_month, true),
        (
            now,
            RuleKind::Anniversary,
            None,
            2_000,
            "Another year with us: thank you!",
            today.plus_days(1),
            true,
        ),
        (long_ago, RuleKind::Birthday, None, 50, "Happy birthday!", long_ago.day_in(chrono_tz::UTC), false),
        (now, RuleKind::Welcome, None, 100, "Welcome to the shop!", today, false),
    ];
    for (at, kind, day_of_month, points, note, starts_on, is_active) in rules {
        let (amount, note) = (Points(points), note.to_owned());
        let terms = Terms { day_of_month, amount, note, lasts_months: None, starts_on, is_active };
        let id = RuleId::new();
        edit::create(tx, at, by_clara, id, kind, terms, Some(APPROVAL_ABOVE)).await?;
        if kind == RuleKind::Monthly {
            let arjun = load(tx, "arjun").await?.id;
            overrides::set(tx, now, clara, id, arjun, Some(Points(125)), None).await?;
        }
    }

    let mara = load(tx, "mara").await?.id;
    let grant = Grant {
        person_id: mara,
        amount: Points(300),
        reason: "idea",
        note: "For the new sign at the door.".to_owned(),
        ends: Ends::At(Some(now.plus_days(300))),
    };
    single::give_once(tx, now, Actor::Person(helena), FormKey::mint(), grant).await?;
    let made = grants::Entity::find().filter(grants::Column::Reason.eq("idea")).one(tx).await?;
    if let Some(made) = made {
        undo::undo(tx, now, by_clara, made.id, "Meant for somebody else.".to_owned()).await?;
    }
    let sofia = load(tx, "sofia").await?.id;
    let (reason, note) = ("twice", "The campaign was counted twice.".to_owned());
    let deduction = Deduction { person_id: sofia, amount: Points(10), reason, note };
    deduct::take_once(tx, now, clara, FormKey::mint(), deduction).await?;
    for message in outbox::claim(tx, now).await? {
        outbox::acknowledge(tx, now, message.id).await?;
    }
    Ok(())
}
