//! What is done by hand to the rows, the law that must name it, and those that cannot but notice it too. Between them they
//! reach each condition of each law alone: a law that loses one is silent somewhere.

mod lots;
mod orders;
mod people;
mod points;
mod records;
mod refunds;
mod runs;
mod stock;
mod together;
mod transfers;

/// A statement, the law it is meant to break, and every other one that it breaks by its nature.
#[derive(Clone, Copy)]
pub struct Tampering {
    pub sql: &'static str,
    pub law: &'static str,
    pub also: &'static [&'static str],
}

const fn breaks(law: &'static str, sql: &'static str, also: &'static [&'static str]) -> Tampering {
    Tampering { sql, law, also }
}

/// Every tampering, noun by noun.
pub const TAMPERINGS: &[Tampering] = &joined::<{ count() }>();

const NOUNS: [&[Tampering]; 9] = [
    points::TAMPERINGS,
    transfers::TAMPERINGS,
    lots::TAMPERINGS,
    orders::TAMPERINGS,
    refunds::TAMPERINGS,
    stock::TAMPERINGS,
    people::TAMPERINGS,
    runs::TAMPERINGS,
    records::TAMPERINGS,
];

const fn count() -> usize {
    let (mut count, mut noun) = (0, 0);
    while noun < NOUNS.len() {
        count += NOUNS[noun].len();
        noun += 1;
    }
    count
}

const fn joined<const COUNT: usize>() -> [Tampering; COUNT] {
    let mut all = [breaks("", "", &[]); COUNT];
    let (mut next, mut noun) = (0, 0);
    while noun < NOUNS.len() {
        let mut of_noun = 0;
        while of_noun < NOUNS[noun].len() {
            all[next] = NOUNS[noun][of_noun];
            next += 1;
            of_noun += 1;
        }
        noun += 1;
    }
    all
}
