//! The route table is data: method, address, who may call it, handler. It is served, guarded and tested from one list.

use actix_web::http::Method;
use actix_web::{FromRequest, Handler, Responder, guard, web};

use crate::types::role::Desk;
use crate::web::viewer::Viewer;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Anyone,
    Employee,
    /// Whoever is at any desk of HR.
    AnyDesk,
    Hr(Desk),
}

/// What the guard says to a visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Enter,
    SignInFirst,
    Forbidden,
}

impl Who {
    /// Whether `viewer` may enter.
    #[must_use]
    pub fn admits(self, viewer: Option<&Viewer>) -> Verdict {
        match (self, viewer) {
            (Self::Anyone, _) | (Self::Employee, Some(_)) => Verdict::Enter,
            (_, None) => Verdict::SignInFirst,
            (Self::AnyDesk, Some(viewer)) if !viewer.roles.is_empty() => Verdict::Enter,
            (Self::Hr(desk), Some(viewer)) if viewer.may(desk) => Verdict::Enter,
            (Self::AnyDesk | Self::Hr(_), Some(_)) => Verdict::Forbidden,
        }
    }
}

/// One line of the table.
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub who: Who,
    /// The largest body it takes, where that is more than a form.
    pub body_limit_bytes: Option<usize>,
    make: Box<dyn Fn() -> actix_web::Route>,
}

impl Route {
    /// The route as actix serves it. What answers GET answers HEAD.
    #[must_use]
    pub fn build(&self) -> actix_web::Route {
        (self.make)()
    }

    /// Takes files too: bodies of up to so many bytes.
    #[must_use]
    pub fn up_to(self, bytes: usize) -> Self {
        Self { body_limit_bytes: Some(bytes), ..self }
    }
}

/// A page.
pub fn get<F, A>(path: &'static str, who: Who, handler: F) -> Route
where
    F: Handler<A>,
    A: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    let make = move || web::route().guard(guard::Any(guard::Get()).or(guard::Head())).to(handler.clone());
    Route { method: Method::GET, path, who, body_limit_bytes: None, make: Box::new(make) }
}

/// A change.
pub fn post<F, A>(path: &'static str, who: Who, handler: F) -> Route
where
    F: Handler<A>,
    A: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    let make = move || web::post().to(handler.clone());
    Route { method: Method::POST, path, who, body_limit_bytes: None, make: Box::new(make) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::id::PersonId;
    use crate::types::points::Points;
    use crate::types::role::Role;

    #[test]
    fn a_desk_admits_its_own_people_and_super_admins() {
        let with = |roles: Vec<Role>| Viewer {
            person_id: PersonId::new(),
            name: String::new(),
            roles,
            balance: Points::ZERO,
            cart_count: 0,
        };
        let orders = Who::Hr(Desk::Orders);
        assert_eq!(orders.admits(None), Verdict::SignInFirst);
        assert_eq!(orders.admits(Some(&with(vec![]))), Verdict::Forbidden);
        assert_eq!(orders.admits(Some(&with(vec![Role::Desk(Desk::Points)]))), Verdict::Forbidden);
        assert_eq!(orders.admits(Some(&with(vec![Role::Desk(Desk::Orders)]))), Verdict::Enter);
        assert_eq!(orders.admits(Some(&with(vec![Role::SuperAdmin]))), Verdict::Enter);
        assert_eq!(Who::AnyDesk.admits(Some(&with(vec![]))), Verdict::Forbidden);
        assert_eq!(Who::AnyDesk.admits(Some(&with(vec![Role::Desk(Desk::Audit)]))), Verdict::Enter);
        assert_eq!(Who::AnyDesk.admits(None), Verdict::SignInFirst);
        assert_eq!(Who::Employee.admits(None), Verdict::SignInFirst);
        assert_eq!(Who::Anyone.admits(None), Verdict::Enter);
    }
}
