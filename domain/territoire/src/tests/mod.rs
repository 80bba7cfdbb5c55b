//! What the room promises, on the real list of communes.

mod finder;
mod finder_samples;
mod places;

use crate::{CommuneTrouvee, Referentiel};

/// The first results for a text, nationwide.
fn search(texte: &str) -> Vec<CommuneTrouvee<'static>> {
    Referentiel::get().search_communes(texte, None, 10)
}

/// Code of the first result, or nothing.
fn first(texte: &str) -> &'static str {
    search(texte).first().map_or("", |found| found.commune.code.as_str())
}
