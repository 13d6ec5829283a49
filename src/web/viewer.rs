//! Who looks at the page: loaded by the server once a request, proved by an extractor in the handler's signature.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use crate::error::Error;
use crate::types::actor::Actor;
use crate::types::id::PersonId;
use crate::types::points::Points;
use crate::types::role::{Desk, Role};

/// A signed-in, active person, as the database knows them at this request.
#[derive(Clone, Debug)]
pub struct Viewer {
    pub person_id: PersonId,
    pub name: String,
    pub roles: Vec<Role>,
    /// What can be spent now.
    pub balance: Points,
    /// Pieces in the cart.
    pub cart_count: i64,
}

impl Viewer {
    /// Up to two letters for the avatar.
    #[must_use]
    pub fn initials(&self) -> String {
        let mut words = self.name.split_whitespace().filter_map(|word| word.chars().next());
        let first = words.next();
        let last = words.next_back();
        first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
    }

    /// Whether the person may be at `desk`.
    #[must_use]
    pub fn may(&self, desk: Desk) -> bool {
        self.roles.iter().any(|role| role.opens(desk))
    }
}

/// Proof in a handler's signature that somebody is signed in.
pub struct Employee(pub Viewer);

impl Employee {
    #[must_use]
    pub fn id(&self) -> PersonId {
        self.0.person_id
    }

    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Person(self.0.person_id)
    }
}

/// Proof in a handler's signature that somebody of HR is signed in; at which desk is the route table's to say.
pub struct HrAdmin(pub Viewer);

impl HrAdmin {
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Person(self.0.person_id)
    }
}

impl FromRequest for HrAdmin {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let viewer = request.extensions().get::<Viewer>().cloned();
        ready(match viewer {
            None => Err(Error::SignIn.into()),
            Some(viewer) if viewer.roles.is_empty() => Err(Error::Forbidden.into()),
            Some(viewer) => Ok(Self(viewer)),
        })
    }
}

impl FromRequest for Employee {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let viewer = request.extensions().get::<Viewer>().cloned();
        ready(viewer.map(Self).ok_or_else(|| Error::SignIn.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_the_first_and_the_last() {
        let viewer = |name: &str| Viewer {
            person_id: PersonId::new(),
            name: name.to_owned(),
            roles: vec![Role::Desk(Desk::Orders)],
            balance: Points::ZERO,
            cart_count: 0,
        };
        assert_eq!(viewer("Ana maria de souza").initials(), "AS");
        assert_eq!(viewer("Cher").initials(), "C");
        assert_eq!(viewer("").initials(), "");
        assert!(viewer("x").may(Desk::Orders) && !viewer("x").may(Desk::Points));
    }
}
