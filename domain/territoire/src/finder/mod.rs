//! Finds communes from what people type: abbreviations, codes, old names, typing errors.

mod empreinte;
mod index;
mod noms;
mod recolte;
mod saisie;
mod textes;
mod words;

use std::fmt;

use self::recolte::Recolte;
use self::saisie::Saisie;
use crate::{AncienneCommune, Commune, Referentiel};

pub(crate) use self::index::Index;

/// Below this many results, other spellings are tried.
const ENOUGH: usize = 5;

/// A commune that may be the one meant, and why.
#[derive(Clone, Copy, Debug)]
pub struct CommuneTrouvee<'a> {
    pub commune: &'a Commune,
    /// Only meant to be compared within one search: higher is closer.
    pub score: u32,
    pub raison: Raison<'a>,
}

/// Why a commune is found.
#[derive(Clone, Copy, Debug)]
pub enum Raison<'a> {
    Exact,
    CodePostal,
    CodeInsee,
    /// The text is, or resembles, a name or a code that is no longer that of a commune.
    AncienneCommune(&'a AncienneCommune),
    Prefixe,
    Mots,
    FauteDeFrappe,
}

impl Raison<'_> {
    /// The text says this commune and no other: there is nothing to ask back.
    pub fn is_exact(&self) -> bool {
        matches!(self, Self::Exact | Self::CodeInsee)
    }
}

impl fmt::Display for Raison<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact => f.write_str("nom exact"),
            Self::CodePostal => f.write_str("code postal"),
            Self::CodeInsee => f.write_str("code commune"),
            Self::AncienneCommune(ancienne) => ancienne.fmt(f),
            Self::Prefixe => f.write_str("début du nom"),
            Self::Mots => f.write_str("mots du nom"),
            Self::FauteDeFrappe => f.write_str("orthographe proche"),
        }
    }
}

impl Referentiel {
    /// The communes a typed text may mean, the likeliest first, `limite` at most.
    ///
    /// `perimetre` keeps only the communes (by rang) for which it answers yes. Empty when nothing
    /// resembles the text, which may be anything: only its first 120 characters are read.
    pub fn search_communes(&self, texte: &str, perimetre: Option<&dyn Fn(u16) -> bool>, limite: usize) -> Vec<CommuneTrouvee<'_>> {
        // Markup is no name: « <script> » would be Scrupt, misspelt.
        if texte.contains(['<', '>']) {
            return Vec::new();
        }
        let mut recolte = Recolte::new(self, perimetre);
        let mut saisie = Saisie::read(&self.index, texte);
        self.search_noms(&saisie, limite, &mut recolte);
        if let Some(nombre) = &saisie.nombre
            && recolte.distinct == 0
        {
            recolte.add_nombre(nombre);
            saisie.forget_nombre();
            self.search_noms(&saisie, limite, &mut recolte);
        }
        recolte.finish(limite)
    }

    /// From the surest to the vaguest, stopping when there is enough.
    fn search_noms<'a>(&'a self, saisie: &Saisie, limite: usize, recolte: &mut Recolte<'a, '_>) {
        let index = &self.index;
        for lecture in &saisie.lectures {
            noms::add_prefixes(index, lecture, recolte);
        }
        if recolte.distinct >= limite {
            return;
        }
        for lecture in &saisie.lectures {
            noms::add_mots(index, lecture, recolte);
        }
        if recolte.distinct >= ENOUGH || recolte.is_certain() {
            return;
        }
        for lecture in &saisie.lectures {
            noms::add_proches(index, lecture, recolte);
        }
    }
}
