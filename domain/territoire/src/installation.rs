//! The territoires of this installation: which communes each serves, and the face it shows.

use chrono::NaiveDate;
use kit::{Id, Instant};

use crate::{Commune, Referentiel};

/// A territoire served by this installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Territoire {
    pub id: Id,
    /// Its name in URLs: `val-de-drome`.
    pub slug: String,
    pub nom: String,
    pub couleurs: Couleurs,
    pub ligne: LigneUnique,
    /// Ranks of its communes, sorted.
    pub communes: Vec<u16>,
    /// Its bassins de vie, by name.
    pub bassins: Vec<Bassin>,
    /// The fingerprint of its logo, when it has one.
    pub logo: Option<String>,
    /// It has left: its site says so, and nothing opens.
    pub fermeture: Option<Fermeture>,
}

/// When a territoire left, and from when on what it holds is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fermeture {
    pub ferme_at: Instant,
    pub efface_at: Instant,
}

/// The two colours of a territoire, as `#1f5c45`; contrast with white is checked on write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Couleurs {
    pub principale: String,
    pub accent: String,
}

/// The one number that residents call (seed 002).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LigneUnique {
    pub telephone: Option<String>,
    /// OpenStreetMap `opening_hours` syntax.
    pub horaires: Option<String>,
    /// The days on which it opens otherwise, by date.
    pub exceptions: Vec<ExceptionLigne>,
}

/// Days on which the line is closed, or open otherwise than its week says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExceptionLigne {
    pub id: Id,
    pub du: NaiveDate,
    /// Included.
    pub au: NaiveDate,
    /// From and to, in minutes since midnight; none: closed.
    pub plages: Vec<(u16, u16)>,
    /// What the public is told of it; may be empty.
    pub message: String,
}

impl ExceptionLigne {
    pub fn covers(&self, jour: NaiveDate) -> bool {
        self.du <= jour && jour <= self.au
    }
}

/// A grouping of communes that the territoire itself decides (seed 000: « les 4 bassins de vie du territoire »).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bassin {
    pub code: String,
    pub nom: String,
    /// Ranks of its communes, sorted.
    pub communes: Vec<u16>,
}

/// Why a territoire is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TerritoireRefuse {
    #[error("l’adresse « {0} » ne convient pas : lettres minuscules sans accent, chiffres et tirets")]
    Slug(String),
    #[error("la couleur « {0} » ne convient pas : écrivez six chiffres hexadécimaux, comme #1f5c45")]
    Couleur(String),
    #[error("la couleur « {0} » est trop claire pour porter du texte blanc : choisissez-la plus foncée")]
    Contraste(String),
    #[error("un territoire a au moins une commune")]
    SansCommune,
    #[error("le bassin « {0} » contient une commune qui n’est pas du territoire")]
    BassinDebordant(String),
    #[error("le code de bassin « {0} » est réservé aux livrets du répertoire : donnez-lui un autre code")]
    BassinReserve(String),
}

/// Codes that name books of no bassin.
const BASSINS_RESERVES: [&str; 2] = ["tout", "hors-bassin"];

/// Words that are the first step of another address of the site.
const SLUGS_RESERVES: [&str; 7] = ["api", "connexion", "deconnexion", "fichiers", "hsds", "sante", "territoires"];

impl Territoire {
    pub fn contains(&self, rang: u16) -> bool {
        self.communes.binary_search(&rang).is_ok()
    }

    /// The bassin a commune belongs to.
    pub fn find_bassin(&self, rang: u16) -> Option<&Bassin> {
        self.bassins.iter().find(|bassin| bassin.communes.binary_search(&rang).is_ok())
    }

    /// Its communes, in the order of the national list.
    pub fn list_communes(&self) -> impl Iterator<Item = &'static Commune> {
        self.communes.iter().filter_map(|rang| Referentiel::get().commune(*rang))
    }

    /// Inhabitants of all its communes.
    pub fn population(&self) -> u32 {
        self.list_communes().map(|commune| commune.population).sum()
    }

    /// What a territoire must be before it is written.
    pub fn check(&self) -> Result<(), TerritoireRefuse> {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.slug.is_empty() || !self.slug.chars().all(is_plain) || SLUGS_RESERVES.contains(&self.slug.as_str()) {
            return Err(TerritoireRefuse::Slug(self.slug.clone()));
        }
        for couleur in [&self.couleurs.principale, &self.couleurs.accent] {
            let luminance = luminance(couleur).ok_or_else(|| TerritoireRefuse::Couleur(couleur.clone()))?;
            // WCAG 2: (1.05) / (L + 0.05) must reach 4.5.
            if 1.05 / (luminance + 0.05) < 4.5 {
                return Err(TerritoireRefuse::Contraste(couleur.clone()));
            }
        }
        if self.communes.is_empty() {
            return Err(TerritoireRefuse::SansCommune);
        }
        if let Some(reserved) = self.bassins.iter().find(|bassin| BASSINS_RESERVES.contains(&bassin.code.as_str())) {
            return Err(TerritoireRefuse::BassinReserve(reserved.code.clone()));
        }
        match self.bassins.iter().find(|bassin| bassin.communes.iter().any(|rang| !self.contains(*rang))) {
            Some(bassin) => Err(TerritoireRefuse::BassinDebordant(bassin.nom.clone())),
            None => Ok(()),
        }
    }
}

/// Relative luminance of `#rrggbb` (WCAG 2), from 0 to 1.
fn luminance(couleur: &str) -> Option<f64> {
    let hex = couleur.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.is_ascii())?;
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).ok()?) / 255.0;
        Some(if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) })
    };
    Some(0.2126 * channel(0)? + 0.7152 * channel(2)? + 0.0722 * channel(4)?)
}
