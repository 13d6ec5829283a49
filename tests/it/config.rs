//! What the shop is told from outside: `.env.example` against the reader, and what the reader refuses.

mod watching;

use std::collections::BTreeMap;

use awsomeshop::platform::config::{Config, LogFormat, VARIABLES};
use awsomeshop::types::points::Points;
use awsomeshop::types::time::Day;
use secrecy::ExposeSecret;

const KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const EXAMPLE: &str = include_str!("../../.env.example");

/// The least that a shop needs.
const LEAST: &[(&str, &str)] = &[
    ("SHOP_PUBLIC_URL", "https://shop.example.com"),
    ("SHOP_CODE_KEY", KEY),
    ("DATABASE_URL", "mysql://shop:pass-word@db.example.com/shop?ssl-mode=VERIFY_IDENTITY"),
    ("OIDC_ISSUER_URL", "https://id.example.com/pool"),
    ("OIDC_CLIENT_ID", "shop"),
    ("S3_BUCKET", "pictures"),
];

/// Reads the least with some variables changed; an empty value takes one away.
fn read(changed: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    let mut variables: BTreeMap<&str, &str> = LEAST.iter().copied().collect();
    variables.extend(changed.iter().copied());
    Config::read(|name| variables.get(name).map(|value| (*value).to_owned())).map_err(|problems| problems.0)
}

#[track_caller]
fn refused(changed: &[(&str, &str)], problems: &[&str]) {
    assert_eq!(read(changed).unwrap_err(), problems, "{changed:?}");
}

/// The example's variables with the comment above each, in order.
fn example() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut comment = String::new();
    for line in EXAMPLE.lines() {
        let words = line.trim_start_matches('#').trim();
        match words.split_once('=') {
            Some((name, _))
                if name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_') =>
            {
                found.push((name.to_owned(), std::mem::take(&mut comment)));
            }
            _ if words.is_empty() => comment.clear(),
            _ => comment = format!("{comment} {words}"),
        }
    }
    found
}

#[test]
fn the_example_explains_every_variable_and_no_other() {
    let mut names: Vec<_> = example().into_iter().map(|(name, _)| name).collect();
    let mut known: Vec<_> = VARIABLES.iter().map(|name| (*name).to_owned()).collect();
    names.sort();
    known.sort();
    assert_eq!(names, known);
    for (name, comment) in example() {
        assert!(comment.len() > 20, "{name} has no comment");
        for word in ["Example:", "Default:"] {
            assert!(comment.contains(word), "{name} does not say {word}: {comment}");
        }
    }
}

#[test]
fn every_variable_is_read() {
    let asked = std::cell::RefCell::new(Vec::new());
    let _config = Config::read(|name| {
        asked.borrow_mut().push(name.to_owned());
        None
    });
    let mut asked = asked.into_inner();
    asked.push("RUST_LOG".to_owned()); // read by main.rs, which starts the log before anything else
    asked.sort();
    asked.dedup();
    let mut known: Vec<_> = VARIABLES.iter().map(|name| (*name).to_owned()).collect();
    known.sort();
    assert_eq!(asked, known);
}

#[test]
fn the_example_is_a_configuration_once_its_secrets_are_filled_in() {
    let lines = EXAMPLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('='));
    let variables: BTreeMap<_, _> = lines.collect();
    for secret in ["SHOP_CODE_KEY", "OIDC_CLIENT_SECRET"] {
        assert_eq!(variables[secret], "", "no secret stands in a file that is checked in");
    }
    let read = Config::read(|name| match name {
        "SHOP_CODE_KEY" => Some(KEY.to_owned()),
        _ => variables.get(name).map(|value| (*value).to_owned()),
    });
    read.unwrap();
}

#[test]
fn what_nobody_says_has_a_default() {
    let config = read(&[]).unwrap();
    assert_eq!(config.bind.to_string(), "127.0.0.1:8080");
    assert_eq!(config.public_origin(), "https://shop.example.com");
    assert_eq!(config.public_address("/orders"), "https://shop.example.com/orders");
    assert_eq!(config.time_zone, chrono_tz::UTC);
    assert_eq!(config.log, LogFormat::Json);
    assert_eq!(
        config.database.url.expose_secret(),
        "mysql://shop:pass-word@db.example.com/shop?ssl-mode=VERIFY_IDENTITY"
    );
    assert_eq!((config.database.pool_min, config.database.pool_max), (5, 10));
    assert_eq!(config.identity.redirect_url, "https://shop.example.com/sign-in/callback");
    assert_eq!(config.identity.signed_out_url, "https://shop.example.com/signed-out");
    assert_eq!(config.identity.groups_claim, "cognito:groups");
    assert!(config.identity.client_secret.is_none() && config.identity.logout_url.is_none());
    assert!(config.images.credentials.is_none() && config.images.endpoint_url.is_none());
    assert_eq!(config.images.region, "eu-west-1");
    assert_eq!(config.offices, []);
    assert_eq!(config.trusted_proxies, []);
    assert!(!config.auto_provision && !config.is_demo);
    assert_eq!(config.leaving.keep_days, None);
}

