//! People (placeholder until the feature lands).

pub mod addresses;

use sea_orm::{ConnectionTrait, EntityTrait};

use crate::entity::people;
use crate::error::{Error, Result};
use crate::types::id::PersonId;

pub async fn load(db: &impl ConnectionTrait, id: PersonId) -> Result<people::Model> {
    people::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)
}
