//! In which request something is done: noted by the server's outermost layer, known to every write that begins in it.

use std::sync::Arc;

tokio::task_local! {
    static CURRENT: Arc<str>;
}

/// Does `work` as part of the request of this id.
pub async fn within<T>(id: &str, work: impl Future<Output = T>) -> T {
    CURRENT.scope(id.into(), work).await
}

/// The request in which this is done; none for what the shop does by itself.
#[must_use]
pub fn current() -> Option<Arc<str>> {
    CURRENT.try_with(Arc::clone).ok()
}