#[test]
fn points_of_leavers_are_kept_for_so_many_days_where_the_company_is() {
    let zone = ("SHOP_TIME_ZONE", "Europe/Berlin");
    let leaving = read(&[("SHOP_LEAVER_POINTS_DAYS", "30"), zone]).unwrap().leaving;
    let left_at = Day::parse("2026-06-15").unwrap().start_in(leaving.zone).plus_seconds(12 * 3_600);
    let end = leaving.ends_at(left_at).unwrap();
    assert_eq!(end.day_in(leaving.zone).iso(), "2026-07-16");
    assert!(leaving.left_before(end).unwrap() > left_at);
    assert!(leaving.left_before(end.plus_seconds(-1)).unwrap() <= left_at);
    assert_eq!(read(&[("SHOP_LEAVER_POINTS_DAYS", "0")]).unwrap().leaving.keep_days, Some(0));
    refused(&[("SHOP_LEAVER_POINTS_DAYS", "3651")], &["SHOP_LEAVER_POINTS_DAYS: is more than 3650 days"]);
    refused(&[("SHOP_LEAVER_POINTS_DAYS", "soon")], &["SHOP_LEAVER_POINTS_DAYS: is not a number of days"]);
}

#[test]
fn all_problems_are_told_at_once() {
    let problems = Config::read(|_| None).unwrap_err();
    assert_eq!(
        problems.0,
        [
            "SHOP_PUBLIC_URL: is missing: the address people use (https://shop.example.com)",
            "OIDC_ISSUER_URL: is missing: the identity provider's issuer",
            "OIDC_CLIENT_ID: is missing: the id the identity provider knows the shop by",
            "S3_BUCKET: is missing: the bucket of the product pictures",
            "DATABASE_URL: is missing: mysql://user:password@host/database or sqlite://path",
            "SHOP_CODE_KEY: is missing: 32 random bytes in base64 (openssl rand -base64 32)",
        ]
    );
    let told = problems.to_string();
    assert!(told.starts_with("the configuration has 6 problem(s):\n  - SHOP_PUBLIC_URL: "), "{told}");
    assert_eq!(told.lines().count(), 7);
    // A variable that is there and empty is as good as none.
    assert_eq!(Config::read(|_| Some("  ".to_owned())).unwrap_err(), problems);
    refused(
        &[("SHOP_BIND", "here"), ("SHOP_TIME_ZONE", "Berlin"), ("SHOP_LOG", "xml"), ("S3_BUCKET", "")],
        &[
            "SHOP_BIND: is not an address and a port (127.0.0.1:8080)",
            "SHOP_LOG: is neither json nor pretty",
            "S3_BUCKET: is missing: the bucket of the product pictures",
            "SHOP_TIME_ZONE: is not a time zone (Europe/Berlin)",
        ],
    );
}

#[test]
fn plain_http_stays_on_this_machine() {
    for address in ["http://localhost:8080", "http://127.0.0.1:1", "http://[::1]:1", "http://shop.localhost"]
    {
        assert_eq!(read(&[("SHOP_PUBLIC_URL", address)]).unwrap().public_origin(), address);
    }
    for name in ["SHOP_PUBLIC_URL", "OIDC_ISSUER_URL", "OIDC_LOGOUT_URL", "S3_ENDPOINT_URL"] {
        let plain = format!("{name}: is plain http; outside of this machine only https is safe");
        for address in
            ["http://shop.example.com", "http://10.0.0.1", "http://localhost.example.com", "http://0.0.0.0"]
        {
            refused(&[(name, address)], &[&plain]);
        }
        refused(&[(name, "ftp://localhost")], &[&format!("{name}: is not an https address")]);
        refused(&[(name, "shop.example.com")], &[&format!("{name}: is not an address (https://…)")]);
    }
}

#[test]
fn the_key_is_32_bytes_and_nothing_else() {
    let wrong = "SHOP_CODE_KEY: is not 32 bytes in base64 (openssl rand -base64 32)";
    for key in ["secret", "MDEyMzQ1Njc4OWFiY2RlZg==", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYx", "!!!"] {
        refused(&[("SHOP_CODE_KEY", key)], &[wrong]);
    }
    assert_eq!(read(&[]).unwrap().code_key.0, *b"0123456789abcdef0123456789abcdef");
}

