//! What a rule will give next: to whom, how much, and how much in all.

use std::collections::HashSet;

use chrono_tz::Tz;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Value};

use super::calendar::Due;
use super::{Candidate, MOST_PEOPLE, Overrides, Rule, apply, overrides};
use crate::entity::people;
use crate::error::Result;
use crate::people::lookup;
use crate::platform::dialect;
use crate::types::id::PersonId;
use crate::types::paging::Paging;
use crate::types::points::Points;
use crate::types::rule_kind::RuleKind;
use crate::types::search;
use crate::types::time::{Day, Timestamp};

/// How far ahead rules are looked at that give on each person's own day.
pub const DAYS_AHEAD: u64 = 30;
/// Months ahead in which a monthly rule surely gives.
const MONTHS_AHEAD: u32 = 2;

/// Something one person will be given, or has missed.
#[derive(Clone, Debug)]
pub struct Gift {
    pub person_id: PersonId,
    pub name: String,
    pub employee_number: Option<String>,
    pub on: Day,
    pub amount: Points,
    /// Not the rule's own amount.
    pub is_exception: bool,
}

/// What comes next, a page of it.
#[derive(Clone, Debug)]
pub struct Upcoming {
    pub from: Day,
    pub to: Day,
    /// By day and name.
    pub gifts: Vec<Gift>,
    /// On all pages.
    pub count: u64,
    pub total: Points,
}

/// The next run of a rule as if it were active: the next day of a monthly one, the next [`DAYS_AHEAD`] days of others.
/// Of it what is due to those who fit `search`, which is everybody when it is empty. A page beyond the last is the last one.
///
/// # Errors
/// When the database fails.
pub async fn of_rule(
    db: &impl ConnectionTrait,
    now: Timestamp,
    zone: Tz,
    rule: &Rule,
    search: &str,
    paging: Paging,
) -> Result<Upcoming> {
    let today = now.day_in(zone);
    let from = today.max(rule.starts_on);
    if rule.kind != RuleKind::Monthly {
        return between(db, zone, rule, (from, from.plus_days(DAYS_AHEAD)), search, paging).await;
    }
    let mut days = rule.when().slots(from, from.plus_months(MONTHS_AHEAD)).into_iter().map(|(_, on)| on);
    let first = days.next().unwrap_or(from);
    // Nobody at all is left when today's is given already.
    let is_over = first == today && on(db, zone, rule, first, "", Paging::new(None, 1)).await?.count == 0;
    let next = days.next().filter(|_| is_over).unwrap_or(first);
    on(db, zone, rule, next, search, paging).await
}

/// What is due to each on their own day is due to few.
async fn between(
    db: &impl ConnectionTrait,
    zone: Tz,
    rule: &Rule,
    (from, to): (Day, Day),
    search: &str,
    paging: Paging,
) -> Result<Upcoming> {
    let overrides = overrides::of_rule(db, rule.id).await?;
    let some = super::candidates_within(db, zone, rule, from, to).await?;
    let gifts = open(db, rule, &overrides, apply::due(rule, &overrides, &some, from, to)).await?;
    let gifts = fitting(db, search, gifts).await?;
    let total = Points::sum(gifts.iter().map(|gift| gift.amount)).unwrap_or_default();
    let count = u64::try_from(gifts.len()).unwrap_or_default();
    let paging = paging.within(count);
    let [skipped, shown] =
        [paging.offset(), paging.limit()].map(|number| usize::try_from(number).unwrap_or(usize::MAX));
    Ok(Upcoming { from, to, gifts: gifts.into_iter().skip(skipped).take(shown).collect(), count, total })
}

/// What is due to those who fit `search`.
async fn fitting(db: &impl ConnectionTrait, search: &str, mut gifts: Vec<Gift>) -> Result<Vec<Gift>> {
    if search::words(search).is_empty() || gifts.is_empty() {
        return Ok(gifts);
    }
    let found: Vec<PersonId> = people::Entity::find()
        .select_only()
        .column(people::Column::Id)
        .filter(lookup::named(search))
        .filter(people::Column::IsActive.eq(true))
        .limit(u64::try_from(MOST_PEOPLE).unwrap_or_default())
        .into_tuple()
        .all(db)
        .await?;
    let found: HashSet<PersonId> = found.into_iter().collect();
    gifts.retain(|gift| found.contains(&gift.person_id));
    Ok(gifts)
}

