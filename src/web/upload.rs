//! Forms that bring files: each text field once, files whole and in memory. Their size and time are held by `web::body`.

use std::collections::BTreeMap;
use std::pin::Pin;

use actix_multipart::Multipart;
use actix_web::dev::Payload;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest};
use futures::TryStreamExt;

use crate::error::Error;

/// Parts of one form, files included.
const MOST_PARTS: usize = 40;
/// Bytes of a text field.
const LONGEST_TEXT_BYTES: usize = 64 * 1024;
/// Characters of a file's name that are kept.
const LONGEST_NAME: usize = 120;

/// A posted form with files.
#[derive(Debug, Default)]
pub struct Upload {
    texts: BTreeMap<String, String>,
    files: Vec<(String, File)>,
}

/// A file as it was sent. Neither its name nor what the browser says about its kind proves anything.
#[derive(Debug)]
pub struct File {
    pub name: String,
    pub bytes: Bytes,
}

impl Upload {
    /// A text field; empty when it was not sent.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", String::as_str)
    }

    /// The first file of a field; an empty file input sends none.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&File> {
        self.files.iter().find(|(field, _)| field == name).map(|(_, file)| file)
    }

    /// Every file of a field, in the order they were sent.
    pub fn files<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |(field, _)| field == name).map(|(_, file)| file)
    }

    async fn receive(mut parts: Multipart) -> Result<Self, Error> {
        let broken = |error: actix_multipart::MultipartError| {
            tracing::debug!(%error, "a form with files does not fit");
            Error::Malformed("form with files")
        };
        let mut upload = Self::default();
        let mut count = 0;
        while let Some(mut part) = parts.try_next().await.map_err(broken)? {
            count += 1;
            if count > MOST_PARTS {
                return Err(Error::Malformed("too many fields"));
            }
            let field = part.name().unwrap_or_default().to_owned();
            let file_name =
                part.content_disposition().and_then(|head| head.get_filename()).map(str::to_owned);
            let mut bytes = BytesMut::new();
            while let Some(chunk) = part.try_next().await.map_err(broken)? {
                if file_name.is_none() && bytes.len() + chunk.len() > LONGEST_TEXT_BYTES {
                    return Err(Error::TooLarge);
                }
                bytes.extend_from_slice(&chunk);
            }
            upload.add(field, file_name, bytes.freeze())?;
        }
        Ok(upload)
    }

    fn add(&mut self, field: String, file_name: Option<String>, bytes: Bytes) -> Result<(), Error> {
        let Some(file_name) = file_name else {
            let text =
                String::from_utf8(bytes.into()).map_err(|_not_utf8| Error::Malformed("a text field"))?;
            return match self.texts.insert(field, text) {
                None => Ok(()),
                Some(_) => Err(Error::Malformed("a field twice")),
            };
        };
        // Without a name there was nothing chosen.
        if !(file_name.is_empty() && bytes.is_empty()) {
            let name = file_name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
            self.files.push((field, File { name, bytes }));
        }
        Ok(())
    }
}

impl FromRequest for Upload {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let parts = Multipart::from_request(request, payload);
        Box::pin(async move {
            let parts = parts.await.map_err(|_never| Error::Malformed("form with files"))?;
            Ok(Self::receive(parts).await?)
        })
    }
}
