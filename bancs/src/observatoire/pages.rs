//! What is asked of the observatoire, and how soon it must answer.

use std::time::Duration;

use chrono::Datelike;
use kit::Instant;

const PAGE: Duration = Duration::from_millis(300);
const DOCUMENT: Duration = Duration::from_secs(10);

/// An address and its target.
pub struct Page {
    pub nom: String,
    pub chemin: String,
    pub seuil: Duration,
}

impl Page {
    pub fn ordinary(nom: &str, chemin: &str) -> Self {
        Self { nom: nom.into(), chemin: chemin.into(), seuil: PAGE }
    }

    fn document(nom: &str, chemin: &str) -> Self {
        Self { seuil: DOCUMENT, ..Self::ordinary(nom, chemin) }
    }
}

/// Every page, of the twelve last months where it has a period; some of ten years.
pub fn list_pages(slug: &str, commune: &str, now: Instant) -> Vec<Page> {
    let annee = now.day().year();
    let (past, decade) = (annee - 1, annee - 10);
    let observatoire = format!("/{slug}/equipe/observatoire");
    let page = |nom: &str, suite: &str| Page::ordinary(nom, &format!("{observatoire}{suite}"));
    let chiffres = |nom: &str, suite: &str| Page::ordinary(nom, &format!("/{slug}/equipe/chiffres{suite}"));
    let bilan = format!("{observatoire}/bilan/{past}");
    vec![
        page("coup d’œil", ""),
        page("coup d’œil sur dix ans", &format!("?de={decade}-01&a={past}-12")),
        page("bibliothèque", "/indicateurs"),
        page("indicateur par commune", "/indicateurs/demandes-pour-1000?axe=commune"),
        page("indicateur par commune sur dix ans", &format!("/indicateurs/demandes?axe=commune&de={decade}-01&a={past}-12")),
        page("indicateur par besoin", "/indicateurs/part-sans-solution?axe=besoin"),
        page("raison croisée par besoin", "/indicateurs/part-trop-cher?axe=besoin"),
        page("indicateur en CSV", "/indicateurs/demandes/tableau.csv?axe=commune"),
        page("portrait d’une commune", &format!("/communes/{commune}")),
        page("manques", "/manques"),
        page("manques en CSV", "/manques.csv"),
        page("pistes", "/pistes"),
        page("alertes", "/alertes"),
        chiffres("chiffres", ""),
        chiffres("chiffres sur dix ans", &format!("?du={decade}-03-10&au={past}-11-20")),
        chiffres("chiffres de la ligne", "/ligne"),
        chiffres("chiffres de la ligne sur dix ans", &format!("/ligne?du={decade}-03-10&au={past}-11-20")),
        Page::ordinary("bilan", &bilan),
        Page::document("bilan en PDF", &format!("{bilan}?forme=pdf")),
        Page::document("bilan en classeur", &format!("{bilan}?forme=xlsx")),
    ]
}