#[test]
fn the_pool_is_as_large_as_makes_sense() {
    let wrong = "DATABASE_POOL_MAX: must be from 2 to 64 and not below DATABASE_POOL_MIN";
    refused(&[("DATABASE_POOL_MIN", "0"), ("DATABASE_POOL_MAX", "0")], &[wrong]);
    refused(&[("DATABASE_POOL_MAX", "65")], &[wrong]);
    refused(&[("DATABASE_POOL_MIN", "11")], &[wrong]);
    refused(&[("DATABASE_POOL_MIN", "many")], &["DATABASE_POOL_MIN: is not a number"]);
    refused(&[("DATABASE_POOL_MAX", "-1")], &["DATABASE_POOL_MAX: is not a number"]);
    let config = read(&[("DATABASE_POOL_MIN", "64"), ("DATABASE_POOL_MAX", "64")]).unwrap();
    assert_eq!((config.database.pool_min, config.database.pool_max), (64, 64));
}

#[test]
fn a_point_is_worth_exactly_so_much_or_nothing_is_said() {
    assert_eq!(read(&[]).unwrap().point_value, None);
    let value = read(&[("SHOP_POINT_VALUE", " 0.0125 EUR ")]).unwrap().point_value.unwrap();
    assert_eq!(value.of(Points(1_000)).to_string(), "12.50 EUR");
    for bad in ["0.01", "EUR 0.01", "0,01 EUR", "0 EUR", "-0.01 EUR", "0.01 eur", "0.0000001 EUR"] {
        refused(&[("SHOP_POINT_VALUE", bad)], &["SHOP_POINT_VALUE: is not what a point is worth (0.01 EUR)"]);
    }
}

#[test]
fn limits_are_so_many_in_a_period_or_there_are_none() {
    let limits = read(&[]).unwrap().limits;
    assert_eq!((limits.orders, limits.points), (None, None));
    let limits = [("SHOP_LIMIT_ORDERS", "20/month"), ("SHOP_LIMIT_POINTS", " 5000/ever ")];
    let limits = read(&[limits[0], limits[1], ("SHOP_TIME_ZONE", "Asia/Tokyo")]).unwrap().limits;
    let told = [limits.orders, limits.points].map(|limit| limit.unwrap().to_string());
    assert_eq!((told, limits.zone), (["20/month", "5000/ever"].map(str::to_owned), chrono_tz::Asia::Tokyo));
    let wrong = "is not a limit (20/month): 1 to 1000000000 in each period, one of week, month, year, ever"
        .to_owned();
    let wrong = ["ORDERS", "POINTS"].map(|of| format!("SHOP_LIMIT_{of}: {wrong}"));
    for bad in ["20", "0/month", "-1/month", "20/day", "many/month", "1000000001/year", "20/month, 3/week"] {
        refused(&[("SHOP_LIMIT_ORDERS", bad), ("SHOP_LIMIT_POINTS", bad)], &[&wrong[0], &wrong[1]]);
    }
}

#[test]
fn a_second_pair_of_eyes_is_asked_for_above_so_many_points_or_never() {
    assert_eq!(read(&[]).unwrap().approval_above, None);
    assert_eq!(read(&[("SHOP_APPROVAL_ABOVE", "")]).unwrap().approval_above, None);
    for (text, above) in [("0", 0), (" 5000 ", 5_000)] {
        assert_eq!(read(&[("SHOP_APPROVAL_ABOVE", text)]).unwrap().approval_above, Some(Points(above)));
    }
    for bad in ["-1", "5,000", "many", "99999999999999999999"] {
        refused(&[("SHOP_APPROVAL_ABOVE", bad)], &["SHOP_APPROVAL_ABOVE: is not a number of points (5000)"]);
    }
}

#[test]
fn the_books_are_read_from_a_verified_server_or_on_this_machine() {
    let weak = "DATABASE_URL: is on another machine and not verified: add ?ssl-mode=VERIFY_IDENTITY";
    for mode in [
        "",
        "?ssl-mode=PREFERRED",
        "?ssl-mode=DISABLED",
        "?ssl-mode=REQUIRED",
        "?ssl-mode=VERIFY_CA",
        "?ssl-mode=VERIFY_IDENTITY&ssl-mode=DISABLED",
        "?x=VERIFY_IDENTITY",
    ] {
        refused(&[("DATABASE_URL", &format!("mysql://shop:secret@db.example.com/shop{mode}"))], &[weak]);
    }
    for fine in ["mysql://shop@127.0.0.1/shop", "mysql://shop@localhost/shop", "mysql://shop@[::1]:3306/shop"]
    {
        assert!(read(&[("DATABASE_URL", fine)]).is_ok(), "{fine}");
    }
}

