//! Some pages of a document as drawings, for the one who writes it: what a page shows is what will be printed.

use kit::Result;
use typst::foundations::{Label, Str};
use typst::introspection::Introspector;
use typst_layout::PagedDocument;
use typst_svg::SvgOptions;

use crate::{Document, on_a_place};

/// Which pages are wanted: from the one that holds a label of the layout to the one that holds another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extrait {
    pub depuis: String,
    pub jusque: String,
    /// Pages at most.
    pub au_plus: usize,
}

/// What is seen of a document, and how long the whole is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Apercu {
    /// Number of each page shown, from 1, and its drawing (SVG).
    pub images: Vec<(usize, String)>,
    pub pages: usize,
}

/// Composes the document, and draws these pages of it; none when it holds no such label.
pub async fn apercevoir(document: Document, extrait: Extrait) -> Result<Apercu> {
    on_a_place(document, move |modele, donnees, dessins| {
        let composed = crate::lay_out(modele, donnees, dessins)?;
        Ok(draw(&composed, &extrait))
    })
    .await
}

fn draw(document: &PagedDocument, extrait: &Extrait) -> Apercu {
    let pages = document.pages();
    let first = find_page(document, &extrait.depuis).unwrap_or(usize::MAX);
    let last = find_page(document, &extrait.jusque).unwrap_or(first);
    let shown = pages.iter().enumerate().map(|(rang, page)| (rang + 1, page)).filter(|(number, _)| (first..=last).contains(number));
    let images = shown.take(extrait.au_plus).map(|(number, page)| (number, typst_svg::svg(page, &SvgOptions::default())));
    Apercu { images: images.collect(), pages: pages.len() }
}

fn find_page(document: &PagedDocument, label: &str) -> Option<usize> {
    let introspector = document.introspector();
    let label = Label::construct(Str::from(label)).ok()?;
    let place = introspector.query_label(label).ok()?.location()?;
    introspector.page(place).map(usize::from)
}
