//! Rules that give points by themselves.

use sea_orm::entity::prelude::*;

use crate::types::id::{PersonId, RuleId};
use crate::types::points::Points;
use crate::types::rule_kind::RuleKind;
use crate::types::time::{Day, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "grant_rules")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RuleId,
    pub kind: RuleKind,
    pub day_of_month: Option<i64>,
    pub amount: Points,
    pub note: String,
    pub lasts_months: Option<i64>,
    pub starts_on: Day,
    pub is_active: bool,
    pub version: i64,
    pub created_at: Timestamp,
    /// Nothing is given until somebody else has looked at it.
    pub is_waiting: bool,
    /// Whoever made the terms as they stand.
    pub maker_id: Option<PersonId>,
    /// Whoever let them begin.
    pub judge_id: Option<PersonId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
