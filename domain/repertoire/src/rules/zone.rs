//! What a book covers, and which books a territoire has: said here, for what is printed, laid out elsewhere and carried.

use std::collections::BTreeSet;

use kit::text::fold;
use territoire::{Bassin, CodeInsee, Commune, Referentiel, Territoire};

/// In addresses and on print runs: the book of the whole territoire.
pub const TOUT: &str = "tout";
/// The book of communes that no bassin holds, where others are in one.
pub const HORS_BASSIN: &str = "hors-bassin";

/// What a book covers.
#[derive(Clone, Debug)]
pub struct Zone {
    /// « de Crest »; none: no bassin is meant.
    pub bassin: Option<String>,
    /// The communes of no bassin.
    pub is_reste: bool,
    /// In the order of their names.
    pub communes: Vec<&'static Commune>,
}

impl Zone {
    /// The book of this code, else the whole territoire.
    pub fn of(territoire: &Territoire, code: Option<&str>) -> Self {
        let found = code.and_then(|code| territoire.bassins.iter().find(|one| one.code == code));
        let is_reste = found.is_none() && code == Some(HORS_BASSIN);
        let rangs = match found {
            Some(bassin) => bassin.communes.clone(),
            None if is_reste => list_hors_bassin(territoire),
            None => territoire.communes.clone(),
        };
        let mut communes: Vec<&Commune> = rangs.iter().filter_map(|rang| Referentiel::get().commune(*rang)).collect();
        communes.sort_by_cached_key(|commune| fold(&commune.nom));
        Self { bassin: found.map(|one| one.nom.clone()), is_reste, communes }
    }

    /// The same when the territoire has such a book, or when the whole of it is asked.
    pub fn find(territoire: &Territoire, code: &str) -> Option<Self> {
        let is_known = code == TOUT || list_livres(territoire).iter().any(|(known, _)| *known == code);
        is_known.then(|| Self::of(territoire, Some(code)))
    }

    /// « le bassin », « le territoire », as in « tout le bassin ».
    pub fn nom(&self) -> &'static str {
        match (&self.bassin, self.is_reste) {
            (Some(_), _) => "le bassin",
            (None, true) => "le reste du territoire",
            (None, false) => "le territoire",
        }
    }

    /// What the cover says under the title; nothing when the book is that of the territoire.
    pub fn intitule(&self) -> Option<String> {
        self.bassin.as_deref().map(name_bassin).or_else(|| self.is_reste.then(|| AUTRES.into()))
    }

    /// The same after the name of the territoire or of the edition: « bassin de Crest ».
    pub fn suite(&self) -> Option<String> {
        self.bassin.as_ref().map(|nom| format!("bassin {nom}")).or_else(|| self.is_reste.then(|| AUTRES.to_lowercase()))
    }

    /// One flag a commune of the book.
    pub fn flag(&self, reached: &BTreeSet<CodeInsee>) -> Vec<bool> {
        self.communes.iter().map(|commune| reached.contains(&commune.code)).collect()
    }
}

const AUTRES: &str = "Autres communes";

fn name_bassin(nom: &str) -> String {
    format!("Bassin {nom}")
}

/// The books of a territoire, code and name: one a bassin, one for the communes that none holds; one for all when it has no bassin.
pub fn list_livres(territoire: &Territoire) -> Vec<(&str, String)> {
    if territoire.bassins.is_empty() {
        return vec![(TOUT, territoire.nom.clone())];
    }
    let name = |one: &Bassin| name_bassin(&one.nom);
    let reste = (!list_hors_bassin(territoire).is_empty()).then(|| (HORS_BASSIN, AUTRES.to_string()));
    territoire.bassins.iter().map(|one| (one.code.as_str(), name(one))).chain(reste).collect()
}

/// The same, for a page that shows them.
pub fn name_livres(territoire: &Territoire) -> Vec<(String, String)> {
    list_livres(territoire).into_iter().map(|(code, nom)| (code.to_string(), nom)).collect()
}

/// Code of the book that is given in a commune.
pub fn find_livret(territoire: &Territoire, commune: CodeInsee) -> String {
    let found = Referentiel::get().find_commune(commune).and_then(|commune| territoire.find_bassin(commune.rang));
    let without = if territoire.bassins.is_empty() { TOUT } else { HORS_BASSIN };
    found.map_or(without, |bassin| bassin.code.as_str()).to_string()
}

fn list_hors_bassin(territoire: &Territoire) -> Vec<u16> {
    territoire.communes.iter().copied().filter(|rang| territoire.find_bassin(*rang).is_none()).collect()
}

#[cfg(test)]
mod tests {
    use super::{HORS_BASSIN, TOUT};
    use crate::formes_tests::territoire;

    #[test]
    fn no_bassin_has_the_code_of_another_book() {
        for code in [TOUT, HORS_BASSIN] {
            let mut territoire = territoire("Brenne", None);
            territoire.bassins[0].code = code.into();
            assert!(territoire.check().is_err_and(|why| why.to_string().contains("réservé")), "{code}");
        }
    }
}
