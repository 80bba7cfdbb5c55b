//! The bilan as one HTML file, for whoever keeps it or puts it on a site: no style, no script.

use askama::Template;
use kit::Result;

use super::Bilan;

#[derive(Template)]
#[template(path = "observatoire/bilan_document.html")]
struct BilanDocument<'a> {
    bilan: &'a Bilan,
}

pub fn write_html(bilan: &Bilan) -> Result<String> {
    Ok(BilanDocument { bilan }.render().map_err(anyhow::Error::from)?)
}
