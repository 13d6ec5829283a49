//! Addresses (placeholder until the feature lands).

use sea_orm::ConnectionTrait;

use crate::error::Result;
use crate::types::id::{AddressId, PersonId};

pub struct Address { pub id: AddressId, pub recipient: String }
impl Address { pub fn lines(&self) -> Vec<String> { vec![] } pub fn is_default(&self) -> bool { false } }
pub async fn list(_: &impl ConnectionTrait, _: PersonId) -> Result<Vec<Address>> { Ok(vec![]) }
pub async fn find_for(_: &impl ConnectionTrait, _: PersonId, _: AddressId) -> Result<Address> { Err(crate::error::Error::NotFound) }
