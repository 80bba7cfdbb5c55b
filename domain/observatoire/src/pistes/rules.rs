//! What is typed of a piste, how it ends, and what its list and its page say first.

use annuaire::besoin::{Besoin, Taxonomie};
use annuaire::rules::commune_dite;
use chrono::NaiveDate;
use comptes::Compte;
use kit::{FieldErrors, Id};
use serde::Deserialize;
use territoire::{Commune, Territoire};

use super::model::{EtatPiste, Etendue, NatureEtape, Piste, Portee};
use super::regard::Desservante;

/// A piste as it is typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PisteInput {
    pub besoin: String,
    pub portee: String,
    /// One a line, or between commas.
    pub communes: String,
    pub raison: String,
    #[serde(flatten)]
    pub suite: SuiteInput,
}

/// What comes next, and who follows it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SuiteInput {
    pub pilote: String,
    pub etape: String,
    pub etape_le: String,
}

/// What was done, and what comes next.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EtapeInput {
    pub fait: String,
    #[serde(flatten)]
    pub suite: SuiteInput,
}

/// How a piste ends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ClotureInput {
    pub etat: String,
    pub motif: String,
}

/// A piste that can be opened.
#[derive(Debug)]
pub struct NouvellePiste {
    pub besoin: &'static Besoin,
    pub etendue: Etendue,
    pub communes: Vec<&'static Commune>,
    pub raison: String,
    pub suite: Suivante,
}

/// A next step that can be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suivante {
    pub pilote: Id,
    pub etape: String,
    pub etape_le: NaiveDate,
}

const RAISON: usize = 600;
const ETAPE: usize = 200;

impl PisteInput {
    pub fn parse(&self, territoire: &Territoire, (pilotes, today): (&[Compte], NaiveDate)) -> Result<NouvellePiste, FieldErrors> {
        let mut errors = FieldErrors::default();
        let besoin = Taxonomie::get().find(&self.besoin).filter(|besoin| !besoin.is_famille());
        if besoin.is_none() {
            errors.add("besoin", "Choisissez le besoin qui manque.");
        }
        let etendue = self.read_etendue(territoire, &mut errors);
        let raison = read_text(&mut errors, ("raison", &self.raison), RAISON, "Dites en une phrase pourquoi cette piste est ouverte.");
        let suite = self.suite.read((pilotes, today), &mut errors);
        match (besoin, etendue, raison, suite) {
            (Some(besoin), Some((etendue, communes)), Some(raison), Some(suite)) if errors.is_empty() => {
                Ok(NouvellePiste { besoin, etendue, communes, raison, suite })
            }
            _ => Err(errors),
        }
    }

    fn read_etendue(&self, territoire: &Territoire, errors: &mut FieldErrors) -> Option<(Etendue, Vec<&'static Commune>)> {
        let Some(portee) = Portee::from_code(&self.portee) else {
            errors.add("portee", "Choisissez où ce service manque.");
            return None;
        };
        let communes = match portee {
            Portee::Communes => self.read_communes(territoire, errors)?,
            Portee::Territoire | Portee::Bassin(_) => portee.list_communes(territoire),
        };
        if communes.is_empty() {
            errors.add("portee", "Ce bassin n’existe plus : choisissez-en un autre.");
            return None;
        }
        let codes = communes.iter().map(|one| one.code.to_string()).collect();
        Some((Etendue { portee, communes: codes }, communes))
    }

    fn read_communes(&self, territoire: &Territoire, errors: &mut FieldErrors) -> Option<Vec<&'static Commune>> {
        let typed = self.communes.split(['\n', ',', ';']).map(str::trim).filter(|line| !line.is_empty());
        let (mut known, mut unknown) = (vec![], vec![]);
        for line in typed {
            match commune_dite::read(line, Some(territoire)).filter(|commune| territoire.contains(commune.rang)) {
                Some(commune) => known.push(commune),
                None => unknown.push(line),
            }
        }
        known.sort_by_key(|commune| commune.rang);
        known.dedup_by_key(|commune| commune.rang);
        match (known.is_empty(), unknown.as_slice()) {
            (false, []) => Some(known),
            (true, []) => {
                errors.add("communes", "Écrivez au moins une commune, une par ligne.");
                None
            }
            (_, [first, ..]) => {
                errors.add("communes", format!("« {first} » n’est pas une commune du territoire."));
                None
            }
        }
    }
}

impl SuiteInput {
    fn read(&self, (pilotes, today): (&[Compte], NaiveDate), errors: &mut FieldErrors) -> Option<Suivante> {
        let etape = read_text(errors, ("etape", &self.etape), ETAPE, "Dites ce qui est à faire ensuite.");
        let etape_le = NaiveDate::parse_from_str(&self.etape_le, "%Y-%m-%d").ok().filter(|day| *day >= today);
        if etape_le.is_none() {
            errors.add("etape_le", "Choisissez le jour de cette étape, aujourd’hui ou plus tard.");
        }
        let pilote = pilotes.iter().find(|one| one.id.to_string() == self.pilote).map(|one| one.id);
        if pilote.is_none() {
            errors.add("pilote", "Choisissez qui suit cette piste.");
        }
        Some(Suivante { pilote: pilote?, etape: etape?, etape_le: etape_le? })
    }
}

impl EtapeInput {
    pub fn parse(&self, pilotes: &[Compte], today: NaiveDate) -> Result<(String, Suivante), FieldErrors> {
        let mut errors = FieldErrors::default();
        let fait = read_text(&mut errors, ("fait", &self.fait), RAISON, "Dites ce qui a été fait.");
        let suite = self.suite.read((pilotes, today), &mut errors);
        fait.zip(suite).filter(|_| errors.is_empty()).ok_or(errors)
    }
}

