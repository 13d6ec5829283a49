//! What can be redeemed. Stock changes only with a stock move.

use sea_orm::entity::prelude::*;

use crate::types::id::{CategoryId, ProductId};
use crate::types::limit::Period;
use crate::types::points::Points;
use crate::types::product_kind::{ProductKind, ProductState};
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "products")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProductId,
    pub slug: String,
    pub category_id: CategoryId,
    pub kind: ProductKind,
    pub state: ProductState,
    pub name: String,
    pub description: String,
    pub terms: String,
    pub how_to_use: String,
    pub search_text: String,
    pub price: Points,
    pub stock: i64,
    pub redeemed: i64,
    pub low_stock_at: i64,
    /// How many one person may have; with the period, or neither.
    pub limit_count: Option<i64>,
    pub limit_period: Option<Period>,
    pub version: i64,
    pub created_at: Timestamp,
    /// When employees see it, as long as it is listed; open where there is none.
    pub visible_from: Option<Timestamp>,
    pub visible_until: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
