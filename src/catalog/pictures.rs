//! Pictures of products, as rows: which object, in which widths. The pages sign their addresses.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::pictures;
use crate::error::Result;
use crate::types::id::ProductId;

/// The position of the picture that stands for a product in lists.
pub const FIRST: i64 = 0;

/// The first picture of each of these products, in one query; those without one are missing.
///
/// # Errors
/// When the database fails.
pub async fn first_of(db: &impl ConnectionTrait, products: Vec<ProductId>) -> Result<Vec<pictures::Model>> {
    if products.is_empty() {
        return Ok(Vec::new());
    }
    let query = pictures::Entity::find()
        .filter(pictures::Column::ProductId.is_in(products))
        .filter(pictures::Column::Position.eq(FIRST));
    Ok(query.all(db).await?)
}

/// All pictures of a product, in their order.
///
/// # Errors
/// When the database fails.
pub async fn of_product(db: &impl ConnectionTrait, product_id: ProductId) -> Result<Vec<pictures::Model>> {
    let query = pictures::Entity::find().filter(pictures::Column::ProductId.eq(product_id));
    Ok(query.order_by_asc(pictures::Column::Position).all(db).await?)
}
