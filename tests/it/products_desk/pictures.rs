//! What a picture shows, said by two people at once.

use super::*;

#[tokio::test]
async fn words_that_come_too_late_are_kept_beside_those_of_the_other() {
    let (shop, hr) = desk().await;
    let address = format!("{}/pictures", enter(&hr, &lamp_form(&hr).await).await);
    let id = id_of(address.trim_end_matches("/pictures"));
    shop.picture(id, "products/first").await;
    let picture = shop.picture(id, "products/second").await;
    let words = format!("form[action='{address}/{picture}']");
    let old = page(&hr, &address).await.form(&words);
    assert_eq!((old.value("version"), old.value("alt")), ("1", "A picture"));
    let late = old.clone().with("alt", "A lamp by day");
    hr.submit(&old.with("alt", "A lamp by night")).await.expect(303);

    let before = shop.contents().await;
    let html = hr.submit(&late).await.expect(409).html();

    assert!(html.text_of(".shot:nth-child(2) [role=alert] p").starts_with("Somebody else has changed this"));
    assert_eq!(html.all(".theirs dt"), ["What it shows"]);
    assert_eq!(html.all(".theirs dd"), ["A lamp by night"]);
    assert_eq!(html.attributes(".shot [name=alt]", "value"), ["A picture", "A lamp by day"]);
    assert_eq!(html.count("[aria-invalid]"), 0);
    let again = html.form(&words);
    assert_eq!((again.value("version"), again.value("alt")), ("2", "A lamp by day"));
    shop.assert_unchanged(&before, "words that came too late").await;

    hr.submit(&again).await.expect(303);

    let said = page(&hr, &address).await.attributes(".shot [name=alt]", "value");
    assert_eq!(said, ["A picture", "A lamp by day"]);
    shop.close().await;
}
