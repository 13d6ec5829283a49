//! Where to go after signing in: an address within the shop, whatever a link or a form says. What is not beyond doubt
//! one of ours becomes the catalog.

use url::Url;

/// What an address is judged against; only what stays with this host is within the shop.
const SOME_HOST: &str = "https://shop.invalid";
/// Longer ones are not kept.
const LONGEST: usize = 1_000;
/// Where nobody wants to arrive who has just signed in.
const NOT_A_PLACE: [&str; 3] = ["/sign-in", "/sign-out", "/signed-out"];

/// The address as it may stand in `Location`: path and query within the shop, or `/`.
#[must_use]
pub fn within_shop(text: &str) -> String {
    judged(text).unwrap_or_else(|| "/".to_owned())
}

fn judged(text: &str) -> Option<String> {
    let is_path = text.starts_with('/') && !text.starts_with("//");
    // Browsers read a backslash as a slash, and forget tabs and line breaks.
    if !is_path || text.contains('\\') || text.contains(char::is_control) || text.len() > LONGEST {
        return None;
    }
    let shop = Url::parse(SOME_HOST).ok()?;
    let address = shop.join(text).ok()?;
    let path = address.path();
    let lower = path.to_lowercase();
    let has_tricks =
        path.starts_with("//") || path.contains('@') || lower.contains("%2f") || lower.contains("%5c");
    if address.origin() != shop.origin()
        || has_tricks
        || NOT_A_PLACE.iter().any(|place| path.starts_with(place))
    {
        return None;
    }
    let within = address.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    (within.len() <= LONGEST).then_some(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_leads_out_of_the_shop_leads_to_the_catalog() {
        let traps = [
            "",
            "cart",
            "//evil.test",
            "///evil.test",
            "////evil.test/%2f..",
            r"/\evil.test",
            r"\\evil.test",
            r"\/evil.test",
            r"/\/evil.test",
            r"/cart\..\..\evil.test",
            "https:evil.test",
            "https:/evil.test",
            "https://evil.test/",
            "HTTPS://evil.test",
            "http://shop.invalid@evil.test/",
            "https://shop.invalid/cart",
            "%2f%2fevil.test",
            "%2Fcart",
            "/%2f%2fevil.test",
            "/%2F/evil.test",
            "/%5cevil.test",
            "/..//evil.test",
            "/.//evil.test",
            "/cart/..//evil.test",
            "/%2e%2e//evil.test",
            "/@evil.test",
            "@evil.test",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,evil",
            "vbscript:x",
            " /cart",
            "\t//evil.test",
            "/\t/evil.test",
            "/\n/evil.test",
            "/cart\r\nset-cookie: a=b",
            "/cart\0",
            "?next=/cart",
            "#/cart",
            ".",
            "..",
        ];
        for trap in traps {
            assert_eq!(within_shop(trap), "/", "{trap:?}");
        }
    }

    #[test]
    fn a_place_in_the_shop_is_kept() {
        let places = [
            ("/", "/"),
            ("/cart", "/cart"),
            ("/?q=mug&sort=price", "/?q=mug&sort=price"),
            ("/products/desk-lamp", "/products/desk-lamp"),
            ("/points?from=2026-01-01&to=", "/points?from=2026-01-01&to="),
            ("/?q=ann@example.test", "/?q=ann@example.test"),
            ("/?q=a%2fb%5c", "/?q=a%2fb%5c"),
            ("/?q=https://evil.test", "/?q=https://evil.test"),
            ("/cart#lines", "/cart"),
            ("/orders/../cart", "/cart"),
            ("/?q=käse", "/?q=k%C3%A4se"),
        ];
        for (text, kept) in places {
            assert_eq!(within_shop(text), kept, "{text:?}");
        }
    }

    #[test]
    fn signing_in_does_not_lead_to_signing_in_or_out() {
        for text in [
            "/sign-in",
            "/sign-in?next=/cart",
            "/sign-in/callback?code=1",
            "/a/../sign-in",
            "/sign-out",
            "/signed-out",
        ] {
            assert_eq!(within_shop(text), "/", "{text:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_not_kept() {
        let fits = format!("/?q={}", "a".repeat(LONGEST - 4));
        assert_eq!(within_shop(&fits), fits);
        assert_eq!(within_shop(&format!("{fits}a")), "/");
        // It grows when it is written for a header.
        assert_eq!(within_shop(&format!("/?q={}", "ä".repeat(400))), "/");
    }
}