impl ClotureInput {
    /// The state, and what its history will say of it.
    pub fn parse(&self) -> Result<(EtatPiste, NatureEtape, String), FieldErrors> {
        let mut errors = FieldErrors::default();
        let ended = match EtatPiste::from_code(&self.etat) {
            Some(EtatPiste::ServiceOuvert) => (self.motif.chars().count() <= RAISON)
                .then(|| (EtatPiste::ServiceOuvert, NatureEtape::ServiceOuvert, kit::text::tidy(&self.motif))),
            Some(EtatPiste::Abandonnee) => read_text(&mut errors, ("motif", &self.motif), RAISON, "Dites pourquoi elle est abandonnée.")
                .map(|motif| (EtatPiste::Abandonnee, NatureEtape::Abandon, motif)),
            Some(EtatPiste::Ouverte) | None => {
                errors.add("etat", "Dites comment la piste se termine.");
                None
            }
        };
        if ended.is_none() && errors.is_empty() {
            errors.add("motif", format!("C’est trop long : {RAISON} lettres au plus."));
        }
        ended.ok_or(errors)
    }
}

fn read_text(errors: &mut FieldErrors, (field, typed): (&'static str, &str), most: usize, absent: &str) -> Option<String> {
    let text = kit::text::some(typed);
    match &text {
        None => errors.add(field, absent),
        Some(text) if text.chars().count() > most => errors.add(field, format!("C’est trop long : {most} lettres au plus.")),
        Some(_) => return text,
    }
    None
}

impl Piste {
    pub fn is_open(&self) -> bool {
        self.etat == EtatPiste::Ouverte
    }

    /// Its next step was to be done before today.
    pub fn is_late(&self, today: NaiveDate) -> bool {
        self.is_open() && self.etape_le < today
    }

    /// Those that serve since it was opened: what may have answered it.
    pub fn list_nouvelles<'a>(&self, desservantes: &'a [Desservante]) -> Vec<&'a Desservante> {
        desservantes.iter().filter(|one| !self.avant.structures.contains(&one.structure)).collect()
    }
}

/// What must be done first comes first; what is closed comes after, the latest first.
pub fn order(pistes: &mut [Piste]) {
    pistes.sort_by_key(|one| match one.close_at {
        None => (0, one.etape_le.to_epoch_days().into(), one.id),
        Some(at) => (1, -at.0, one.id),
    });
}

/// How many a month, in tenths: figures of twelve months stand beside those of two. None under a month: it would say nothing.
pub fn count_by_month(count: i64, days: i64) -> Option<i64> {
    const MONTH: i64 = 30;
    (days >= MONTH).then(|| (count * 3_044 + days * 5) / (days * 10))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Instant;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn piste(nom: &str, etape_le: &str, close_at: Option<i64>) -> Piste {
        Piste {
            id: Id::from_name(nom),
            besoin: "menage".into(),
            etendue: Etendue { portee: Portee::Communes, communes: vec!["26165".into()] },
            raison: nom.into(),
            pilote: Id::from_name("compte"),
            etat: if close_at.is_some() { EtatPiste::ServiceOuvert } else { EtatPiste::Ouverte },
            etape: "appeler".into(),
            etape_le: day(etape_le),
            ouverte_at: Instant(0),
            close_at: close_at.map(Instant),
            avant: crate::pistes::model::Avant {
                du: day("2025-01-01"),
                demandes: 0,
                sans_solution: 0,
                structures: vec![Id::from_name("known")],
            },
        }
    }

    #[test]
    fn a_step_is_late_the_day_after_and_a_closed_piste_never() {
        let today = day("2026-11-23");
        assert!(!piste("a", "2026-11-23", None).is_late(today) && piste("a", "2026-11-22", None).is_late(today));
        assert!(!piste("a", "2026-01-01", Some(1)).is_late(today));
    }

    #[test]
    fn what_is_to_be_done_first_comes_first_and_closed_ones_last() {
        let mut all = [
            piste("later", "2026-12-01", None),
            piste("old", "2020-01-01", Some(5)),
            piste("new", "2020-01-01", Some(9)),
            piste("late", "2026-01-01", None),
        ];
        order(&mut all);
        assert_eq!(all.map(|one| one.raison), ["late", "later", "new", "old"]);
    }

    #[test]
    fn a_structure_is_new_when_it_did_not_serve_at_the_opening() {
        let serving = |nom: &str| Desservante { structure: Id::from_name(nom), nom: nom.into(), communes: 1 };
        let all = [serving("known"), serving("new")];
        assert_eq!(piste("a", "2026-12-01", None).list_nouvelles(&all), [&all[1]]);
    }

    #[test]
    fn figures_are_brought_to_a_month_once_there_is_one() {
        assert_eq!(count_by_month(24, 365), Some(20), "2 a month");
        assert_eq!(count_by_month(1, 29), None);
        assert_eq!(count_by_month(1, 30), Some(10));
        assert_eq!(count_by_month(0, 30), Some(0));
    }

    #[test]
    fn an_end_says_why_when_nothing_opened() {
        let parse = |etat: &str, motif: &str| ClotureInput { etat: etat.into(), motif: motif.into() }.parse();
        assert_eq!(parse("service_ouvert", "").unwrap().0, EtatPiste::ServiceOuvert);
        assert!(parse("abandonnee", " ").unwrap_err().about("motif").is_some());
        assert_eq!(parse("abandonnee", " trop cher ").unwrap().2, "trop cher");
        for wrong in ["", "ouverte", "x"] {
            assert!(parse(wrong, "pourquoi").unwrap_err().about("etat").is_some());
        }
        assert!(parse("service_ouvert", &"a".repeat(601)).unwrap_err().about("motif").is_some());
    }
}
