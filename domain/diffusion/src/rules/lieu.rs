//! A place in words and in degrees, whatever the form.

use annuaire::Lieu;
use annuaire::storage::export::StructureDatee;
use territoire::{Commune, Point, Referentiel};

/// A place, its commune found.
#[derive(Clone, Copy, Debug)]
pub struct LieuSitue<'a> {
    pub lieu: &'a Lieu,
    pub commune: Option<&'static Commune>,
}

impl<'a> LieuSitue<'a> {
    pub fn of(lieu: &'a Lieu) -> Self {
        let found = Referentiel::get().resolve_code(lieu.commune.as_str()).ok();
        Self { lieu, commune: found.map(|found| found.commune) }
    }

    /// The code of today: a commune that merged has the code of the new one.
    pub fn code_insee(&self) -> String {
        self.commune.map_or_else(|| self.lieu.commune.to_string(), |commune| commune.code.to_string())
    }

    /// Only when it cannot be another: a commune may have twenty.
    pub fn code_postal(&self) -> Option<&'static str> {
        match &*self.commune?.codes_postaux {
            [only] => Some(only.as_str()),
            _ => None,
        }
    }

    pub fn nom_commune(&self) -> Option<&'static str> {
        self.commune.map(|commune| &*commune.nom)
    }

    /// Its own point, else that of its commune.
    pub fn point(&self) -> Option<Point> {
        self.lieu.point.or_else(|| self.commune.and_then(|commune| commune.point))
    }
}

/// The place that stands for a structure: that of most of its services, the first one when they are as many.
pub fn siege(datee: &StructureDatee) -> Option<&Lieu> {
    let lieux = datee.services.iter().map(|date| &date.service.lieu);
    let count = |lieu: &Lieu| datee.services.iter().filter(|date| date.service.lieu.id == lieu.id).count();
    lieux.rev().max_by_key(|lieu| count(lieu))
}

/// Degrees at five decimals: a metre, and no noise.
pub fn round(degrees: f64) -> f64 {
    (degrees * 100_000.0).round() / 100_000.0
}
