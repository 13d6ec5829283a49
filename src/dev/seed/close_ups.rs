//! Second pictures for some products of the demonstration: the middle of the first one, made as an upload would be.

use std::io::Cursor;

use anyhow::Context;
use image::ImageFormat;

use super::shelves;
use crate::catalog::pictures::add::NewPicture;
use crate::error::Result;
use crate::platform::app::App;

/// Products by the name of their pictures, and what is to be seen from close by.
const CLOSE_UPS: [(&str, &str); 4] = [
    ("over-ear-headphones", "The headphones from close by: ear cushions and band"),
    ("everyday-backpack", "The backpack from close by: the orange zips"),
    ("stoneware-teapot", "The teapot from close by: its round belly"),
    ("wicker-basket", "The basket from close by: woven willow"),
];

/// Stores the close-up of a product, if it has one.
pub(super) async fn of(app: &App, slug: &str, picture: &[u8]) -> Result<Option<NewPicture>> {
    let Some((_, alt)) = CLOSE_UPS.iter().find(|(known, _)| *known == slug) else { return Ok(None) };
    let whole = image::load_from_memory(picture).with_context(|| format!("reading the picture {slug}"))?;
    let (width, height) = (whole.width(), whole.height());
    let middle = whole.crop_imm(width / 4, height / 4, width / 2, height / 2);
    let mut file = Cursor::new(Vec::new());
    middle.write_to(&mut file, ImageFormat::Png).with_context(|| format!("cutting the picture {slug}"))?;
    let rungs = app.codec.prepare(file.into_inner().into()).await?;
    let rungs =
        rungs.map_err(|problem| anyhow::anyhow!("{slug} from close by is no picture: {problem:?}"))?;
    let files = rungs.into_iter().map(|rung| (rung.edge, rung.bytes)).collect();
    Ok(Some(shelves::stored(&app.images, files, alt).await?))
}
