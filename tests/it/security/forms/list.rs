//! The list: each writing address of the shop, and what an honest person sends there.

use awsomeshop::types::role::Desk;

use By::Ann;

/// Who sends a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The employee whose things the scene has.
    Ann,
    /// Somebody at this desk.
    At(Desk),
}

/// A number among the fields of a form, and what it may be.
#[derive(Clone, Copy, Debug)]
pub struct Number {
    /// How its name begins.
    pub name: &'static str,
    /// Left empty it means something of its own.
    pub may_be_blank: bool,
    pub least: i64,
    pub most: i64,
}

/// A writing address and what an honest person sends there.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    pub path: &'static str,
    pub by: By,
    /// It is about an order of Ann's that nobody has touched yet, a new one each time.
    pub fresh_order: bool,
    /// What has to be sent before: address and fields.
    pub before: &'static [(&'static str, &'static [(&'static str, &'static str)])],
    /// The page that shows the form, where its hidden fields matter.
    pub page: &'static str,
    /// What is filled in. `{product}` is the scene's product.
    pub filled: &'static [(&'static str, &'static str)],
    pub numbers: &'static [Number],
}

impl Form {
    /// Whether it is sent as a form with files.
    pub fn brings_files(&self) -> bool {
        self.filled.iter().any(|(name, _)| name.starts_with(FILE))
    }

    /// What is filled in, as it stands in the list: for who is turned away before it is read.
    pub fn sketch(&self) -> Vec<(String, String)> {
        self.filled.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }
}

const PLAIN: Form =
    Form { path: "", by: Ann, fresh_order: false, before: &[], page: "", filled: &[], numbers: &[] };
const ORDER: Form = Form { by: By::At(Desk::Orders), fresh_order: true, ..PLAIN };
const GIVING: Form = Form { by: By::At(Desk::Points), ..PLAIN };
const GIVEN: Number = Number { name: "amount", may_be_blank: false, least: 1, most: 1_000_000 };
const PEOPLE: Form = Form { by: By::At(Desk::People), ..PLAIN };
const PICTURE: Form = Form { by: By::At(Desk::Products), page: "/hr/products/{product}/pictures", ..PLAIN };
/// How the name of a field begins that is a file; each letter of its value is a byte.
pub const FILE: &str = "file:";
/// The one field that may be there several times.
pub const FILES: &str = "file:files";
/// A PNG of one pixel.
const DOT: &str = "\u{89}PNG\r\n\u{1a}\n\0\0\0\rIHDR\0\0\0\u{1}\0\0\0\u{1}\u{8}\u{2}\0\0\0\u{90}wS\u{de}\0\0\0\u{c}IDATx\u{9c}c\u{f8}\u{cf}\
                   \u{c0}\0\0\u{3}\u{1}\u{1}\0\u{c9}\u{fe}\u{92}\u{ef}\0\0\0\0IEND\u{ae}B`\u{82}";
const PRODUCT: Form = Form { by: By::At(Desk::Products), ..PLAIN };
const KEY: (&str, &str) = ("key", "0f9619ff-8b86-4d01-b42d-00cf4fc964ff");
const POINTS: Number = Number { name: "price", may_be_blank: false, least: 1, most: 1_000_000_000 };
const LOW_STOCK: Number = Number { name: "low_stock_at", least: 0, ..POINTS };
const LIMIT: Number = Number { name: "limit_count", may_be_blank: true, ..POINTS };
const VERSION: Number = Number { name: "version", may_be_blank: false, least: 1, most: 1 };
const QUANTITY: Number = Number { name: "quantity", may_be_blank: false, least: 1, most: 50 };
const LAMP: &[(&str, &str)] = &[("product", "{product}"), ("quantity", "1")];
const ADDRESS: &[(&str, &str)] = &[
    ("recipient", "Ann Archer"),
    ("line1", "Elsewhere 1"),
    ("line2", "Back yard"),
    ("postcode", "10117"),
    ("city", "Berlin"),
    ("region", "Berlin"),
    ("country", "DE"),
    ("phone", "+49 30 1"),
    ("make_default", "true"),
];

