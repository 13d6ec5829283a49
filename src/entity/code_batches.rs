//! Codes that came together, and how many of them were new.

use sea_orm::entity::prelude::*;

use crate::types::form_key::FormKey;
use crate::types::id::{PersonId, ProductId};
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "code_batches")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FormKey,
    pub product_id: ProductId,
    pub hmac: Vec<u8>,
    pub added: i64,
    pub repeated: i64,
    pub known: i64,
    pub actor_id: Option<PersonId>,
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
