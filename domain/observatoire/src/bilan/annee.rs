//! What the counters say of a year and of the same months of the year before.

use std::collections::{BTreeMap, HashMap};

use crate::rules::secret::{LigneMasquee, LigneRelevee, Marges, Releve, mask};
use crate::storage::cumul::Somme;

/// The counters of some months, by measure and axis.
#[derive(Clone, Debug, Default)]
pub struct Annee {
    pub sommes: HashMap<(String, String), Vec<Somme>>,
    /// Demandes of each month, the first one first.
    pub mois: Vec<i64>,
}

/// Both years, like with like.
#[derive(Clone, Debug, Default)]
pub struct Compteurs {
    pub annee: i32,
    pub cette: Annee,
    pub avant: Annee,
    pub noms_de_mois: Vec<String>,
    pub seuil: i64,
}

impl Annee {
    pub fn list(&self, mesure: &str, axe: &str) -> &[Somme] {
        self.sommes.get(&(mesure.to_string(), axe.to_string())).map_or(&[], Vec::as_slice)
    }

    pub fn whole(&self, mesure: &str) -> Option<&Somme> {
        self.list(mesure, "").first()
    }

    pub fn total(&self, mesure: &str) -> i64 {
        self.whole(mesure).map_or(0, |somme| somme.total)
    }

    /// Every state of a code, by women and men.
    pub fn etats(&self, code: &str) -> Releve {
        let is_etat = |(mesure, axe): &&(String, String)| axe.is_empty() && mesure.split_once(':').is_some_and(|(own, _)| own == code);
        let mut mesures: Vec<&String> = self.sommes.keys().filter(is_etat).map(|(mesure, _)| mesure).collect();
        mesures.sort_unstable();
        let named = |mesure: &String| self.whole(mesure).map(|somme| Somme { valeur: mesure.clone(), ..somme.clone() });
        let list: Vec<Somme> = mesures.into_iter().filter_map(named).collect();
        let gathered = Self { sommes: [((String::new(), String::new()), list)].into(), mois: vec![] };
        gathered.releve("", "", &|_| None)
    }

    /// Women, men, and those who did not say: nothing is left for a subtraction to tell.
    fn releve(&self, mesure: &str, axe: &str, groupe: &dyn Fn(&str) -> Option<String>) -> Releve {
        let line = |somme: &Somme| LigneRelevee {
            code: somme.valeur.clone(),
            groupe: groupe(&somme.valeur),
            cellules: vec![somme.femmes, somme.hommes, (somme.total - somme.femmes - somme.hommes).max(0)],
        };
        let mut lignes: Vec<LigneRelevee> = self.list(mesure, axe).iter().map(line).collect();
        let mut groupes: Vec<String> = lignes.iter().filter_map(|ligne| ligne.groupe.clone()).collect();
        groupes.sort_unstable();
        groupes.dedup();
        lignes.splice(0..0, groupes.into_iter().map(|code| LigneRelevee { code, ..LigneRelevee::default() }));
        Releve { marges: Marges::Toutes, lignes, publiees: vec![] }
    }
}

/// A value of an axis in both years, as it may be told.
#[derive(Clone, Debug, Default)]
pub struct Croisee {
    pub code: String,
    pub cellules: Vec<Option<i64>>,
    pub total: Option<i64>,
    pub avant: Option<i64>,
}

impl Compteurs {
    /// The values of an axis, masked; the last one is the whole, without a code. `groupe` says of which line each is a part.
    pub fn cross(&self, mesure: &str, axe: &str, groupe: &dyn Fn(&str) -> Option<String>) -> Vec<Croisee> {
        self.compare(&self.cette.releve(mesure, axe, groupe), &self.avant.releve(mesure, axe, groupe))
    }

    /// Every state of a code, masked, in both years.
    pub fn cross_etats(&self, code: &str) -> Vec<Croisee> {
        self.compare(&self.cette.etats(code), &self.avant.etats(code))
    }

    fn compare(&self, now: &Releve, before: &Releve) -> Vec<Croisee> {
        let (now, before) = (mask(now, self.seuil), mask(before, self.seuil));
        let known: BTreeMap<&str, Option<i64>> = before.lignes.iter().map(|ligne| (ligne.code.as_str(), ligne.total)).collect();
        let both = |ligne: &LigneMasquee, avant: Option<i64>| Croisee {
            code: ligne.code.clone(),
            cellules: ligne.cellules.clone(),
            total: ligne.total,
            avant,
        };
        let mut lines: Vec<Croisee> =
            now.lignes.iter().map(|ligne| both(ligne, known.get(ligne.code.as_str()).copied().unwrap_or(Some(0)))).collect();
        let gone = before.lignes.iter().filter(|ligne| now.find(&ligne.code).is_none());
        lines.extend(gone.map(|ligne| Croisee {
            code: ligne.code.clone(),
            cellules: vec![Some(0); 3],
            total: Some(0),
            avant: ligne.total,
        }));
        // A total hidden says no order: those are last, by code.
        lines.sort_by_key(|line| (std::cmp::Reverse(line.total.unwrap_or(0)), line.code.clone()));
        lines.push(both(&now.ensemble, before.ensemble.total));
        lines
    }

    /// The demandes of each month, as they may be told beside the year that they make.
    pub fn months(&self, annee: &Annee) -> Vec<Option<i64>> {
        let line = |(rang, count): (usize, &i64)| LigneRelevee { code: format!("{rang:02}"), groupe: None, cellules: vec![*count] };
        let releve = Releve { lignes: annee.mois.iter().enumerate().map(line).collect(), ..Releve::default() };
        mask(&releve, self.seuil).lignes.into_iter().map(|ligne| ligne.total).collect()
    }

    /// A measure as it may be told by itself; one of a state (« issue:orientee ») as the table of all states tells it, that it would complete.
    pub fn told(&self, annee: &Annee, mesure: &str) -> Option<i64> {
        let count = annee.total(mesure);
        match mesure.split_once(':') {
            None => Some(count).filter(|count| !(1..self.seuil).contains(count)),
            Some(_) if count == 0 => Some(0),
            Some((code, _)) => mask(&annee.etats(code), self.seuil).find(mesure)?.total,
        }
    }

    pub fn say_told(&self, annee: &Annee, mesure: &str) -> String {
        self.told(annee, mesure).map_or_else(|| "masqué".into(), ui::format::nombre)
    }

    /// One measure out of another, when both are told.
    pub fn share_told(&self, annee: &Annee, (part, whole): (&str, &str)) -> String {
        match (self.told(annee, part), self.told(annee, whole)) {
            (Some(part), Some(whole)) => self.share(part, whole),
            _ => "masqué".into(),
        }
    }

    /// A count as it may be told by itself.
    pub fn say(&self, count: i64) -> String {
        if (1..self.seuil).contains(&count) { format!("moins de {}", self.seuil) } else { ui::format::nombre(count) }
    }

    /// « 12 % » ; what rests on too few is hidden, what cannot be divided is said.
    pub fn share(&self, part: i64, whole: i64) -> String {
        let is_few = |count: i64| (1..self.seuil).contains(&count);
        match whole {
            0 => "non calculable".into(),
            _ if is_few(part) || is_few(whole) || is_few(whole - part) => "masqué".into(),
            _ => format!("{}\u{202f}%", (part * 100 + whole / 2) / whole),
        }
    }
}
