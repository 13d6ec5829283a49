//! One person's account as HR sees it: what they can spend and where that came from, every transfer with the lots it drew
//! or what drew it. `#account` is also shown on the person's own page at the people desk.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::error::Result;
use crate::ledger::owner::{self, Origin, Owner};
use crate::ledger::pages::{Filter, kind_choices, what};
use crate::ledger::statement::{self, Act, Told};
use crate::ledger::story::{self, Piece, Story};
use crate::ledger::{accounts, warn};
use crate::platform::app::App;
use crate::types::id::{GrantId, PersonId};
use crate::types::paging::Paging;
use crate::types::points::Points;
use crate::types::role::Desk;
use crate::types::time::Timestamp;
use crate::types::transfer_kind::TransferKind;
use crate::urls;
use crate::web::csv;
use crate::web::htmx::Htmx;
use crate::web::page::{Choice, FormErrors, Page};
use crate::web::pager::Pager;
use crate::web::render;
use crate::web::text::Text;
use crate::web::viewer::HrAdmin;

/// Lines on a page of the statement.
const PAGE_SIZE: u32 = 25;

#[derive(Template)]
#[template(path = "ledger/hr/show.html", blocks = ["account", "statement"])]
struct ShowPage {
    page: Page,
    owner: Owner,
    figures: Figures,
    soon: Points,
    lots: Vec<LotRow>,
    kinds: Vec<Choice>,
    from: String,
    to: String,
    errors: FormErrors,
    rows: Vec<Row>,
    pager: Pager,
    csv_href: String,
    /// There are more than a file holds.
    is_cut: bool,
    any_filter: bool,
}

/// What went through an account in all: what was received, less all the others, is what can be spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Figures {
    balance: Points,
    received: Points,
    /// Without what was given back.
    redeemed: Points,
    /// What has lapsed, whether the job has been there or not.
    expired: Points,
    /// By deductions, and with grants that were undone.
    taken_back: Points,
}

/// A lot that still pays.
struct LotRow {
    origin: Origin,
    what: String,
    href: Option<String>,
    spent: Vec<PieceView>,
}

/// A line of the statement.
struct Row {
    at: Timestamp,
    what: String,
    /// The order or the grant that it is about.
    href: Option<String>,
    note: String,
    /// Whoever did it, unless it was the shop or the person themself.
    by: Option<String>,
    credit: bool,
    amount: Points,
    balance_after: Points,
    /// Out of which points it was paid, or into which it went back.
    from: Vec<PieceView>,
    /// Where its points went.
    to: Vec<PieceView>,
    /// What is left of what it brought.
    left: Option<Points>,
}

struct PieceView {
    amount: Points,
    what: String,
    href: Option<String>,
    note: String,
    at: Timestamp,
}

/// `GET /hr/points/people/{person}`
///
/// # Errors
/// [`crate::error::Error::NotFound`].
pub async fn show(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    htmx: Htmx,
    person: web::Path<PersonId>,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    let (db, now) = (app.db.reads(), app.now());
    let owner = owner::load(db, *person).await?;
    let (wanted, errors) = filter.wanted(&app);
    let paging = Paging::new(filter.number(), PAGE_SIZE);
    let (found, paging) = statement::page(db, owner.id, &wanted, paging).await?;
    let (mut lots, mut totals, mut told) = (vec![], vec![], Story::default());
    if let Some(account_id) = owner.account_id {
        lots = owner::open_lots(db, now, account_id).await?;
        totals = owner::totals(db, account_id).await?;
        let lines: Vec<i64> = found.rows.iter().map(|(line, _)| line.id).collect();
        let open: Vec<_> = lots.iter().map(|lot| lot.id).collect();
        told = story::tell(db, account_id, &lines, &open).await?;
    }
    let id = owner.id;
    let text = page.text;
    let acts = statement::acts(db, &found.rows).await?;
    let sees_orders = hr.0.may(Desk::Orders);
    let teller = Teller { text, sees_orders, owner: id, acts: &acts, story: &told };
    let view = ShowPage {
        figures: Figures::of(&totals, accounts::spendable(db, now, id).await?),
        soon: soon(&lots, now),
        lots: lots.into_iter().map(|origin| teller.lot(origin)).collect(),
        kinds: kind_choices(text, wanted.kind),
        from: filter.from().to_owned(),
        to: filter.to().to_owned(),
        errors: page.errors(errors),
        rows: found.rows.iter().map(|line| teller.row(line)).collect(),
        pager: Pager::new(paging, found.total, |number| {
            urls::hr::account_filtered(id, &filter.query(number))
        }),
        csv_href: urls::hr::account_csv(id, &filter.query(1)),
        is_cut: found.total > statement::MOST_EXPORTED,
        any_filter: wanted.kind.is_some() || wanted.from.is_some() || wanted.before.is_some(),
        owner,
        page,
    };
    if htmx.wants("statement") {
        render::page(&view.as_statement())
    } else if htmx.wants("account") {
        render::page(&view.as_account())
    } else {
        render::page(&view)
    }
}

