//! Sums of everything before a moment, made from transfers and stock moves.

use sea_orm::entity::prelude::*;

use crate::types::points::Points;
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "marks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub at: Timestamp,
    pub transfers: i64,
    pub moves: i64,
    pub issued: Points,
    pub redeemed: Points,
    pub refunded: Points,
    pub expired: Points,
    pub deducted: Points,
    /// Whose departments it knows: how many people there were, and how often they had been changed in all.
    pub people: Option<i64>,
    pub versions: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
