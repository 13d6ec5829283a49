//! Points taken back by hand, with reason and taker.

use sea_orm::entity::prelude::*;

use crate::types::form_key::FormKey;
use crate::types::id::{DeductionId, PersonId};
use crate::types::points::Points;
use crate::types::time::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "deductions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeductionId,
    pub person_id: PersonId,
    pub transfer_id: i64,
    pub amount: Points,
    pub reason: String,
    pub note: String,
    pub form_key: FormKey,
    pub actor_id: PersonId,
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
