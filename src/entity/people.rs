//! Everyone who works here, linked to an identity at their first sign-in.

use sea_orm::entity::prelude::*;

use crate::types::id::PersonId;
use crate::types::time::{Day, Timestamp};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "people")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonId,
    pub issuer: Option<String>,
    pub subject: Option<String>,
    pub employee_number: Option<String>,
    pub name: String,
    pub email: String,
    pub department: Option<String>,
    pub office: Option<String>,
    pub hired_on: Option<Day>,
    pub birthday: Option<Day>,
    pub is_active: bool,
    pub version: i64,
    pub created_at: Timestamp,
    pub first_signed_in_at: Option<Timestamp>,
    /// When a person who is not active any more left.
    pub left_at: Option<Timestamp>,
    pub last_seen_at: Option<Timestamp>,
    /// What a search looks through.
    pub search_text: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
