//! Indicators as objects: what each is called, what it means in plain words, how it is computed, in what unit, from what source
//! (article L312-5, quoted by seed 003: needs, supply, gaps, evaluation). They are read from `donnees/indicateurs.csv`.
//! `formule` reads what is written there, `calcul` decides, `decoupage` says what cuts a territoire, `offre` counts the annuaire;
//! nothing here reads a database.

pub mod calcul;
pub mod decoupage;
pub mod formule;
pub mod gestion;
pub mod lecture;
pub mod mensuel;
pub mod objectif;
pub mod offre;

use std::sync::LazyLock;

use kit::codes;
use serde::{Deserialize, Serialize};

use formule::{Filtre, Formule, Terme};
use gestion::Gestion;

const INDICATEURS: &str = include_str!("../../../../donnees/indicateurs.csv");

codes! {
    /// In what an indicator is told.
    pub enum Unite {
        Nombre = "nombre" => "nombre",
        Pourcent = "pourcent" => "pour cent",
        Pour1000 = "pour_1000" => "pour 1 000",
        Rapport = "rapport" => "rapport",
        Euros = "euros" => "euros",
    }
}

impl Unite {
    /// By what the quotient is multiplied.
    pub fn facteur(self) -> f64 {
        match self {
            Self::Nombre | Self::Rapport => 1.0,
            Self::Pourcent => 100.0,
            Self::Pour1000 => 1_000.0,
            // What is spent is counted in cents.
            Self::Euros => 0.01,
        }
    }
}

codes! {
    /// What an indicator is about.
    pub enum Theme {
        Demande = "demande" => "Ce qui est demandé",
        Canal = "canal" => "Par où l’on vient",
        Reponse = "reponse" => "Ce qui est répondu",
        SansSolution = "sans_solution" => "Ce qui manque",
        Ligne = "ligne" => "La ligne",
        PriseEnCharge = "prise_en_charge" => "La prise en charge",
        Qualite = "qualite" => "Ce que les personnes en disent",
        Offre = "offre" => "L’offre, aujourd’hui",
        Gestion = "gestion" => "La ligne elle-même",
    }
}

/// One indicator of the library.
#[derive(Clone, Debug)]
pub struct Indicateur {
    pub code: String,
    pub theme: Theme,
    pub libelle: String,
    /// In plain words, for somebody who never saw the base.
    pub definition: String,
    pub unite: Unite,
    pub numerateur: Formule,
    /// None: a count.
    pub denominateur: Option<Formule>,
    pub source: String,
}

/// The columns of `indicateurs.csv`.
#[derive(Deserialize)]
struct Ligne {
    code: String,
    theme: String,
    libelle: String,
    definition: String,
    unite: String,
    numerateur: String,
    denominateur: String,
    source: String,
}

static BIBLIOTHEQUE: LazyLock<Vec<Indicateur>> = LazyLock::new(|| read(INDICATEURS).into_iter().flatten().collect());

/// The whole library, in the order of the file.
pub fn list_indicateurs() -> &'static [Indicateur] {
    &BIBLIOTHEQUE
}

pub fn find_indicateur(code: &str) -> Option<&'static Indicateur> {
    list_indicateurs().iter().find(|one| one.code == code)
}

/// Each line of the file, or why it is none.
fn read(text: &str) -> Vec<Result<Indicateur, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize::<Ligne>().map(|line| line.map_err(|error| error.to_string()).and_then(read_ligne)).collect()
}

fn read_ligne(ligne: Ligne) -> Result<Indicateur, String> {
    let refuse = |what: &str| format!("{} : {what}", ligne.code);
    let denominateur = match ligne.denominateur.as_str() {
        "" => None,
        text => Some(Formule::parse(text).map_err(|what| refuse(&what))?),
    };
    Ok(Indicateur {
        theme: Theme::from_code(&ligne.theme).ok_or_else(|| refuse("thème inconnu"))?,
        unite: Unite::from_code(&ligne.unite).ok_or_else(|| refuse("unité inconnue"))?,
        numerateur: Formule::parse(&ligne.numerateur).map_err(|what| refuse(&what))?,
        denominateur,
        code: ligne.code,
        libelle: ligne.libelle,
        definition: ligne.definition,
        source: ligne.source,
    })
}

codes! {
    /// By what an indicator is broken down.
    pub enum Axe {
        Commune = "commune" => "commune",
        Bassin = "bassin" => "bassin",
        Epci = "epci" => "EPCI",
        Besoin = "besoin" => "besoin",
        Canal = "canal" => "canal",
        TrancheAge = "tranche_age" => "âge",
        Motif = "motif" => "raison",
        Origine = "origine" => "origine",
        Heure = "heure" => "heure",
    }
}

impl Indicateur {
    fn termes(&self) -> impl Iterator<Item = &Terme> {
        std::iter::once(&self.numerateur).chain(&self.denominateur).flat_map(|formule| &formule.termes)
    }

