//! Numbers as nobody would write them, in every field that is a number.

use super::forms::{FORMS, Number, Senders, Sent, send};

/// What is no whole number in plain digits, or larger than any number of ours.
const NO_NUMBERS: &[&str] = &[
    "",
    " ",
    "-1",
    "-0",
    "+1",
    " 1",
    "1 ",
    "1.0",
    "1,0",
    "1e3",
    "1E3",
    "0x10",
    "0b1",
    "0o7",
    "1_000",
    "\u{0663}",
    "\u{ff11}",
    "\u{00b2}",
    "\u{200b}1",
    "1\u{0}",
    "NaN",
    "Infinity",
    "-9223372036854775808",
    "9223372036854775808",
    "18446744073709551616",
    "99999999999999999999999999999999999999999",
    "1;DROP TABLE orders",
    "1 OR 1=1",
    "1' OR '1'='1",
    "one",
    "true",
    "null",
    "[1]",
    "1\r\n1",
];

/// Numbers that are plain and still not among those a field takes.
fn beyond(number: &Number) -> Vec<String> {
    let edges = [
        0,
        1,
        number.least.saturating_sub(1),
        number.most.saturating_add(1),
        i64::from(i32::MAX) + 1,
        i64::from(u32::MAX) + 1,
        i64::MAX,
    ];
    let outside = edges.into_iter().filter(|edge| *edge >= 0 && !(number.least..=number.most).contains(edge));
    outside.map(|edge| edge.to_string()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_number_within_its_limits_is_refused_and_changes_nothing() {
    let senders = Senders::set().await;
    let mut fields_tried = 0;
    for form in FORMS {
        let Sent { path, fields, .. } = senders.honest(form).await;
        let browser = senders.browser(form.by);
        for number in form.numbers {
            fields_tried += 1;
            let before = senders.scene.shop.contents().await;
            let honest = fields.iter().position(|(name, _)| name.starts_with(number.name));
            let at = honest.unwrap_or_else(|| panic!("{path} has no field {}", number.name));
            let written = NO_NUMBERS.iter().filter(|text| !(number.may_be_blank && text.is_empty()));
            let bad = written.map(|text| (*text).to_owned()).chain(beyond(number));
            for text in bad {
                let mut wrong = fields.clone();
                wrong[at].1.clone_from(&text);
                let answer = send(browser, &path, &wrong).await;
                assert!(
                    [400, 409, 422].contains(&answer.status()),
                    "{path} with {}={text:?}: {answer}",
                    number.name
                );
            }
            senders
                .scene
                .shop
                .assert_unchanged(&before, &format!("{path} with a wrong {}", number.name))
                .await;
        }
        assert!(send(browser, &path, &fields).await.status() < 400, "{path} as an honest person sends it");
    }
    assert!(fields_tried >= 3, "only {fields_tried} numbers");
    senders.scene.shop.close().await;
}
