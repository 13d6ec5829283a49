//! Pictures: put up without the desk, and what is in the object store.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use awsomeshop::catalog::pictures::add::{self, NewPicture};
use awsomeshop::types::actor::Actor;
use awsomeshop::types::id::{PictureId, ProductId};
use futures::FutureExt;

use super::{BUCKET, Shop};

impl Shop {
    /// The product's next picture, a row without objects.
    pub async fn picture(&self, product_id: ProductId, object_key: &str) -> PictureId {
        let now = self.now();
        let new = [NewPicture {
            id: PictureId::new(),
            object_key: object_key.to_owned(),
            widths: vec![320, 640],
            alt: "A picture".to_owned(),
        }];
        let added = self.app.db.write("test.picture", move |tx| {
            let new = new.clone();
            async move { add::add(tx, now, Actor::Shop, product_id, &new).await }.boxed()
        });
        added.await.unwrap_or_else(|error| panic!("the picture {object_key}: {error:#}"));
        PictureId(self.id_of("SELECT id FROM pictures WHERE object_key = ?", [object_key.into()]).await)
    }

    /// The keys of all stored objects, in their order.
    pub fn stored(&self) -> Vec<String> {
        let root = self.bucket();
        let mut folders = vec![root.clone()];
        let mut keys = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    keys.push(path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        keys.sort();
        keys
    }

    /// A stored object.
    pub fn object(&self, key: &str) -> Vec<u8> {
        fs::read(self.bucket().join(key)).unwrap_or_else(|error| panic!("{key}: {error}"))
    }

    /// When an object was stored, by the machine's clock.
    pub fn stored_at(&self, key: &str) -> SystemTime {
        fs::metadata(self.bucket().join(key)).unwrap().modified().unwrap()
    }

    fn bucket(&self) -> PathBuf {
        Path::new(&self.folder.0).join("objects").join(BUCKET)
    }
}