/// Every form of the shop.
pub const FORMS: &[Form] = &[
    Form { path: "/orders/{number}/codes/{id}/reveal", ..PLAIN },
    Form { path: "/addresses", page: "/addresses/new", filled: ADDRESS, ..PLAIN },
    Form { path: "/addresses/{id}", page: "/addresses/{id}/edit", filled: ADDRESS, ..PLAIN },
    Form { path: "/addresses/{id}/default", before: &[("/addresses", ADDRESS)], ..PLAIN },
    Form { path: "/addresses/{id}/removal", ..PLAIN },
    Form {
        path: "/cart/lines",
        page: "/products/{slug}",
        filled: &[("quantity", "1"), ("then", "cart")],
        numbers: &[Number { may_be_blank: true, ..QUANTITY }],
        ..PLAIN
    },
    Form {
        path: "/cart/lines/{product}",
        page: "/cart",
        filled: &[("quantity", "3")],
        numbers: &[QUANTITY],
        ..PLAIN
    },
    Form {
        path: "/checkout",
        page: "/checkout",
        filled: &[("delivery", "office:berlin")],
        // More than the total is fine: a price that fell asks nobody again.
        numbers: &[Number { name: "expected_total", may_be_blank: false, least: 600, most: i64::MAX }],
        ..PLAIN
    },
    Form { path: "/cart/lines/{product}/removal", before: &[("/cart/lines", LAMP)], ..PLAIN },
    Form { path: "/orders/{number}/cancellation", page: "/orders/{number}", fresh_order: true, ..PLAIN },
    Form { path: "/hr/orders/preparations", filled: &[("order-{number}", "true"), ("note", "")], ..ORDER },
    Form {
        path: "/hr/orders/fulfilments",
        page: "/hr/orders",
        filled: &[("order-{number}", "true"), ("note", "At the front desk")],
        ..ORDER
    },
    Form {
        path: "/hr/orders/{number}/notes",
        page: "/hr/orders/{number}",
        filled: &[("words", "It is on the shelf"), ("public", "true")],
        ..ORDER
    },
    Form { path: "/hr/mails/{message}/delivery", by: By::At(Desk::Audit), ..PLAIN },
    Form { path: "/hr/mails/deliveries", by: By::At(Desk::Audit), ..PLAIN },
    Form { path: "/hr/orders/{number}/preparation", page: "/hr/orders/{number}", ..ORDER },
    Form {
        path: "/hr/orders/{number}/fulfilment",
        page: "/hr/orders/{number}",
        filled: &[("carrier", "Bike"), ("tracking_number", "12"), ("note", "Ann has it")],
        ..ORDER
    },
    Form {
        path: "/hr/orders/{number}/cancellation",
        page: "/hr/orders/{number}",
        filled: &[("reason", "Out of production")],
        numbers: &[
            Number { name: "line-", may_be_blank: false, least: 1, most: 1 },
            Number { name: "version", may_be_blank: false, least: 1, most: 1 },
        ],
        ..ORDER
    },
    Form {
        path: "/hr/points/grants",
        page: "/hr/points/grants/new?person={person}",
        filled: &[("step", "do"), ("amount", "50"), ("reason", "idea"), ("note", "For the new sign")],
        numbers: &[GIVEN],
        ..GIVING
    },
    Form {
        path: "/hr/points/deductions",
        page: "/hr/points/deductions/new?person={person}",
        filled: &[("step", "do"), ("amount", "5"), ("reason", "agreed"), ("note", "For the old sign")],
        numbers: &[GIVEN],
        ..GIVING
    },
    Form {
        path: "/hr/points/grants/{grant}/reversal",
        page: "/hr/points/grants/{grant}",
        filled: &[("note", "Not meant for Cora")],
        ..GIVING
    },
    Form {
        path: "/hr/points/rules",
        page: "/hr/points/rules/new?kind=monthly",
        filled: &[("amount", "10"), ("note", "Each month"), ("lasts_months", "6")],
        numbers: &[
            GIVEN,
            Number { name: "day_of_month", may_be_blank: false, least: 1, most: 31 },
            Number { name: "lasts_months", may_be_blank: true, least: 1, most: 120 },
        ],
        ..GIVING
    },
    Form {
        path: "/hr/points/rules/{rule}",
        page: "/hr/points/rules/{rule}/edit",
        filled: &[("amount", "11")],
        numbers: &[GIVEN, Number { name: "version", may_be_blank: false, least: 1, most: 1 }],
        ..GIVING
    },
    Form {
        path: "/hr/points/rules/{rule}/approval",
        filled: &[("version", "1")],
        numbers: &[VERSION],
        ..GIVING
    },
    Form { path: "/hr/points/rules/{rule}/catch-ups", filled: &[("month", "2026-05")], ..GIVING },
    Form {
        path: "/hr/points/rules/{rule}/overrides",
        page: "/hr/points/rules/{rule}/overrides/new?person={person}",
        filled: &[("gives", "amount"), ("amount", "3"), ("page", "1")],
        numbers: &[GIVEN],
        ..GIVING
    },
    Form { path: "/hr/points/rules/{rule}/overrides/{person}/removal", filled: &[("page", "1")], ..GIVING },
    Form {
        path: "/hr/people",
        page: "/hr/people/new",
        filled: &[("name", "Zoe Zimmer"), ("email", "zoe@example.test"), ("employee_number", "E-zoe")],
        ..PEOPLE
    },
    Form {
        path: "/hr/people/imports",
        filled: &[("file:file", "number,name,email\nE-7,Sue Seven,sue@example.test\n")],
        ..PEOPLE
    },
    Form { path: "/hr/people/imports/{import}/entry", ..PEOPLE },
    Form {
        path: "/hr/people/{person}",
        page: "/hr/people/{person}/edit",
        filled: &[("department", "Design")],
        numbers: &[Number { name: "version", may_be_blank: false, least: 1, most: 1 }],
        ..PEOPLE
    },
    Form { path: "/hr/people/{person}/deactivation", filled: &[("reason", "Moved away")], ..PEOPLE },
    Form { path: "/hr/people/{person}/reactivation", filled: &[("reason", "Came back")], ..PEOPLE },
    Form {
        path: "/hr/products/{product}/pictures",
        page: "",
        filled: &[(FILES, DOT), ("alt", "A dot")],
        ..PICTURE
    },
    Form {
        path: "/hr/products/{product}/pictures/{picture}",
        filled: &[("alt", "A lamp")],
        numbers: &[Number { name: "version", may_be_blank: false, least: 1, most: 1 }],
        ..PICTURE
    },
    Form {
        path: "/hr/products/{product}/pictures/{picture}/position",
        filled: &[("to", "1")],
        numbers: &[
            Number { name: "from", may_be_blank: false, least: 0, most: 0 },
            Number { name: "to", may_be_blank: false, least: 0, most: 1 },
        ],
        ..PICTURE
    },
    Form { path: "/hr/products/{product}/pictures/{picture}/removal", ..PICTURE },
    Form {
        path: "/hr/points/runs",
        filled: &[
            ("file:file", "number,amount\nE-ann,5\n"),
            ("reason", "idea"),
            ("note", "Bright"),
            ("ends", "never"),
        ],
        ..GIVING
    },
    Form {
        path: "/hr/points/runs/many",
        filled: &[("amount", "5"), ("reason", "idea"), ("note", "Bright"), ("ends", "never"), ("q", "ann")],
        numbers: &[GIVEN],
        ..GIVING
    },
    Form {
        path: "/hr/points/runs/{run}/commitment",
        filled: &[("version", "1"), ("good_only", "true"), ("again", "true")],
        numbers: &[VERSION],
        ..GIVING
    },
    Form { path: "/hr/points/runs/{run}/withdrawal", ..GIVING },
    Form {
        path: "/hr/points/runs/{run}/approval",
        filled: &[("version", "1")],
        numbers: &[VERSION],
        ..GIVING
    },
    Form {
        path: "/hr/points/runs/{run}/rejection",
        filled: &[("version", "1"), ("reason", "Too much")],
        numbers: &[VERSION],
        ..GIVING
    },
    Form {
        path: "/hr/points/runs/{run}/reversal",
        page: "/hr/points/runs/{run}/reversal",
        filled: &[("reason", "A slip")],
        numbers: &[Number { least: 3, most: 3, ..VERSION }],
        ..GIVING
    },
    Form { path: "/hr/products/categories", filled: &[("name", "Rare things")], ..PRODUCT },
    Form {
        path: "/hr/products/categories/{category}",
        page: "/hr/products/categories",
        filled: &[("name", "Good things")],
        numbers: &[VERSION],
        ..PRODUCT
    },
    Form {
        path: "/hr/products/categories/{category}/place",
        filled: &[("place", "1")],
        numbers: &[Number { name: "place", may_be_blank: false, least: 0, most: i64::MAX }],
        ..PRODUCT
    },
    Form { path: "/hr/products/categories/{category}/removal", ..PRODUCT },
    Form {
        path: "/hr/products",
        page: "/hr/products/new",
        filled: &[("name", "Kite"), ("description", "It flies."), ("price", "300"), ("limit_count", "2")],
        numbers: &[POINTS, LOW_STOCK, LIMIT],
        ..PRODUCT
    },
    Form {
        path: "/hr/products/{product}/state",
        filled: &[("state", "unlisted"), ("version", "0")],
        numbers: &[Number { least: 0, most: 0, ..VERSION }],
        ..PRODUCT
    },
    Form {
        path: "/hr/products/{product}",
        page: "/hr/products/{product}/edit",
        filled: &[("name", "Larger gift card"), ("limit_count", "2")],
        numbers: &[POINTS, LOW_STOCK, LIMIT, VERSION],
        ..PRODUCT
    },
    Form {
        path: "/hr/products/{product}/stock",
        filled: &[
            KEY,
            ("step", ""),
            ("reason", "received"),
            ("quantity", "5"),
            ("expected", ""),
            ("note", "Van"),
        ],
        numbers: &[Number { least: 1, most: 100_000, ..QUANTITY }],
        ..PRODUCT
    },
    Form {
        path: "/hr/products/{product}/codes",
        page: "/hr/products/{product}/codes",
        filled: &[("codes", "EEEE-FFFF-3333")],
        ..PRODUCT
    },
    Form {
        path: "/hr/products/{product}/codes/file",
        filled: &[KEY, ("file:file", "code\nEEEE-FFFF-4444\n")],
        ..PRODUCT
    },
    Form {
        path: "/hr/products/{product}/codes/{code}/withdrawal",
        filled: &[("reason", "It was in a newspaper")],
        ..PRODUCT
    },
    Form { path: "/hr/products/{product}/removal", ..PRODUCT },
    // The last of Ann's: afterwards she is out.
    Form { path: "/sign-out", ..PLAIN },
];

