//! What `cargo run` says once the shop is open: where it is, and as whom one can look at it.

use std::io::Write;

use url::Url;

use super::cast::PEOPLE;
use super::folder::Folder;

/// The words.
pub(super) fn text(public_url: &Url, folder: &Folder, seeded: bool) -> anyhow::Result<String> {
    let mut out = Vec::new();
    let width = PEOPLE.iter().map(|member| member.name.chars().count()).max().unwrap_or_default();
    writeln!(out)?;
    writeln!(out, "  AWSomeShop is open at {}", public_url.origin().ascii_serialization())?;
    writeln!(out)?;
    writeln!(out, "  Sign in as any of these; there are no passwords here.")?;
    writeln!(out)?;
    for member in PEOPLE.iter() {
        let desk = if member.groups.is_empty() { "    " } else { "HR  " };
        writeln!(out, "    {:width$}  {desk}{}", member.name, member.introduction)?;
    }
    writeln!(out)?;
    let made = if seeded {
        "The demonstration has just been made"
    } else {
        "The demonstration goes on where it ended"
    };
    writeln!(out, "  {made}, in {}.", folder.path().display())?;
    writeln!(out, "  Mail it sends lands in {}.", folder.mail().display())?;
    writeln!(out, "  Ctrl-C ends it; `cargo run -- --reset` begins anew.")?;
    writeln!(out)?;
    Ok(String::from_utf8(out)?)
}
