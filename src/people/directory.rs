//! Everybody, as the desk looks for them: a page of people with what they have earned and spent. It reads the books'
//! tables and writes nothing; sums are made for the people of the page and nobody else.

use std::collections::BTreeMap;

use sea_orm::sea_query::NullOrdering;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, JoinType, Order,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationDef, Select,
};

use crate::entity::{accounts, people, transfers};
use crate::error::Result;
use crate::people::lookup;
use crate::platform::dialect;
use crate::types::id::{AccountId, PersonId};
use crate::types::paging::{Paged, Paging};
use crate::types::points::Points;
use crate::types::time::{Day, Timestamp};
use crate::types::transfer_kind::TransferKind;

/// What the list can be sorted by; the first is what it is sorted by without being asked.
pub const COLUMNS: &[&str] = &["name", "number", "department", "office", "hired", "balance", "seen"];
/// Accounts summed up in one statement.
const CHUNK: usize = 500;
/// Departments to choose from.
const MOST_DEPARTMENTS: i64 = 500;

/// How somebody stands with the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Active,
    /// Deactivated.
    Left,
    /// Has never signed in.
    New,
}

impl Standing {
    pub const ALL: [Self; 3] = [Self::Active, Self::Left, Self::New];

    /// As it stands in an address.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Left => "left",
            Self::New => "new",
        }
    }
}

/// Which people are wanted, and in which order.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// In name, number, e-mail or department.
    pub search: String,
    pub department: String,
    pub office: String,
    pub standing: Option<Standing>,
    /// One of [`COLUMNS`].
    pub sort: &'static str,
    pub descending: bool,
}

/// Somebody in the list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Listed {
    pub id: PersonId,
    pub name: String,
    pub employee_number: Option<String>,
    pub email: String,
    pub department: Option<String>,
    pub office: Option<String>,
    pub hired_on: Option<Day>,
    pub birthday: Option<Day>,
    pub is_active: bool,
    pub last_seen_at: Option<Timestamp>,
    account_id: Option<AccountId>,
    balance: Option<Points>,
}

/// What an account has seen: granted less taken back, redeemed less refunded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub balance: Points,
    pub earned: Points,
    pub spent: Points,
}

/// One page of the people who are wanted.
///
/// # Errors
/// When the database fails.
pub async fn page(
    db: &impl ConnectionTrait,
    wanted: &Wanted,
    paging: Paging,
) -> Result<Paged<(Listed, Sums)>> {
    let total = people::Entity::find().filter(filter(wanted)).count(db).await?;
    let paging = paging.within(total);
    // First who, which little is read for, then these few as a whole.
    let ids: Vec<PersonId> =
        in_order(wanted).offset(paging.offset()).limit(paging.limit()).into_tuple().all(db).await?;
    Ok(Paged { rows: load(db, &ids).await?, total })
}

/// All of them, but no more than `most`.
///
/// # Errors
/// When the database fails.
pub async fn whole(db: &impl ConnectionTrait, wanted: &Wanted, most: u64) -> Result<Vec<(Listed, Sums)>> {
    let ids: Vec<PersonId> = in_order(wanted).limit(most).into_tuple().all(db).await?;
    load(db, &ids).await
}

/// What one person's account has seen.
///
/// # Errors
/// When the database fails.
pub async fn sums_of(db: &impl ConnectionTrait, person_id: PersonId) -> Result<Sums> {
    #[derive(FromQueryResult)]
    struct Account {
        id: AccountId,
        balance: Points,
    }
    let sql = "SELECT id, balance FROM accounts WHERE person_id = ?";
    let account: Option<Account> = dialect::row(db, sql, [person_id.into()]).await?;
    let Some(account) = account else { return Ok(Sums::default()) };
    let sums = sums(db, &[account.id]).await?.remove(&account.id).unwrap_or_default();
    Ok(Sums { balance: account.balance, ..sums })
}

/// Every department somebody is in.
///
/// # Errors
/// When the database fails.
pub async fn departments(db: &impl ConnectionTrait) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        department: String,
    }
    let rows: Vec<Row> = dialect::rows(
        db,
        "SELECT DISTINCT department FROM people WHERE department IS NOT NULL ORDER BY department LIMIT ?",
        [MOST_DEPARTMENTS.into()],
    )
    .await?;
    Ok(rows.into_iter().map(|row| row.department).collect())
}

fn filter(wanted: &Wanted) -> Condition {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    lookup::named(&wanted.search)
        .add_option(text(&wanted.department).map(|department| people::Column::Department.eq(department)))
        .add_option(text(&wanted.office).map(|office| people::Column::Office.eq(office)))
        .add_option(wanted.standing.map(|standing| match standing {
            Standing::Active => people::Column::IsActive.eq(true),
            Standing::Left => people::Column::IsActive.eq(false),
            Standing::New => people::Column::Issuer.is_null(),
        }))
}

