//! The folder of `cargo run`: database, pictures and keys, each under a name of its own, so that beginning anew removes
//! these and nothing else that somebody may keep there.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use ring::rand::{SecureRandom, SystemRandom};

use crate::platform::config::CodeKey;
use crate::platform::seal::KEY_BYTES;

const DATABASE: &str = "shop.db";
/// What SQLite keeps beside its file.
const DATABASE_PARTS: [&str; 4] = ["", "-wal", "-shm", "-journal"];
const OBJECTS: &str = "objects";
const PROVIDER_KEY: &str = "identity-provider.pem";
const CODE_KEY: &str = "code.key";
const MAIL: &str = "mailbox";

/// An opened folder.
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Makes the folder if need be; with `reset` what was in it is removed first.
    pub(super) fn open(path: &Path, reset: bool) -> anyhow::Result<Self> {
        std::fs::create_dir_all(path).with_context(|| format!("making the folder {}", path.display()))?;
        let path = path.canonicalize().with_context(|| format!("opening the folder {}", path.display()))?;
        let folder = Self(path);
        if reset {
            folder.reset()?;
        }
        Ok(folder)
    }

    /// The folder's own path.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// What `DATABASE_URL` would be.
    pub(super) fn database_url(&self) -> String {
        // In an address these three mean something.
        let path = self.0.join(DATABASE).display().to_string();
        format!("sqlite://{}", path.replace('%', "%25").replace('?', "%3F").replace('#', "%23"))
    }

    /// Where the object store keeps its objects.
    pub(super) fn objects(&self) -> PathBuf {
        self.0.join(OBJECTS)
    }

    /// Where letters land.
    pub(super) fn mail(&self) -> PathBuf {
        self.0.join(MAIL)
    }

    /// Where the identity provider keeps its key.
    pub(super) fn provider_key(&self) -> PathBuf {
        self.0.join(PROVIDER_KEY)
    }

    /// The key that seals voucher codes, made once: without it the codes in the database cannot be opened.
    pub(super) fn code_key(&self) -> anyhow::Result<CodeKey> {
        let file = self.0.join(CODE_KEY);
        match std::fs::read(&file) {
            Ok(bytes) => {
                let key = bytes.try_into().map_err(|bytes: Vec<u8>| {
                    anyhow::anyhow!(
                        "{} has {} bytes and not {KEY_BYTES}; --reset begins anew",
                        file.display(),
                        bytes.len()
                    )
                })?;
                Ok(CodeKey(key))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => make_key(&file),
            Err(error) => Err(error).with_context(|| format!("reading {}", file.display())),
        }
    }

    fn reset(&self) -> anyhow::Result<()> {
        let files = DATABASE_PARTS.map(|part| format!("{DATABASE}{part}"));
        for name in files.iter().map(String::as_str).chain([PROVIDER_KEY, CODE_KEY]) {
            let file = self.0.join(name);
            gone(std::fs::remove_file(&file)).with_context(|| format!("removing {}", file.display()))?;
        }
        for folder in [self.objects(), self.mail()] {
            gone(std::fs::remove_dir_all(&folder))
                .with_context(|| format!("removing {}", folder.display()))?;
        }
        Ok(())
    }
}

/// What is not there is as good as removed.
fn gone(removed: std::io::Result<()>) -> std::io::Result<()> {
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Readable by its owner only, from the moment it exists.
fn make_key(file: &Path) -> anyhow::Result<CodeKey> {
    let mut key = [0_u8; KEY_BYTES];
    SystemRandom::new().fill(&mut key).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    let mut open = OpenOptions::new();
    let opened = open.write(true).create_new(true).mode(0o600).open(file);
    opened
        .and_then(|mut file| file.write_all(&key))
        .with_context(|| format!("writing {}", file.display()))?;
    Ok(CodeKey(key))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn folder(reset: bool, path: &Path) -> Folder {
        Folder::open(path, reset).unwrap()
    }

    fn fresh() -> PathBuf {
        std::env::temp_dir().join(format!("awsomeshop-dev-{}", uuid::Uuid::new_v4()))
    }

    #[test]
    fn the_key_is_made_once_and_is_its_owners_alone() {
        let path = fresh();
        let first = folder(false, &path).code_key().unwrap();
        assert_eq!(folder(false, &path).code_key().unwrap().0, first.0);
        let mode = std::fs::metadata(path.join(CODE_KEY)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::write(path.join(CODE_KEY), b"short").unwrap();
        assert!(folder(false, &path).code_key().is_err());
        std::fs::remove_dir_all(path).unwrap();
    }

    #[test]
    fn beginning_anew_removes_what_is_ours_and_nothing_else() {
        let path = fresh();
        std::fs::create_dir_all(path.join(OBJECTS).join("pictures")).unwrap();
        for name in ["shop.db", "shop.db-wal", "shop.db.backup", "notes.txt", CODE_KEY, PROVIDER_KEY] {
            std::fs::write(path.join(name), b"x").unwrap();
        }
        folder(true, &path);
        let mut left: Vec<_> =
            std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["notes.txt", "shop.db.backup"]);
        folder(true, &path);
        std::fs::remove_dir_all(path).unwrap();
    }
}