#[test]
fn lists_say_which_part_of_them_is_wrong() {
    refused(&[("DATABASE_URL", "postgres://db/shop")], &["DATABASE_URL: is neither mysql:// nor sqlite://"]);
    refused(
        &[("SHOP_TRUSTED_PROXIES", "10.0.0.0/8, here")],
        &["SHOP_TRUSTED_PROXIES: \"here\" is not a network (10.0.0.0/16)"],
    );
    refused(&[("SHOP_AUTO_PROVISION", "yes")], &["SHOP_AUTO_PROVISION: is not true or false"]);
    let roles = "super-admin, points, products, orders, people, reports, audit";
    refused(
        &[("SHOP_GROUP_ROLES", "shop-admins=super-admin, hr=king, =points")],
        &[
            &format!("SHOP_GROUP_ROLES: \"hr=king\" is not group=role; roles are {roles}"),
            &format!("SHOP_GROUP_ROLES: \"=points\" is not group=role; roles are {roles}"),
        ],
    );
    refused(
        &[("SHOP_OFFICES", "Berlin: Lamp Street 1; Lisbon; berlin: Lamp Street 2")],
        &["SHOP_OFFICES: \"Lisbon\" is not Name: address", "SHOP_OFFICES: \"berlin\" is there twice"],
    );
}

#[test]
fn lists_are_read_in_their_order() {
    let config = read(&[
        ("SHOP_GROUP_ROLES", "hr-points=points,shop-admins=super-admin"),
        ("SHOP_OFFICES", "São Paulo: Rua A, 1; Berlin: Lamp Street 1"),
        ("SHOP_TRUSTED_PROXIES", "10.0.0.0/16, 192.168.1.7/32"),
    ])
    .unwrap();
    let roles: Vec<_> = config.group_roles.iter().map(|(group, role)| format!("{group}={role}")).collect();
    assert_eq!(roles, ["hr-points=points", "shop-admins=super-admin"]);
    let offices: Vec<_> =
        config.offices.iter().map(|office| (office.slug.as_str(), office.address.as_str())).collect();
    assert_eq!(offices, [("são-paulo", "Rua A, 1"), ("berlin", "Lamp Street 1")]);
    let proxies: Vec<_> = config.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(proxies, ["10.0.0.0/16", "192.168.1.7/32"]);
}

#[test]
fn no_secret_is_ever_printed() {
    let config = read(&[("OIDC_CLIENT_SECRET", "client-secret-of-tests")]).unwrap();
    let (short, long) = (format!("{config:?}"), format!("{config:#?}"));
    let numbers = format!("{:?}", b"0123456789abcdef");
    let digits = numbers.trim_start_matches('[').trim_end_matches(']');
    for told in [&short, &long] {
        for secret in ["pass-word", "client-secret-of-tests", KEY, "0123456789abcdef", digits] {
            assert!(!told.contains(secret), "{secret} in {told}");
        }
        assert!(told.contains("REDACTED"), "{told}");
    }
    // Nor in the report of what is wrong with it.
    let problems =
        read(&[("SHOP_CODE_KEY", "half-a-secret"), ("DATABASE_URL", "my-sql://shop:pass-word@db/shop")]);
    let told = problems.unwrap_err().join("\n");
    assert!(!told.contains("half-a-secret") && !told.contains("pass-word"), "{told}");
}

#[test]
fn mail_leaves_this_machine_encrypted_and_in_somebodys_name() {
    let from = Some("Shop <shop@example.com>");
    for (server, from, problem) in [
        ("smtps://u:p@mail.example.com", from, None),
        ("smtp://mail.example.com:587?tls=required", from, None),
        ("smtp://127.0.0.1:2525", from, None),
        ("smtp://localhost:2525", from, None),
        ("smtp://mail.example.com:25", from, Some("SMTP_URL")),
        ("smtp://mail.example.com?tls=opportunistic", from, Some("SMTP_URL")),
        ("smtp://mail.example.com?tls=opportunistic&tls=required", from, Some("SMTP_URL")),
        ("smtp://10.0.0.1", from, Some("SMTP_URL")),
        ("smtp://[::1]:25", from, None),
        ("smtps://u:p/w@mail.example.com", from, Some("SMTP_URL")),
        ("smtps://", from, Some("SMTP_URL")),
        ("mail.example.com:465", from, Some("SMTP_URL")),
        ("https://mail.example.com", from, Some("SMTP_URL")),
        ("smtps://mail.example.com", None, Some("SHOP_MAIL_FROM")),
        ("smtps://mail.example.com", Some("nobody"), Some("SHOP_MAIL_FROM")),
    ] {
        let mut variables = vec![("SMTP_URL", server)];
        variables.extend(from.map(|from| ("SHOP_MAIL_FROM", from)));
        let read = read(&variables);
        match problem {
            None => assert!(read.is_ok(), "{server}: {read:?}"),
            Some(name) => {
                let problems = read.unwrap_err();
                assert_eq!(problems.len(), 1, "{problems:?}");
                assert!(problems[0].starts_with(name), "{problems:?}");
            }
        }
    }
}
