//! A person's address book.
//!
//! - Exactly one address is the default as soon as there is any: the first one becomes it, and when it is removed the
//!   newest of the others does.
//! - Whoever changes the book locks the person's row first, so the rule holds against two windows at once; the unique
//!   key of `default_of` holds it against us.
//! - An address is loaded through its person: somebody else's is not there.

use sea_orm::{ActiveModelTrait, ConnectionTrait, FromQueryResult, Set};

use crate::entity::addresses;
use crate::error::{Error, Refusal, Result};
use crate::people::countries;
use crate::platform::db::Tx;
use crate::platform::dialect;
use crate::types::id::{AddressId, PersonId};
use crate::types::time::Timestamp;

/// Addresses in one book.
pub const MOST_ADDRESSES: i64 = 20;

/// An address as it can be written on a parcel; see [`crate::people::address_form`] for when it can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Postal {
    pub recipient: String,
    pub line1: String,
    pub line2: String,
    pub postcode: String,
    pub city: String,
    pub region: String,
    /// Two letters of [`countries::COUNTRIES`].
    pub country: String,
    pub phone: String,
}

/// An address in somebody's book.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Address {
    pub id: AddressId,
    pub recipient: String,
    pub line1: String,
    pub line2: String,
    pub postcode: String,
    pub city: String,
    pub region: String,
    pub country: String,
    pub phone: String,
    default_of: Option<PersonId>,
}

impl Address {
    /// Whether parcels go there unless the person says otherwise.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.default_of.is_some()
    }

    /// As it stands on the parcel, line by line, the recipient first; empty lines are left out.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let country = countries::find(&self.country).map_or(self.country.as_str(), |country| country.label);
        let town = format!("{} {}", self.postcode, self.city);
        let lines = [&self.recipient, &self.line1, &self.line2, &town, &self.region, country, &self.phone];
        lines.into_iter().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    /// Its words, without whose it is.
    #[must_use]
    pub fn postal(&self) -> Postal {
        Postal {
            recipient: self.recipient.clone(),
            line1: self.line1.clone(),
            line2: self.line2.clone(),
            postcode: self.postcode.clone(),
            city: self.city.clone(),
            region: self.region.clone(),
            country: self.country.clone(),
            phone: self.phone.clone(),
        }
    }
}

/// A person's addresses, the default first, then the newest.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &impl ConnectionTrait, person_id: PersonId) -> Result<Vec<Address>> {
    dialect::rows(
        db,
        "SELECT id, recipient, line1, line2, postcode, city, region, country, phone, default_of FROM addresses \
         WHERE person_id = ? ORDER BY default_of IS NULL, created_at DESC, id DESC LIMIT ?",
        [person_id.into(), MOST_ADDRESSES.into()],
    )
    .await
}

/// An address of this person's.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or it is somebody else's.
pub async fn find_for(db: &impl ConnectionTrait, person_id: PersonId, id: AddressId) -> Result<Address> {
    dialect::row(
        db,
        "SELECT id, recipient, line1, line2, postcode, city, region, country, phone, default_of FROM addresses \
         WHERE id = ? AND person_id = ?",
        [id.into(), person_id.into()],
    )
    .await?
    .ok_or(Error::NotFound)
}

/// Adds an address; the first one is the default whether that was asked for or not.
///
/// # Errors
/// [`Refusal::TooManyAddresses`].
pub async fn create(
    tx: &Tx,
    now: Timestamp,
    person_id: PersonId,
    postal: Postal,
    make_default: bool,
) -> Result<AddressId> {
    super::lock_person(tx, person_id).await?;
    let others = count(tx, person_id).await?;
    if others >= MOST_ADDRESSES {
        return Err(Refusal::TooManyAddresses { limit: MOST_ADDRESSES }.into());
    }
    let is_default = make_default || others == 0;
    if is_default {
        clear_default(tx, person_id).await?;
    }
    let id = AddressId::new();
    let Postal { recipient, line1, line2, postcode, city, region, country, phone } = postal;
    addresses::ActiveModel {
        id: Set(id),
        person_id: Set(person_id),
        default_of: Set(is_default.then_some(person_id)),
        recipient: Set(recipient),
        line1: Set(line1),
        line2: Set(line2),
        postcode: Set(postcode),
        city: Set(city),
        region: Set(region),
        country: Set(country),
        phone: Set(phone),
        created_at: Set(now),
    }
    .insert(tx)
    .await?;
    Ok(id)
}

