//! What a product is made of, and whether it is on offer.

use sea_orm::{DeriveActiveEnum, EnumIter};

/// Something that is sent or picked up, or a code that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "kebab-case")]
pub enum ProductKind {
    Physical,
    Digital,
}

/// Whether employees see a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "kebab-case")]
pub enum ProductState {
    Listed,
    Unlisted,
    Archived,
}