/// Their ids. What is not known stands last, whichever way the list goes.
fn in_order(wanted: &Wanted) -> Select<people::Entity> {
    let found = people::Entity::find().select_only().column(people::Column::Id).filter(filter(wanted));
    let order = if wanted.descending { Order::Desc } else { Order::Asc };
    let column = match wanted.sort {
        "number" => people::Column::EmployeeNumber.into_expr(),
        "department" => people::Column::Department.into_expr(),
        "office" => people::Column::Office.into_expr(),
        "hired" => people::Column::HiredOn.into_expr(),
        "seen" => people::Column::LastSeenAt.into_expr(),
        "balance" => accounts::Column::Balance.into_expr(),
        // It begins with the name.
        _ => {
            let by_name = found.order_by(people::Column::SearchText, order.clone());
            return by_name.order_by(people::Column::Id, order);
        }
    };
    let found = if wanted.sort == "balance" { found.join(JoinType::LeftJoin, account()) } else { found };
    found
        .order_by_with_nulls(column, order, NullOrdering::Last)
        .order_by_asc(people::Column::SearchText)
        .order_by_asc(people::Column::Id)
}

fn account() -> RelationDef {
    let of_person = people::Entity::belongs_to(accounts::Entity);
    of_person.from(people::Column::Id).to(accounts::Column::PersonId).into()
}

/// These people, in this order, and what their accounts have seen.
async fn load(db: &impl ConnectionTrait, ids: &[PersonId]) -> Result<Vec<(Listed, Sums)>> {
    let mut listed = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let some = people::Entity::find()
            .select_only()
            .columns([
                people::Column::Id,
                people::Column::Name,
                people::Column::EmployeeNumber,
                people::Column::Email,
                people::Column::Department,
                people::Column::Office,
                people::Column::HiredOn,
                people::Column::Birthday,
                people::Column::IsActive,
                people::Column::LastSeenAt,
            ])
            .column_as(accounts::Column::Id, "account_id")
            .column_as(accounts::Column::Balance, "balance")
            .join(JoinType::LeftJoin, account())
            .filter(people::Column::Id.is_in(chunk.iter().copied()));
        let some: Vec<Listed> = some.into_model().all(db).await?;
        let mut some: BTreeMap<PersonId, Listed> =
            some.into_iter().map(|person| (person.id, person)).collect();
        listed.extend(chunk.iter().filter_map(|id| some.remove(id)));
    }
    with_sums(db, listed).await
}

async fn with_sums(db: &impl ConnectionTrait, listed: Vec<Listed>) -> Result<Vec<(Listed, Sums)>> {
    let ids: Vec<AccountId> = listed.iter().filter_map(|person| person.account_id).collect();
    let mut known = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        known.extend(sums(db, chunk).await?);
    }
    let rows = listed.into_iter().map(|person| {
        let sums = person.account_id.and_then(|id| known.get(&id).copied()).unwrap_or_default();
        let sums = Sums { balance: person.balance.unwrap_or_default(), ..sums };
        (person, sums)
    });
    Ok(rows.collect())
}

/// What these accounts have seen, but for their balances.
async fn sums(db: &impl ConnectionTrait, ids: &[AccountId]) -> Result<BTreeMap<AccountId, Sums>> {
    #[derive(FromQueryResult)]
    struct Row {
        account_id: AccountId,
        kind: TransferKind,
        points: i64,
    }
    let rows: Vec<Row> = transfers::Entity::find()
        .select_only()
        .column(transfers::Column::AccountId)
        .column(transfers::Column::Kind)
        .column_as(transfers::Column::Amount.sum().cast_as("SIGNED"), "points")
        .filter(transfers::Column::AccountId.is_in(ids.iter().copied()))
        .group_by(transfers::Column::AccountId)
        .group_by(transfers::Column::Kind)
        .into_model()
        .all(db)
        .await?;
    let mut known: BTreeMap<AccountId, Sums> = BTreeMap::new();
    for Row { account_id, kind, points } in rows {
        let sums = known.entry(account_id).or_default();
        match kind {
            TransferKind::Grant => sums.earned.0 += points,
            TransferKind::Deduct => sums.earned.0 -= points,
            TransferKind::Redeem => sums.spent.0 += points,
            TransferKind::Refund => sums.spent.0 -= points,
            TransferKind::Expire => {}
        }
    }
    Ok(known)
}
