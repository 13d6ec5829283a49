//! One person's account as HR sees it: what they can spend and where that came from, every transfer with the lots it drew
//! or what drew it. `#account` is also shown on the person's own page at the people desk.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::error::Result;
use crate::ledger::owner::{self, Origin, Owner};
use crate::ledger::pages::{Filter, kind_choices, statement_csv, what};
use crate::ledger::statement::{self, Told};
use crate::ledger::story::{self, Piece, Story};
use crate::ledger::{accounts, warn};
use crate::platform::app::App;
use crate::types::id::PersonId;
use crate::types::paging::Paging;
use crate::types::points::Points;
use crate::types::time::Timestamp;
use crate::types::transfer_kind::TransferKind;
use crate::urls;
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
    balance: Points,
    received: Points,
    redeemed: Points,
    expired: Points,
    soon: Points,
    lots: Vec<LotRow>,
    kinds: Vec<Choice>,
    from: String,
    to: String,
    errors: FormErrors,
    rows: Vec<Row>,
    pager: Pager,
    csv_href: String,
    any_filter: bool,
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
    note: String,
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
    _hr: HrAdmin,
    htmx: Htmx,
    person: web::Path<PersonId>,
    filter: web::Query<Filter>,
) -> Result<HttpResponse> {
    let (db, now) = (app.db.reads(), app.now());
    let owner = owner::load(db, *person).await?;
    let (wanted, errors) = filter.wanted(&app);
    let paging = Paging::new(filter.number(), PAGE_SIZE);
    let found = statement::page(db, owner.id, &wanted, paging).await?;
    let (mut lots, mut totals, mut told) = (vec![], vec![], Story::default());
    if let Some(account_id) = owner.account_id {
        lots = owner::open_lots(db, now, account_id).await?;
        totals = owner::totals(db, account_id).await?;
        let lines: Vec<i64> = found.rows.iter().map(|(line, _)| line.id).collect();
        let open: Vec<_> = lots.iter().map(|lot| lot.id).collect();
        told = story::tell(db, account_id, &lines, &open).await?;
    }
    let sum = |kind| totals.iter().find(|(other, _)| *other == kind).map_or(Points::ZERO, |(_, sum)| *sum);
    let id = owner.id;
    let text = page.text;
    let view = ShowPage {
        balance: accounts::spendable(db, now, id).await?,
        received: sum(TransferKind::Grant),
        redeemed: sum(TransferKind::Redeem).minus(sum(TransferKind::Refund)).unwrap_or_default(),
        expired: sum(TransferKind::Expire),
        soon: soon(&lots, now),
        lots: lots.into_iter().map(|origin| lot_row(text, origin, &told)).collect(),
        kinds: kind_choices(text, wanted.kind),
        from: filter.from().to_owned(),
        to: filter.to().to_owned(),
        errors: page.errors(errors),
        rows: found.rows.iter().map(|told_line| row(text, told_line, &told)).collect(),
        pager: Pager::new(paging, found.total, |number| {
            urls::hr::account_filtered(id, &filter.query(number))
        }),
        csv_href: urls::hr::account_csv(id, &filter.query(1)),
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

/// `GET /hr/points/people/{person}/statement.csv`: the same lines as a file for a spreadsheet.
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
    let owner = owner::load(app.db.reads(), *person).await?;
    let lines = statement::whole(app.db.reads(), owner.id, &wanted).await?;
    statement_csv(page.text, &lines)
}

/// What lapses within the days of the first notice.
fn soon(lots: &[Origin], now: Timestamp) -> Points {
    let days = warn::DAYS_BEFORE.into_iter().max().unwrap_or_default();
    let until = now.plus_days(days);
    let ending = lots.iter().filter(|lot| lot.expires_at.is_some_and(|end| end <= until));
    Points::sum(ending.map(|lot| lot.remaining)).unwrap_or_default()
}

fn lot_row(text: Text, origin: Origin, story: &Story) -> LotRow {
    LotRow {
        what: what(text, origin.kind, ""),
        href: origin.grant_id.map(urls::hr::grant),
        spent: views(text, story.to.get(&origin.id)),
        origin,
    }
}

fn row(text: Text, (line, number): &Told, story: &Story) -> Row {
    let made = story.made.get(&line.id);
    Row {
        at: line.at,
        what: what(text, line.kind, number.as_deref().unwrap_or_default()),
        note: if number.is_none() { line.reason.clone() } else { String::new() },
        credit: line.kind.is_credit(),
        amount: line.amount,
        balance_after: line.balance_after,
        from: views(text, story.from.get(&line.id)),
        to: views(text, made.and_then(|made| story.to.get(&made.id))),
        left: made.map(|made| made.remaining),
    }
}

fn views(text: Text, pieces: Option<&Vec<Piece>>) -> Vec<PieceView> {
    let pieces = pieces.into_iter().flatten();
    let view = |piece: &Piece| PieceView {
        amount: piece.amount,
        what: what(text, piece.kind, piece.order_number.as_deref().unwrap_or_default()),
        note: if piece.order_number.is_none() { piece.reason.clone() } else { String::new() },
        at: piece.at,
    };
    pieces.map(view).collect()
}
