//! The packing list, to be printed.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::{Filter, batch};
use crate::error::{Error, Result};
use crate::orders::packing::{self, Goods, MOST_PACKED, Which};
use crate::platform::app::App;
use crate::types::time::Timestamp;
use crate::urls;
use crate::web::page::Page;
use crate::web::render;
use crate::web::viewer::HrAdmin;

/// Asks for many orders on one sheet instead of a sheet for each.
const COMPACT: &str = "compact";

#[derive(Template)]
#[template(path = "orders/hr/packing.html")]
struct PackingPage {
    page: Page,
    slips: Vec<SlipView>,
    nothing_to_pack: usize,
    has_more: bool,
    most: usize,
    is_compact: bool,
    /// The same list in the other layout.
    other_href: String,
}

struct SlipView {
    number: String,
    placed_at: Timestamp,
    person: String,
    department: Option<String>,
    is_sent: bool,
    lines: Vec<String>,
    items: Vec<Goods>,
}

/// `GET /hr/orders/packing-list`: `order-{number}` for each order that was chosen, or else the fields of the list's own
/// address, bare or as the list's form brings them in `list`; of these, those that wait are packed. `layout=compact` saves
/// paper.
///
/// # Errors
/// [`Error::Malformed`] when the address cannot be read.
pub async fn show(
    app: web::Data<App>,
    page: Page,
    _hr: HrAdmin,
    fields: web::Query<Vec<(String, String)>>,
) -> Result<HttpResponse> {
    let mut fields = fields.into_inner();
    let chosen = batch::chosen(&fields)?;
    let is_compact = fields.iter().any(|(name, value)| name == "layout" && value == COMPACT);
    let which = if chosen.is_empty() {
        fields = of_the_list(fields)?;
        let query = serde_urlencoded::to_string(&fields).unwrap_or_default();
        let filter: Filter =
            serde_urlencoded::from_str(&query).map_err(|_odd| Error::Malformed("the address of a list"))?;
        Which::Waiting(filter.wanted(app.config.time_zone).0)
    } else {
        // One more than fits shows that there are more.
        Which::Chosen(chosen.into_iter().take(MOST_PACKED + 1).collect())
    };
    let list = packing::list(app.db.reads(), &which).await?;
    fields.retain(|(name, _)| !matches!(name.as_str(), "layout" | "note" | "list"));
    if !is_compact {
        fields.push(("layout".to_owned(), COMPACT.to_owned()));
    }
    let slips = list.slips.into_iter().map(|slip| SlipView {
        placed_at: slip.order.placed_at,
        is_sent: slip.order.delivery_kind == "address",
        lines: slip.order.delivery_to.lines().map(str::to_owned).collect(),
        number: slip.order.number,
        person: slip.person,
        department: slip.department,
        items: slip.items,
    });
    render::page(&PackingPage {
        slips: slips.collect(),
        nothing_to_pack: list.nothing_to_pack,
        has_more: list.has_more,
        most: MOST_PACKED,
        is_compact,
        other_href: urls::hr::packing_list(&serde_urlencoded::to_string(&fields).unwrap_or_default()),
        page,
    })
}

/// The fields of the list's own address, when its form was sent with nothing ticked.
fn of_the_list(fields: Vec<(String, String)>) -> Result<Vec<(String, String)>> {
    let list = fields.iter().find(|(name, _)| name == "list");
    let Some((_, list)) = list else { return Ok(fields) };
    serde_urlencoded::from_str(list).map_err(|_odd| Error::Malformed("the address of a list"))
}
