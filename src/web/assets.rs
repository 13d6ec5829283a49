//! Style sheets, scripts and icons: in the binary, under addresses that carry their content's hash, so that a browser
//! keeps them for ever and a new version is fetched at once. Compressed once, at start.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::LazyLock;

use actix_web::http::header::{self, AcceptEncoding, Encoding, Quality};
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use rust_embed::RustEmbed;

use crate::urls;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/static/"]
#[exclude = "*.txt"]
struct Files;

/// Smaller texts are not worth compressing.
const COMPRESS_FROM_BYTES: usize = 512;
/// Hex digits of the hash in an address.
const HASH_DIGITS: usize = 12;
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

struct Asset {
    address: String,
    etag: String,
    content_type: String,
    plain: Bytes,
    gzip: Option<Bytes>,
    brotli: Option<Bytes>,
}

static BY_NAME: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    Files::iter().filter_map(|name| Some((name.to_string(), Asset::load(&name)?))).collect()
});

static BY_ADDRESS: LazyLock<BTreeMap<&'static str, &'static Asset>> =
    LazyLock::new(|| BY_NAME.values().map(|asset| (asset.address.as_str(), asset)).collect());

/// The address of a file of `static/`, with its hash.
#[must_use]
pub fn url(name: &str) -> &'static str {
    let Some(asset) = BY_NAME.get(name) else {
        tracing::error!(name, "a page asks for a static file that is not there");
        return "/static/missing";
    };
    &asset.address
}

/// Loads and compresses everything now rather than at the first request.
pub fn prepare() {
    LazyLock::force(&BY_ADDRESS);
}

/// `GET /static/…`
pub async fn serve(request: HttpRequest) -> HttpResponse {
    let by_hash = BY_ADDRESS.get(request.path()).map(|asset| (*asset, FOR_EVER));
    let by_name = || {
        let name = request.path().strip_prefix(urls::STATIC)?.strip_prefix('/')?;
        BY_NAME.get(name).map(|asset| (asset, ASK_AGAIN))
    };
    match by_hash.or_else(by_name) {
        Some((asset, caching)) => asset.answer(&request, caching),
        None => HttpResponse::NotFound().finish(),
    }
}

impl Asset {
    fn load(name: &str) -> Option<Self> {
        let file = Files::get(name)?;
        let hash: String = file
            .metadata
            .sha256_hash()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .take(HASH_DIGITS / 2)
            .collect();
        let (stem, ending) = name.rsplit_once('.')?;
        let mime = mime_guess::from_path(name).first_or_octet_stream();
        let plain = match file.data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        };
        let is_text = mime.type_() == "text"
            || ["javascript", "json", "svg"].iter().any(|kind| mime.subtype() == *kind);
        let worth_it = is_text && plain.len() >= COMPRESS_FROM_BYTES && !cfg!(debug_assertions);
        Some(Self {
            address: format!("{}/{stem}.{hash}.{ending}", urls::STATIC),
            etag: format!("\"{hash}\""),
            content_type: if is_text { format!("{mime}; charset=utf-8") } else { mime.to_string() },
            gzip: worth_it.then(|| gzip(&plain)).flatten(),
            brotli: worth_it.then(|| brotli(&plain)).flatten(),
            plain,
        })
    }

    fn answer(&self, request: &HttpRequest, caching: &'static str) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        response
            .insert_header((header::ETAG, self.etag.as_str()))
            .insert_header((header::CACHE_CONTROL, caching));
        if self.gzip.is_some() {
            response.insert_header((header::VARY, "Accept-Encoding"));
        }
        let known = request.headers().get(header::IF_NONE_MATCH);
        if known.is_some_and(|tag| tag.as_bytes() == self.etag.as_bytes()) {
            return response.status(actix_web::http::StatusCode::NOT_MODIFIED).finish();
        }
        response.content_type(self.content_type.as_str());
        match (&self.brotli, &self.gzip) {
            (Some(body), _) if accepts(request, &Encoding::brotli()) => {
                response.insert_header((header::CONTENT_ENCODING, "br")).body(body.clone())
            }
            (_, Some(body)) if accepts(request, &Encoding::gzip()) => {
                response.insert_header((header::CONTENT_ENCODING, "gzip")).body(body.clone())
            }
            _ => response.body(self.plain.clone()),
        }
    }
}

/// Whether this encoding is named, and not to say no to it.
fn accepts(request: &HttpRequest, encoding: &Encoding) -> bool {
    let named = request.get_header::<AcceptEncoding>().map(|accepted| accepted.0).unwrap_or_default();
    named.iter().any(|named| named.item.item() == Some(encoding) && named.quality > Quality::ZERO)
}

fn gzip(plain: &[u8]) -> Option<Bytes> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

fn brotli(plain: &[u8]) -> Option<Bytes> {
    const BUFFER_BYTES: usize = 64 * 1024;
    const BEST_QUALITY: u32 = 11;
    const WINDOW: u32 = 22;
    let mut encoder = ::brotli::CompressorWriter::new(Vec::new(), BUFFER_BYTES, BEST_QUALITY, WINDOW);
    encoder.write_all(plain).ok()?;
    Some(Bytes::from(encoder.into_inner()))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn an_encoding_is_used_only_where_it_is_welcome() {
        for (sent, brotli_and_gzip) in [
            ("gzip, deflate, br", (true, true)),
            ("br;q=0, gzip", (false, true)),
            ("BR ; q=0.000,gzip;q=0.001", (false, true)),
            ("br;q=1.0, gzip;q=0", (true, false)),
            ("br;q=nonsense, gzip;q=2", (false, false)),
            ("*", (false, false)),
            ("identity", (false, false)),
            ("", (false, false)),
        ] {
            let request =
                TestRequest::default().insert_header((header::ACCEPT_ENCODING, sent)).to_http_request();
            let found = (accepts(&request, &Encoding::brotli()), accepts(&request, &Encoding::gzip()));
            assert_eq!(found, brotli_and_gzip, "{sent}");
        }
        let silent = TestRequest::default().to_http_request();
        assert!(!accepts(&silent, &Encoding::brotli()) && !accepts(&silent, &Encoding::gzip()));
    }
}