    /// By what it can be broken down: what all of its terms are counted by.
    pub fn axes(&self) -> Vec<Axe> {
        let is_counted = |axe: &Axe| self.termes().all(|terme| terme.has_axe(*axe));
        Axe::ALL.iter().copied().filter(is_counted).collect()
    }

    /// « demande ÷ population × 1 000 », as the library writes it.
    pub fn formule(&self) -> String {
        let facteur = match self.unite {
            Unite::Pourcent => " × 100",
            Unite::Pour1000 => " × 1 000",
            Unite::Nombre | Unite::Rapport | Unite::Euros => "",
        };
        match &self.denominateur {
            Some(denominateur) => format!("({}) ÷ ({denominateur}){facteur}", self.numerateur),
            None => self.numerateur.to_string(),
        }
    }

    /// Whether it is told for all, not by need only.
    pub fn has_whole(&self) -> bool {
        self.termes().all(|terme| !matches!(terme, Terme::Offre(offre) if !offre.has_whole()))
    }

    /// Whether it is of today, whatever the period: the annuaire keeps no past.
    pub fn is_of_today(&self) -> bool {
        self.termes().any(Terme::is_of_today)
    }

    /// Whether it is told of whole calendar years only: part of a year has no cost.
    pub fn wants_whole_years(&self) -> bool {
        self.termes().any(|terme| *terme == Terme::Gestion(Gestion::Fonctionnement))
    }

    /// Whether a published year is enough to tell it: it rests neither on the annuaire of today nor on what people typed.
    pub fn is_publishable(&self) -> bool {
        self.termes().all(|terme| matches!(terme, Terme::Compteur(_) | Terme::Population(_)))
    }

    /// Whether some of its counts are of people.
    pub fn is_about_people(&self) -> bool {
        self.termes().any(|terme| matches!(terme, Terme::Compteur(_)))
    }

    /// How the list of demandes is narrowed to those that the numerator counts; None when it cannot be.
    pub fn filtre_de_demandes(&self) -> Option<Vec<(&'static str, String)>> {
        let [Terme::Compteur(compteur)] = self.numerateur.termes.as_slice() else { return None };
        let of_filtre = match &compteur.filtre {
            None => vec![],
            Some(Filtre { dimension, valeur: Some(valeur) }) if dimension == "canal" => vec![("canal", valeur.clone())],
            Some(_) => return None,
        };
        match compteur.mesure.split_once(':') {
            None if matches!(compteur.mesure.as_str(), "demande" | "besoin") => Some(of_filtre),
            Some(("issue", issue)) => Some([of_filtre, vec![("issue", issue.to_string())]].concat()),
            _ => None,
        }
    }

    /// Its counts are those of women and men too.
    pub fn has_sexe(&self) -> bool {
        self.termes().all(|terme| matches!(terme, Terme::Compteur(compteur) if compteur.has_personne()))
    }
}

/// An indicator as programs read it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct IndicateurBody {
    pub code: String,
    pub theme: &'static str,
    pub libelle: String,
    pub definition: String,
    pub formule: String,
    pub unite: &'static str,
    pub source: String,
    pub axes: Vec<&'static str>,
}

impl From<&Indicateur> for IndicateurBody {
    fn from(one: &Indicateur) -> Self {
        Self {
            code: one.code.clone(),
            theme: one.theme.code(),
            libelle: one.libelle.clone(),
            definition: one.definition.clone(),
            formule: one.formule(),
            unite: one.unite.code(),
            source: one.source.clone(),
            axes: one.axes().into_iter().map(Axe::code).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_library_is_read_and_named_once() {
        let read = read(INDICATEURS);
        let refused: Vec<&String> = read.iter().filter_map(|one| one.as_ref().err()).collect();
        assert_eq!(refused, Vec::<&String>::new());
        assert!(read.len() >= 40, "{}", read.len());
        let mut codes: Vec<&str> = list_indicateurs().iter().map(|one| one.code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), read.len());
    }

    #[test]
    fn a_quotient_has_a_denominator_and_a_count_has_none() {
        for one in list_indicateurs() {
            assert_eq!(one.denominateur.is_none(), one.unite == Unite::Nombre, "{}", one.code);
            assert!(one.definition.ends_with('.'), "{}", one.code);
        }
    }

    #[test]
    fn an_indicator_is_broken_down_by_what_all_its_terms_are_counted_by() {
        let axes = |code: &str| find_indicateur(code).unwrap().axes();
        assert!(axes("demandes").contains(&Axe::Canal) && !axes("demandes").contains(&Axe::Besoin));
        assert_eq!(axes("demandes-pour-1000"), [Axe::Commune, Axe::Bassin, Axe::Epci], "INSEE knows communes");
        assert!(axes("part-sans-solution").contains(&Axe::Besoin));
        assert_eq!(axes("part-trop-cher"), [Axe::Besoin], "a reason is crossed with the need alone");
        assert_eq!(axes("taux-reponse"), []);
    }
}
