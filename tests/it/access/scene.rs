//! What the routes are tried on: Ann, and one of everything that an address can name.

use awsomeshop::orders::batch::Act;
use awsomeshop::types::id::{
    AddressId, BatchId, CodeId, GrantId, ImportId, MessageId, PersonId, PictureId, ProductId, RuleId,
};

use super::{FILLED_IN, hr, runs};
use crate::support::Shop;

/// Ann, and one of everything that is hers.
pub struct Scene {
    pub shop: Shop,
    pub ann: PersonId,
    pub number: String,
    pub code: CodeId,
    pub address: AddressId,
    pub in_cart: ProductId,
    pub slug: String,
    /// Somebody who does nothing and whom HR may do anything to.
    pub colleague: PersonId,
    /// A sheet of people that nobody has entered.
    pub import: ImportId,
    /// What the colleague was given.
    pub grant: GrantId,
    pub rule: RuleId,
    pub rule_that_waits: RuleId,
    /// What became of Ann's order when somebody wanted to begin it.
    pub batch: BatchId,
    /// A mail that was given up; there is another one.
    pub message: MessageId,
    /// The first picture of what is in the cart.
    pub picture: PictureId,
    /// What the products desk works on.
    pub desk: hr::Shelves,
    pub runs: runs::Runs,
}

impl Scene {
    pub async fn set() -> Self {
        let shop = Shop::open().await;
        let ann = shop.person("ann").await;
        shop.grant(ann, 1_000, None).await;
        let voucher = shop.digital_product("Voucher", 100, &["AAAA-BBBB-1111"]).await;
        let lamp = shop.product("Desk lamp", 200, 5).await;
        let browser = shop.browser_of(ann).await;
        browser.post("/addresses", FILLED_IN).await.expect(303);
        let number = browser.redeem(&voucher, 1, "").await;
        let line = [("product", lamp.id.to_string()), ("quantity", "1".to_owned())];
        let line: Vec<_> = line.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post("/cart/lines", &line).await.expect(303);
        let code = CodeId(shop.id_of("SELECT id FROM codes", []).await);
        let desk = hr::Shelves::set(&shop).await;
        let address = AddressId(shop.id_of("SELECT id FROM addresses", []).await);
        let colleague = shop.person("cora").await;
        let import = shop.sheet_of_people(ann, "number,name,email\nE-new,Nora New,nora@example.test\n").await;
        shop.grant(colleague, 900, None).await;
        let whose = "SELECT id FROM grants WHERE person_id = ?";
        let grant = GrantId(shop.id_of(whose, [colleague.into()]).await);
        let rule = shop.monthly_rule(1, 25, "2026-05-01").await;
        let rule_that_waits = shop.monthly_rule(2, 25, "2026-05-01").await;
        let sql = "UPDATE grant_rules SET is_waiting = TRUE WHERE id = ?";
        shop.sql(sql, [rule_that_waits.into()]).await;
        let batch = shop.batch(colleague, Act::Prepare, &[&number]).await;
        let message = shop.dead_mail().await;
        shop.dead_mail().await;
        let picture = shop.picture(lamp.id, "products/lamp").await;
        let runs = runs::Runs::set(&shop, ann).await;
        Self {
            shop,
            ann,
            number,
            code,
            address,
            in_cart: lamp.id,
            slug: lamp.slug,
            colleague,
            import,
            batch,
            message,
            grant,
            rule,
            rule_that_waits,
            picture,
            desk,
            runs,
        }
    }

    /// An address of the table with Ann's things filled in.
    pub fn fill(&self, pattern: &str) -> String {
        self.fill_with(pattern, &self.number, self.code, self.address, self.in_cart)
    }

    /// The same with things that nobody has.
    pub fn fill_with_nothing(&self, pattern: &str) -> String {
        self.fill_with(pattern, "AW-0000-0000", CodeId::new(), AddressId::new(), ProductId::new())
    }

    fn fill_with(
        &self,
        pattern: &str,
        number: &str,
        code: CodeId,
        address: AddressId,
        product: ProductId,
    ) -> String {
        let pattern = &self.desk.fill(pattern);
        let id = if pattern.contains("/codes/") { code.to_string() } else { address.to_string() };
        let filled = pattern
            .replace("{slug}", &self.slug)
            .replace("{number}", number)
            .replace("{product}", &product.to_string())
            .replace("{run}", &self.runs.of(pattern).to_string())
            .replace("{person}", &self.colleague.to_string())
            .replace("{batch}", &self.batch.to_string())
            .replace("{message}", &self.message.to_string())
            .replace("{import}", &self.import.to_string())
            .replace("{picture}", &self.picture.to_string())
            .replace("{id}", &id)
            .replace("{grant}", &self.grant.to_string())
            .replace("{rule}/approval", &format!("{}/approval", self.rule_that_waits))
            .replace("{rule}", &self.rule.to_string())
            .replace("{event}", "1")
            .replace("{name:.*}", "js/shop.js");
        assert!(!filled.contains('{'), "nobody has told how to fill in {pattern}");
        filled
    }
}