/// `GET /hr/points/people/{person}/statement.csv`: the same lines as a file for a spreadsheet, with who did it. Times are
/// UTC, debits negative.
///
/// # Errors
/// [`crate::error::Error::NotFound`].
pub async fn download(
    app: web::Data<App>,
    page: Page,
    hr: HrAdmin,
    person: web::Path<PersonId>,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    app.limits.export(hr.0.person_id)?;
    let (wanted, errors) = filter.wanted(&app);
    errors.check()?;
    let db = app.db.long_reads();
    let owner = owner::load(db, *person).await?;
    let lines = statement::whole(db, owner.id, &wanted).await?;
    let mut acts = statement::acts(db, &lines).await?;
    let text = page.text;
    let heading = [
        text.say("ledger-csv-at"),
        text.say("ledger-csv-what"),
        text.say("ledger-csv-note"),
        text.say("ledger-csv-amount"),
        text.say("ledger-csv-balance"),
        text.say("grants-column-maker"),
    ]
    .map(|word| word.to_string());
    let kinds = kind_choices(text, None);
    let rows = lines.into_iter().map(|(line, number)| {
        let sign = if line.kind.is_credit() { 1 } else { -1 };
        let kind = kinds.iter().find(|choice| choice.value == line.kind.name());
        let actor = acts.remove(&line.id).and_then(|act| act.actor);
        vec![
            line.at.iso(),
            kind.map(|choice| choice.label.clone()).unwrap_or_default(),
            number.unwrap_or(line.reason),
            (sign * line.amount.0).to_string(),
            line.balance_after.0.to_string(),
            actor.unwrap_or_else(|| text.say("grants-the-shop").to_string()),
        ]
    });
    csv::download("points.csv", &heading, rows)
}

/// What lapses within the days of the first notice.
fn soon(lots: &[Origin], now: Timestamp) -> Points {
    let days = warn::DAYS_BEFORE.into_iter().max().unwrap_or_default();
    let until = now.plus_days(days);
    let ending = lots.iter().filter(|lot| lot.expires_at.is_some_and(|end| end <= until));
    Points::sum(ending.map(|lot| lot.remaining)).unwrap_or_default()
}

impl Figures {
    /// From what was booked, kind by kind, and what can be spent now. A balance is credits minus debits, so what is missing
    /// of it has lapsed.
    fn of(totals: &[(TransferKind, Points)], balance: Points) -> Self {
        let sum =
            |kind| totals.iter().find(|(other, _)| *other == kind).map_or(Points::ZERO, |(_, sum)| *sum);
        let less = |from: Points, taken: Points| from.minus(taken).unwrap_or_default();
        let received = sum(TransferKind::Grant);
        let redeemed = less(sum(TransferKind::Redeem), sum(TransferKind::Refund));
        let taken_back = sum(TransferKind::Deduct);
        let expired = less(less(less(received, redeemed), taken_back), balance);
        Self { balance, received, redeemed, expired, taken_back }
    }
}

/// Tells lots and lines to whoever looks.
struct Teller<'a> {
    text: Text,
    /// Whoever looks is at the orders desk, too.
    sees_orders: bool,
    owner: PersonId,
    acts: &'a HashMap<i64, Act>,
    story: &'a Story,
}

impl Teller<'_> {
    fn lot(&self, origin: Origin) -> LotRow {
        LotRow {
            what: what(self.text, origin.kind, ""),
            href: origin.grant_id.map(urls::hr::grant),
            spent: self.pieces(self.story.to.get(&origin.id)),
            origin,
        }
    }

    fn row(&self, (line, number): &Told) -> Row {
        let made = self.story.made.get(&line.id);
        let act = self.acts.get(&line.id);
        let is_own = line.actor_id == Some(self.owner);
        Row {
            at: line.at,
            what: what(self.text, line.kind, number.as_deref().unwrap_or_default()),
            href: self.leads_to(number.as_deref(), act.and_then(|act| act.grant_id)),
            note: if number.is_none() { line.reason.clone() } else { String::new() },
            by: act.and_then(|act| act.actor.clone()).filter(|_| !is_own),
            credit: line.kind.is_credit(),
            amount: line.amount,
            balance_after: line.balance_after,
            from: self.pieces(self.story.from.get(&line.id)),
            to: self.pieces(made.and_then(|made| self.story.to.get(&made.id))),
            left: made.map(|made| made.remaining),
        }
    }

    fn pieces(&self, pieces: Option<&Vec<Piece>>) -> Vec<PieceView> {
        let pieces = pieces.into_iter().flatten();
        let view = |piece: &Piece| PieceView {
            amount: piece.amount,
            what: what(self.text, piece.kind, piece.order_number.as_deref().unwrap_or_default()),
            href: self.leads_to(piece.order_number.as_deref(), piece.grant_id),
            note: if piece.order_number.is_none() { piece.reason.clone() } else { String::new() },
            at: piece.at,
        };
        pieces.map(view).collect()
    }

    /// The page of the order, where it is open, or of the grant.
    fn leads_to(&self, number: Option<&str>, grant_id: Option<GrantId>) -> Option<String> {
        let order = number.filter(|_| self.sees_orders).map(urls::hr::order);
        order.or_else(|| grant_id.map(urls::hr::grant))
    }
}
