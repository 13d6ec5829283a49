//! The back room of the demonstration: what employees do not see, or not yet, and what the products desk did by hand.

use super::shelves::Shelves;
use crate::catalog::details::Details;
use crate::catalog::stock::{self, Adjustment, By};
use crate::catalog::{create, state};
use crate::error::Result;
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::actor::Actor;
use crate::types::form_key::FormKey;
use crate::types::id::ProductId;
use crate::types::points::Points;
use crate::types::product_kind::ProductKind::Physical;
use crate::types::product_kind::ProductState::{self, Archived, Draft, Listed, Unlisted};
use crate::types::stock_reason::StockReason;
use crate::types::time::Timestamp;
use crate::types::window::Window;

/// Name, description, points, pieces, what became of it.
const ENTRIES: [(&str, &str, i64, i64, &[ProductState]); 4] = [
    ("Standing Desk Mat", "Soft underfoot for those who stand. Pictures are still to come.", 350, 0, &[]),
    ("Summer Party Ticket", "One ticket, one guest, and as much lemonade as you like.", 150, 80, &[Listed]),
    (
        "Insulated Lunch Box",
        "Keeps soup hot until noon. The new colour is on its way.",
        260,
        14,
        &[Listed, Unlisted],
    ),
    ("Ten-Year Mug", "Ten years of us, on a mug.", 120, 3, &[Listed, Archived]),
];
/// The party is announced so many days from now, and over after as many more.
const PARTY_IN_DAYS: u64 = 10;

/// Fills the back room as it is a few days before `now`.
pub(super) async fn fill(
    tx: &Tx,
    now: Timestamp,
    zone: chrono_tz::Tz,
    actor: Actor,
    shelves: &Shelves,
) -> Result<()> {
    let Some(category_id) = shelves.values().next().copied() else { return Ok(()) };
    let mut at = now.plus_days(-4);
    for (name, description, price, pieces, life) in ENTRIES {
        let party = now.day_in(zone).plus_days(PARTY_IN_DAYS);
        let later = Window {
            from: Some(party.start_in(zone)),
            until: Some(party.plus_days(PARTY_IN_DAYS).end_in(zone)),
        };
        let details = Details {
            category_id,
            kind: Physical,
            name: name.to_owned(),
            slug: None,
            description: description.to_owned(),
            terms: String::new(),
            how_to_use: String::new(),
            price: Points(price),
            low_stock_at: 5,
            limit: None,
            window: if life == [Listed] { later } else { Window::default() },
        };
        let id = ProductId::new();
        create::create(tx, at, actor, id, Draft, details).await?;
        stock::receive(tx, at, actor, id, pieces).await?;
        for (to, version) in life.iter().zip(1..) {
            at = at.plus_seconds(3_600);
            state::change(tx, at, actor, id, version, *to).await?;
        }
    }
    by_hand(tx, now.plus_days(-2), actor).await
}

/// What was broken on the way, what was counted anew, what was needed for something else.
async fn by_hand(tx: &Tx, at: Timestamp, actor: Actor) -> Result<()> {
    #[derive(sea_orm::FromQueryResult)]
    struct Stocked {
        id: ProductId,
        stock: i64,
    }
    let sql = "SELECT id, stock FROM products WHERE kind = 'physical' AND state = 'listed' AND stock > 20 \
               ORDER BY slug LIMIT 3";
    let notes = ["The box had been dropped", "Counted by two", "For the welcome bags"];
    for ((product, note), nth) in dialect::rows::<Stocked>(tx, sql, []).await?.into_iter().zip(notes).zip(0..)
    {
        let by = match nth {
            0 => By::Pieces(StockReason::Damaged, -2),
            1 => By::Count { counted: product.stock - 1, expected: product.stock },
            _ => By::Pieces(StockReason::TakenOut, -4),
        };
        let adjustment = Adjustment { key: FormKey::mint(), by, note: note.to_owned() };
        stock::adjust(tx, at, actor, product.id, &adjustment).await?;
    }
    Ok(())
}
