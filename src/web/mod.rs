//! Floor 3: the small web kit. It knows HTTP and the layout, and no feature.

pub mod assets;
pub mod body;
pub mod busy_page;
pub mod client_address;
pub mod conflict;
pub mod cookies;
pub mod cross_origin;
pub mod csv;
pub mod error_pages;
pub mod flash;
pub mod form;
pub mod htmx;
pub mod page;
pub mod pager;
pub mod picture;
pub mod reasons;
pub mod render;
pub mod request_id;
pub mod route;
pub mod security_headers;
pub mod sentences;
pub mod session;
pub mod sorting;
pub mod text;
pub mod upload;
pub mod viewer;
