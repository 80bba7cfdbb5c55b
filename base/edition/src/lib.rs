//! Documents on paper: a layout written by a room (Typst), the values it shows, and out comes a PDF that a screen reader can
//! follow (PDF/UA-1). The layout reads the values as data, never as markup: whatever a person typed stays text.
//! Nothing else can be read while a document is composed: no disk, no network. Two are composed at a time, away from the threads
//! that answer pages, and what the composer remembers is let go after each.
//! Public face: `Document`, `rediger`.

mod monde;
mod texte;

use anyhow::anyhow;
use kit::{Error, Result};
use serde_json::Value;
use tokio::sync::Semaphore;
use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use monde::Monde;

/// What is to be printed.
pub struct Document {
    /// The layout; it may begin with `#import "/maison.typ": *`, the house's own.
    pub modele: &'static str,
    /// What the layout reads as `json("/donnees.json")`.
    pub donnees: Value,
    /// What the layout reads as `image("/dessin-0.svg")` and so on, each with its alternative in words.
    pub dessins: Vec<String>,
}

/// Composing is heavy (tens of megabytes each): others wait for their turn.
static PLACES: Semaphore = Semaphore::const_new(2);

/// Composes the PDF. Signs that no font of the house can write are shown as « □ ».
pub async fn rediger(document: Document) -> Result<Vec<u8>> {
    let _place = PLACES.acquire().await.map_err(anyhow::Error::from)?;
    tokio::task::spawn_blocking(move || compose(document)).await.map_err(anyhow::Error::from)?
}

fn compose(Document { modele, donnees, dessins }: Document) -> Result<Vec<u8>> {
    let monde = Monde::new(modele, &texte::writable(donnees, monde::can_write), dessins)?;
    let written = write(&monde);
    comemo::evict(0);
    written
}

fn write(monde: &Monde) -> Result<Vec<u8>> {
    let pages: PagedDocument = typst::compile(monde).output.map_err(|faults| refuse(&faults))?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|fault| anyhow!("{}", fault.message()))?;
    let options = PdfOptions { standards, creator: Smart::Custom(Some("Maillage".into())), ..PdfOptions::default() };
    typst_pdf::pdf(&pages, &options).map_err(|faults| refuse(&faults))
}

/// A layout that does not compose is a fault of ours, whatever the values: the message is for the log.
fn refuse(faults: &[SourceDiagnostic]) -> Error {
    let said: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    anyhow!("a document does not compose: {}", said.join("; ")).into()
}

#[cfg(test)]
mod tests;
