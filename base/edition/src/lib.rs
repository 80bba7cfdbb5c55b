//! Documents on paper: a layout written by a room (Typst), the values it shows, and out comes a PDF that a screen reader can
//! follow (PDF/UA-1). The layout reads the values as data, never as markup: whatever a person typed stays text.
//! Nothing else can be read while a document is composed: no disk, no network. Two are composed at a time, away from the threads
//! that answer pages, and what the composer remembers is let go after each.
//! Public face: `Document`, `rediger`; `imprimer`, for what a print shop takes; `apercevoir`, for who writes it.

mod extrait;
mod monde;
mod presse;
mod texte;

use std::sync::{Arc, LazyLock};

use anyhow::anyhow;
use kit::{Error, Result};
use serde_json::Value;
use tokio::sync::Semaphore;
use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

pub use extrait::{Apercu, Extrait, apercevoir};
use monde::Monde;

/// What is to be printed.
pub struct Document {
    /// The layout; it may begin with `#import "/maison.typ": *`, the house's own.
    pub modele: &'static str,
    /// What the layout reads as `json("/donnees.json")`.
    pub donnees: Value,
    /// What the layout reads as `image("/dessin-0.svg")`, `image("/dessin-1.png")` and so on, each with its alternative in words.
    pub dessins: Vec<Dessin>,
}

/// A picture that a layout shows; an empty one keeps its place and is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dessin {
    Svg(String),
    Png(Vec<u8>),
}

impl From<String> for Dessin {
    fn from(svg: String) -> Self {
        Self::Svg(svg)
    }
}

/// Who reads a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lecture {
    /// A screen, and what reads it aloud.
    Ecran,
    /// A print shop: inks alone, and boxes that say where to cut. The layout gives it sheets with room for the marks around.
    Presse,
}

/// A PDF, and how many pages it has.
#[derive(Clone, Debug)]
pub struct Imprime {
    pub pdf: Vec<u8>,
    pub pages: usize,
}

/// Composing is heavy (tens of megabytes each): others wait for their turn.
static PLACES: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(PLACES_EN_TOUT)));
const PLACES_EN_TOUT: usize = 2;

/// Composes the PDF. Letters that no font of the house can write are shown as « □ ».
pub async fn rediger(document: Document) -> Result<Vec<u8>> {
    Ok(imprimer(document, Lecture::Ecran).await?.pdf)
}

/// The same for whoever reads it, with its number of pages.
pub async fn imprimer(document: Document, lecture: Lecture) -> Result<Imprime> {
    on_a_place(document, move |modele, donnees, dessins| write_pages((modele, donnees, dessins), lecture)).await
}

/// Does it with what the document holds, once there is a place, away from the threads that answer pages.
async fn on_a_place<T: Send + 'static>(
    Document { modele, donnees, dessins }: Document,
    made: impl FnOnce(&str, &Value, Vec<Dessin>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let place = PLACES.clone().acquire_owned().await.map_err(anyhow::Error::from)?;
    let compose = move || {
        // Who asked may leave: composing goes on, and so the place stays taken until it ends.
        let _place = place;
        let made = made(modele, &texte::writable(donnees, monde::can_write), dessins);
        // What another that is being composed remembers is left to it: it would be composed twice.
        comemo::evict(if PLACES.available_permits() + 1 == PLACES_EN_TOUT { 0 } else { 1 });
        made
    };
    tokio::task::spawn_blocking(compose).await.map_err(anyhow::Error::from)?
}

fn write_pages((modele, donnees, dessins): (&str, &Value, Vec<Dessin>), lecture: Lecture) -> Result<Imprime> {
    let laid = lay_out(modele, donnees, dessins)?;
    let pdf = match lecture {
        Lecture::Ecran => write(&laid, &[PdfStandard::Ua_1])?,
        Lecture::Presse => presse::prepare(&write(&laid, &[])?)?,
    };
    Ok(Imprime { pdf, pages: laid.pages().len() })
}

fn lay_out(modele: &str, donnees: &Value, dessins: Vec<Dessin>) -> Result<PagedDocument> {
    typst::compile(&Monde::new(modele, donnees, dessins)?).output.map_err(|faults| refuse(&faults))
}

/// What a screen reader follows is promised by a standard; nobody reads aloud what goes to a print shop.
fn write(pages: &PagedDocument, promised: &[PdfStandard]) -> Result<Vec<u8>> {
    let standards = PdfStandards::new(promised).map_err(|fault| anyhow!("{}", fault.message()))?;
    let creator = Smart::Custom(Some("Maillage".into()));
    let options = PdfOptions { standards, creator, tagged: !promised.is_empty(), ..PdfOptions::default() };
    typst_pdf::pdf(pages, &options).map_err(|faults| refuse(&faults))
}

/// A layout that does not compose is a fault of ours, whatever the values: the message is for the log.
fn refuse(faults: &[SourceDiagnostic]) -> Error {
    let said: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    anyhow!("a document does not compose: {}", said.join("; ")).into()
}

#[cfg(test)]
mod tests;
