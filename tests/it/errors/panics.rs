//! A promise that is broken in the middle of a write. What somebody sees of it, `server::layers` proves.

use awsomeshop::catalog::stock;
use awsomeshop::error::Error;
use awsomeshop::types::actor::Actor;
use futures::FutureExt;

use crate::support::Shop;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_in_a_write_undoes_it_repeats_nobodys_data_and_leaves_the_next_write_alone() {
    let shop = Shop::open().await;
    let lamp = shop.product("Desk lamp", 200, 5).await;
    let (now, id) = (shop.now(), lamp.id);
    let before = shop.contents().await;

    let broken = shop.app.db.write("test.panic", move |tx| {
        async move {
            stock::receive(tx, now, Actor::Shop, id, 3).await?;
            assert_eq!(id.to_string(), "ann@example.test", "a promise is broken");
            Ok(())
        }
        .boxed()
    });
    let Err(Error::Internal(cause)) = broken.await else { panic!("it was carried out") };

    // This is what the log says of it, besides the place that the panic itself tells.
    assert_eq!(format!("{cause:#}"), "test.panic panicked");
    shop.assert_unchanged(&before, "a write that panicked").await;
    // On the same row, which nobody holds any more, and perhaps on the same connection.
    shop.receive(lamp.id, 2).await;
    assert_eq!(shop.scalar("SELECT stock FROM products").await, 7);
    assert_eq!(shop.scalar("SELECT COUNT(*) FROM stock_moves").await, 2);
    shop.close().await;
}