/// Who is given what a monthly rule gives on a day, as `calendar` and `apply` say it of one person. For the question marks:
/// the rule, the end of the day, the day, the rule's name among grants, the month, any word that is looked for, and all
/// [`search::MOST_WORDS`] of them.
macro_rules! due_to {
    ($what:literal, $part:literal) => {
        concat!(
            "SELECT ",
            $what,
            " FROM people p LEFT JOIN grant_rule_overrides o ON o.rule_id = ? AND o.person_id = p.id \
              WHERE p.is_active AND p.created_at < ? AND (p.hired_on IS NULL OR p.hired_on <= ?) \
                AND (o.person_id IS NULL OR o.amount IS NOT NULL) AND NOT EXISTS ( \
                SELECT 1 FROM grants g WHERE g.rule = ? AND g.period = ? AND g.person_id = p.id) \
                AND (? = '' OR (p.search_text LIKE ? ESCAPE '!' AND p.search_text LIKE ? ESCAPE '!' \
                  AND p.search_text LIKE ? ESCAPE '!' AND p.search_text LIKE ? ESCAPE '!' \
                  AND p.search_text LIKE ? ESCAPE '!' AND p.search_text LIKE ? ESCAPE '!' \
                  AND p.search_text LIKE ? ESCAPE '!' AND p.search_text LIKE ? ESCAPE '!')) ",
            $part
        )
    };
}

/// What is due to everybody on the same day is due to very many: the database finds those of the page and counts the others.
async fn on(
    db: &impl ConnectionTrait,
    zone: Tz,
    rule: &Rule,
    day: Day,
    search: &str,
    paging: Paging,
) -> Result<Upcoming> {
    #[derive(FromQueryResult)]
    struct All {
        people: i64,
        exceptions: i64,
        exceptional: i64,
    }
    #[derive(FromQueryResult)]
    struct Row {
        id: PersonId,
        name: String,
        employee_number: Option<String>,
        amount: Option<Points>,
    }
    let number = |number: u64| Value::from(i64::try_from(number).unwrap_or(i64::MAX));
    let mut values: Vec<Value> = vec![
        rule.id.into(),
        day.end_in(zone).into(),
        day.into(),
        rule.id.to_string().into(),
        rule.when().slot(day).into(),
    ];
    let mut words = search::words(search);
    values.push(words.first().cloned().unwrap_or_default().into());
    words.resize(search::MOST_WORDS, String::new());
    values.extend(words.iter().map(|word| Value::from(dialect::containing(word))));
    let all: Option<All> = dialect::row(
        db,
        due_to!(
            "CAST(COUNT(*) AS SIGNED) AS people, CAST(COUNT(o.amount) AS SIGNED) AS exceptions, \
             CAST(COALESCE(SUM(o.amount), 0) AS SIGNED) AS exceptional",
            ""
        ),
        values.clone(),
    )
    .await?;
    let All { people, exceptions, exceptional } =
        all.ok_or_else(|| anyhow::anyhow!("a count without a row"))?;
    let count = u64::try_from(people).unwrap_or_default();
    let paging = paging.within(count);
    let rows: Vec<Row> = dialect::rows(
        db,
        due_to!("p.id, p.name, p.employee_number, o.amount", "ORDER BY p.search_text, p.id LIMIT ? OFFSET ?"),
        values.into_iter().chain([number(paging.limit()), number(paging.offset())]),
    )
    .await?;
    let gifts = rows.into_iter().map(|row| Gift {
        person_id: row.id,
        name: row.name,
        employee_number: row.employee_number,
        on: day,
        amount: row.amount.unwrap_or(rule.amount),
        is_exception: row.amount.is_some(),
    });
    Ok(Upcoming {
        from: day,
        to: day,
        gifts: gifts.collect(),
        count,
        total: Points((people - exceptions).saturating_mul(rule.amount.0).saturating_add(exceptional)),
    })
}

/// What of all that is due has not been given, by day and name.
pub(super) async fn open(
    db: &impl ConnectionTrait,
    rule: &Rule,
    overrides: &Overrides,
    due: Vec<(&Candidate, Due)>,
) -> Result<Vec<Gift>> {
    let periods: std::collections::BTreeSet<_> = due.iter().map(|(_, due)| due.period.clone()).collect();
    let given = super::given(db, rule.id, periods).await?;
    let mut gifts: Vec<Gift> = due
        .into_iter()
        .filter(|(who, due)| !given.contains(&(due.period.clone(), who.id)))
        .map(|(who, due)| {
            let own = overrides.get(&who.id).copied().flatten();
            Gift {
                person_id: who.id,
                name: who.name.clone(),
                employee_number: who.employee_number.clone(),
                on: due.on,
                amount: own.unwrap_or(rule.amount),
                is_exception: own.is_some(),
            }
        })
        .collect();
    gifts.sort_by(|a, b| (a.on, &a.name, a.person_id).cmp(&(b.on, &b.name, b.person_id)));
    Ok(gifts)
}
