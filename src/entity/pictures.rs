//! Pictures of products; the bytes are in the object store.

use sea_orm::entity::prelude::*;

use crate::types::id::{PictureId, ProductId};
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "pictures")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PictureId,
    pub product_id: ProductId,
    pub position: i64,
    pub object_key: String,
    pub widths: String,
    pub alt: String,
    pub version: i64,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