/// Changes the words of an address. It can become the default, and ceases to be it only when another one becomes it.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or it is somebody else's.
pub async fn update(
    tx: &Tx,
    person_id: PersonId,
    id: AddressId,
    postal: Postal,
    make_default: bool,
) -> Result<()> {
    super::lock_person(tx, person_id).await?;
    let Postal { recipient, line1, line2, postcode, city, region, country, phone } = postal;
    let changed = dialect::execute(
        tx,
        "UPDATE addresses SET recipient = ?, line1 = ?, line2 = ?, postcode = ?, city = ?, region = ?, country = ?, \
         phone = ? WHERE id = ? AND person_id = ?",
        [
            recipient.into(),
            line1.into(),
            line2.into(),
            postcode.into(),
            city.into(),
            region.into(),
            country.into(),
            phone.into(),
            id.into(),
            person_id.into(),
        ],
    )
    .await?;
    if changed != 1 {
        return Err(Error::NotFound);
    }
    if make_default { set_default(tx, person_id, id).await } else { Ok(()) }
}

/// From now on parcels go there unless the person says otherwise.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or it is somebody else's.
pub async fn make_default(tx: &Tx, person_id: PersonId, id: AddressId) -> Result<()> {
    super::lock_person(tx, person_id).await?;
    set_default(tx, person_id, id).await
}

/// Removes an address. When it was the default, the newest of the others is from now on.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or it is somebody else's.
pub async fn remove(tx: &Tx, person_id: PersonId, id: AddressId) -> Result<()> {
    super::lock_person(tx, person_id).await?;
    let address = find_for(tx, person_id, id).await?;
    let values = [id.into(), person_id.into()];
    dialect::execute(tx, "DELETE FROM addresses WHERE id = ? AND person_id = ?", values).await?;
    match list(tx, person_id).await?.first() {
        Some(newest) if address.is_default() => set_default(tx, person_id, newest.id).await,
        _ => Ok(()),
    }
}

/// Under the person's lock: the old default goes first, because the unique key allows no two for a moment.
async fn set_default(tx: &Tx, person_id: PersonId, id: AddressId) -> Result<()> {
    clear_default(tx, person_id).await?;
    let values = [person_id.into(), id.into(), person_id.into()];
    let set = "UPDATE addresses SET default_of = ? WHERE id = ? AND person_id = ?";
    if dialect::execute(tx, set, values).await? == 1 { Ok(()) } else { Err(Error::NotFound) }
}

async fn clear_default(tx: &Tx, person_id: PersonId) -> Result<()> {
    let clear = "UPDATE addresses SET default_of = NULL WHERE default_of = ?";
    dialect::execute(tx, clear, [person_id.into()]).await?;
    Ok(())
}

async fn count(db: &impl ConnectionTrait, person_id: PersonId) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct Count {
        addresses: i64,
    }
    let sql = "SELECT COUNT(*) AS addresses FROM addresses WHERE person_id = ?";
    let count: Option<Count> = dialect::row(db, sql, [person_id.into()]).await?;
    Ok(count.map_or(0, |count| count.addresses))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_as_on_a_parcel() {
        let mut address = Address {
            id: AddressId::new(),
            recipient: "Ann Archer".to_owned(),
            line1: "Lamp Street 1".to_owned(),
            line2: String::new(),
            postcode: "10115".to_owned(),
            city: "Berlin".to_owned(),
            region: String::new(),
            country: "DE".to_owned(),
            phone: "030 123".to_owned(),
            default_of: None,
        };
        assert_eq!(address.lines(), ["Ann Archer", "Lamp Street 1", "10115 Berlin", "GERMANY", "030 123"]);
        address.postcode = String::new();
        address.line2 = "c/o Ben".to_owned();
        address.phone = String::new();
        assert_eq!(address.lines(), ["Ann Archer", "Lamp Street 1", "c/o Ben", "Berlin", "GERMANY"]);
    }
}
