//! Which addresses may be talked to: on this machine any, elsewhere only what is encrypted and verified.

use url::{Host, Url};

/// Whether the books are read over a connection that nobody in between can read or forge. Left to itself the driver
/// takes a plain one when the server offers nothing better, or whoever pretends to be it.
pub(super) fn safe_database(text: &str) -> Result<(), &'static str> {
    let url = Url::parse(text).ok().filter(|url| url.host_str().is_some_and(|host| !host.is_empty()));
    let url = url.ok_or(
        "is not an address (mysql://user:password@host/database; in a password / is %2F and @ is %40)",
    )?;
    let modes = url.query_pairs().filter(|(name, _)| matches!(name.as_ref(), "ssl-mode" | "sslmode"));
    let is_verified = modes.last().is_some_and(|(_, mode)| mode.eq_ignore_ascii_case("VERIFY_IDENTITY"));
    if is_verified || is_this_machine(&url) {
        Ok(())
    } else {
        Err("is on another machine and not verified: add ?ssl-mode=VERIFY_IDENTITY")
    }
}

/// Whether lettre will read this address, and speak TLS to it where that is needed: with `tls=opportunistic` whoever
/// stands in between decides.
pub(super) fn safe_mail_server(text: &str) -> Result<(), &'static str> {
    let url = Url::parse(text).ok().filter(|url| url.host_str().is_some_and(|host| !host.is_empty()));
    let url =
        url.ok_or("is not an address (smtps://user:password@host; in a password / is %2F and @ is %40)")?;
    let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
    match (url.scheme(), tls.as_deref()) {
        ("smtps", _) | ("smtp", Some("required")) => Ok(()),
        ("smtp", None) if is_this_machine(&url) => Ok(()),
        ("smtp", _) => Err("is not encrypted: use smtps://… or smtp://…?tls=required"),
        _ => Err("is neither smtps:// nor smtp://"),
    }
}

pub(super) fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        // Schemes the url crate does not know keep an address as a name.
        Some(Host::Domain(name)) => {
            name == "localhost"
                || name.ends_with(".localhost")
                || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Stands in for an address that was wrong and has been reported.
#[expect(clippy::unwrap_used, reason = "a constant that is an address")]
pub(super) fn nowhere() -> Url {
    Url::parse("https://invalid.invalid").unwrap()
}

/// `São Paulo` → `são-paulo`: what stands in the form for an office.
pub(super) fn slug_of(name: &str) -> String {
    let dashed: String =
        name.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    dashed.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}
