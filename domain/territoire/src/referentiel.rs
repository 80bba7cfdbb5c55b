//! The list of places, and the ways to look into it.

use std::sync::LazyLock;

use crate::finder::Index;
use crate::grille::Grille;
use crate::{AncienneCommune, Code, CodeInsee, CodePostal, CodeRefuse, Commune, CommuneResolue, Departement, Epci, Point, load};

/// The year of the Code officiel géographique: codes vanish each January.
pub const MILLESIME: u16 = 2026;

/// Half of the Earth's circumference: nothing is farther.
const FARTHEST_M: f64 = 20_100_000.0;
const FIRST_RADIUS_M: f64 = 10_000.0;

static REFERENTIEL: LazyLock<Referentiel> = LazyLock::new(load::load);

/// Every commune, EPCI and département of France, in memory.
#[derive(Debug)]
pub struct Referentiel {
    /// Sorted by code, so that a rang is a position.
    pub(crate) communes: Vec<Commune>,
    /// The same codes alone: finding one stays within the processor's cache.
    pub(crate) codes: Vec<CodeInsee>,
    /// Sorted by code.
    pub(crate) anciennes: Vec<AncienneCommune>,
    /// Sorted by code.
    pub(crate) epcis: Vec<Epci>,
    /// Sorted by code.
    pub(crate) departements: Vec<Departement>,
    /// Sorted by postal code, biggest population first.
    pub(crate) postaux: Vec<(CodePostal, u16)>,
    pub(crate) grille: Grille,
    pub(crate) index: Index,
}

impl Referentiel {
    /// The embedded list, read at the first call (some 100 ms) and kept.
    pub fn get() -> &'static Self {
        &REFERENTIEL
    }

    /// In the order of codes; the position is the rang.
    pub fn communes(&self) -> &[Commune] {
        &self.communes
    }

    pub fn commune(&self, rang: u16) -> Option<&Commune> {
        self.communes.get(usize::from(rang))
    }

    pub fn epcis(&self) -> &[Epci] {
        &self.epcis
    }

    pub fn epci(&self, rang: u16) -> Option<&Epci> {
        self.epcis.get(usize::from(rang))
    }

    pub fn departements(&self) -> &[Departement] {
        &self.departements
    }

    /// A commune of today. Old codes are unknown here: see [`Referentiel::resolve_code`].
    pub fn find_commune(&self, code: CodeInsee) -> Option<&Commune> {
        self.communes.get(self.codes.binary_search(&code).ok()?)
    }

    /// `code` is the SIREN of the EPCI.
    pub fn find_epci(&self, code: &str) -> Option<&Epci> {
        let code = Code::parse(code)?;
        let rang = self.epcis.binary_search_by_key(&code, |e| e.code).ok()?;
        self.epcis.get(rang)
    }

    /// `code` as in « 26 », « 2a », « 974 ».
    pub fn find_departement(&self, code: &str) -> Option<&Departement> {
        let code = Code::parse(code)?;
        let rang = self.departements.binary_search_by_key(&code, |d| d.code);
        self.departements.get(rang.ok()?)
    }

    /// Reads the commune code of a file: a current code, or one that has been merged into a
    /// current commune (commune déléguée, associée, arrondissement, vanished code).
    ///
    /// Half of the postal codes (3 056 of 6 310) are also the code of some other commune, and then
    /// resolve to it: 26250 is Livron by post, Pont-de-l'Isère here. Only ask for a code commune.
    pub fn resolve_code(&self, texte: &str) -> Result<CommuneResolue<'_>, CodeRefuse> {
        let code = CodeInsee::parse(texte)?;
        if let Some(commune) = self.find_commune(code) {
            let ancienne = None;
            return Ok(CommuneResolue { commune, ancienne });
        }
        self.resolve_ancienne(code).ok_or_else(|| self.explain(code))
    }

    pub(crate) fn resolve_ancienne(&self, code: CodeInsee) -> Option<CommuneResolue<'_>> {
        let rang = self.anciennes.binary_search_by_key(&code, |a| a.code).ok();
        let ancienne = self.anciennes.get(rang?);
        let commune = self.commune(ancienne?.commune)?;
        Some(CommuneResolue { commune, ancienne })
    }

    /// Why nobody has this code: most often it is a postal code.
    fn explain(&self, code: CodeInsee) -> CodeRefuse {
        let Some(postal) = CodePostal::parse(code.as_str()) else {
            return CodeRefuse::Inconnu(code);
        };
        match self.list_by_code_postal(code.as_str()).as_slice() {
            [] => CodeRefuse::Inconnu(code),
            [seule] => CodeRefuse::CodePostalUnique { code: postal, nom: seule.nom.to_string(), commune: seule.code },
            plusieurs => CodeRefuse::CodePostal { code: postal, communes: plusieurs.len() },
        }
    }

    /// The communes a postal code covers, biggest population first; empty if nobody has it.
    pub fn list_by_code_postal(&self, code: &str) -> Vec<&Commune> {
        let Some(code) = CodePostal::parse(code) else {
            return Vec::new();
        };
        let start = self.postaux.partition_point(|(postal, _)| *postal < code);
        self.postaux[start..].iter().take_while(|(postal, _)| *postal == code).filter_map(|(_, rang)| self.commune(*rang)).collect()
    }

    /// Communes whose point is within `rayon_m` metres (included), nearest first, with the distance.
    /// Communes without a point are never near.
    pub fn list_within(&self, point: Point, rayon_m: f64) -> Vec<(&Commune, f64)> {
        if rayon_m.is_nan() || rayon_m < 0.0 {
            return Vec::new();
        }
        let mut found: Vec<(&Commune, f64)> = self
            .grille
            .list_around(point, rayon_m.min(FARTHEST_M))
            .into_iter()
            .filter_map(|rang| {
                let commune = self.commune(rang)?;
                Some((commune, commune.point?.distance_m(&point)))
            })
            .filter(|(_, distance_m)| *distance_m <= rayon_m)
            .collect();
        found.sort_by(|(_, a), (_, b)| a.total_cmp(b));
        found
    }

    /// The commune whose town hall is the nearest, with the distance in metres.
    /// Not always the one whose territory contains the point.
    pub fn find_nearest(&self, point: Point) -> Option<(&Commune, f64)> {
        let mut rayon_m = FIRST_RADIUS_M;
        loop {
            let nearest = self.list_within(point, rayon_m).into_iter().next();
            if nearest.is_some() || rayon_m >= FARTHEST_M {
                return nearest;
            }
            rayon_m *= 4.0;
        }
    }
}