/// Names that other shops' forms give to what only the house decides, with values that would be seen.
pub const EXTRA: &[(&str, &str)] = &[
    ("role", "super-admin"),
    ("roles", "super-admin"),
    ("roles[]", "super-admin"),
    ("is_admin", "true"),
    ("is_active", "false"),
    ("balance", "987654321"),
    ("points", "987654321"),
    ("amount", "987654321"),
    ("remaining", "987654321"),
    ("price", "1"),
    ("unit_price", "1"),
    ("price_seen", "1"),
    ("total", "1"),
    ("discount", "100"),
    ("refunded", "987654321"),
    ("stock", "987654321"),
    ("version", "987654321"),
    ("state", "fulfilled"),
    ("status", "fulfilled"),
    ("kind", "digital"),
    ("number", "AW-0000-0000"),
    ("created_at", "2020-01-01T00:00:00Z"),
    ("placed_at", "2020-01-01T00:00:00Z"),
    ("revealed_at", "2020-01-01T00:00:00Z"),
    ("default_of", "{ben}"),
    ("id", "{ben}"),
    ("person", "{ben}"),
    ("person_id", "{ben}"),
    ("user_id", "{ben}"),
    ("owner", "{ben}"),
    ("actor", "{ben}"),
    ("actor_id", "{ben}"),
    ("account_id", "{ben}"),
    ("_method", "DELETE"),
    ("__proto__", "1"),
    ("constructor[prototype][x]", "1"),
];
