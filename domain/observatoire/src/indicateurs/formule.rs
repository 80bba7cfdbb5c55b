//! What is written in the library: « issue:sans_solution[motif=trop_cher] + … », « population_65 », « offre:structures ».

use std::fmt;

use super::Axe;
use super::gestion::Gestion;
use super::offre::Offre;

/// Terms added to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formule {
    pub termes: Vec<Terme>,
}

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Terme {
    Compteur(Compteur),
    Population(Population),
    Offre(Offre),
    Gestion(Gestion),
}

/// A monthly counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compteur {
    /// « issue », « issue:sans_solution ».
    pub mesure: String,
    pub filtre: Option<Filtre>,
}

/// What is kept of a counter: one value of a dimension, or all that have one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filtre {
    pub dimension: String,
    pub valeur: Option<String>,
}

/// Inhabitants, from INSEE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Population {
    Tous,
    PlusDe65,
}

/// What each fact knows besides the commune and the age, the main one first.
const DIMENSIONS: [(&str, &[&str]); 8] = [
    ("demande", &["canal", "heure", "origine"]),
    ("besoin", &["besoin"]),
    ("issue", &["besoin", "motif"]),
    ("appel", &[]),
    ("reponse", &[]),
    ("prise_en_charge", &["besoin", "motif"]),
    ("appel_qualite", &["besoin", "solution", "satisfaction"]),
    ("suite_sans_solution", &["besoin"]),
];
/// Facts about nobody: they know neither commune nor age.
const SANS_PERSONNE: [&str; 2] = ["appel", "reponse"];
const PERSONNE: [&str; 2] = ["commune", "tranche_age"];

impl Formule {
    /// Why the text is no formula, in the error.
    pub fn parse(text: &str) -> Result<Self, String> {
        let termes = text.split(" + ").map(|one| Terme::parse(one.trim())).collect::<Result<Vec<Terme>, String>>()?;
        Ok(Self { termes })
    }
}

impl Terme {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "population" => return Ok(Self::Population(Population::Tous)),
            "population_65" => return Ok(Self::Population(Population::PlusDe65)),
            _ => {}
        }
        if let Some(code) = text.strip_prefix("offre:") {
            return Offre::from_code(code).map(Self::Offre).ok_or_else(|| format!("« {text} » n’est rien de l’annuaire"));
        }
        if let Some(code) = text.strip_prefix("gestion:") {
            return Gestion::from_code(code).map(Self::Gestion).ok_or_else(|| format!("« {text} » n’est rien de la ligne"));
        }
        Compteur::parse(text).map(Self::Compteur).ok_or_else(|| format!("« {text} » ne se compte pas"))
    }

    pub fn has_axe(&self, axe: Axe) -> bool {
        match self {
            Self::Compteur(compteur) => compteur.find_axe(axe).is_some(),
            Self::Population(_) => matches!(axe, Axe::Commune | Axe::Bassin | Axe::Epci),
            Self::Offre(offre) => offre.has_axe(axe),
            Self::Gestion(gestion) => gestion.has_axe(axe),
        }
    }

    /// Whether it is of today, whatever the period: the annuaire keeps no past.
    pub fn is_of_today(&self) -> bool {
        match self {
            Self::Offre(_) => true,
            Self::Gestion(gestion) => gestion.is_of_today(),
            Self::Compteur(_) | Self::Population(_) => false,
        }
    }
}

impl Compteur {
    fn parse(text: &str) -> Option<Self> {
        let (mesure, filtre) = match text.split_once('[') {
            Some((mesure, inside)) => {
                let inside = inside.strip_suffix(']')?;
                let (dimension, valeur) = inside.split_once('=').map_or((inside, None), |(nom, valeur)| (nom, Some(valeur.to_string())));
                (mesure, Some(Filtre { dimension: dimension.to_string(), valeur }))
            }
            None => (text, None),
        };
        let parsed = Self { mesure: mesure.to_string(), filtre };
        let is_known = |filtre: &Filtre| parsed.list_dimensions().any(|one| one == filtre.dimension);
        (DIMENSIONS.iter().any(|(code, _)| *code == parsed.code()) && parsed.filtre.as_ref().is_none_or(is_known)).then_some(parsed)
    }

    /// The code of the fact, without its state.
    fn code(&self) -> &str {
        self.mesure.split(':').next().unwrap_or_default()
    }

    fn own_dimensions(&self) -> &'static [&'static str] {
        DIMENSIONS.iter().find(|(code, _)| *code == self.code()).map_or(&[], |(_, own)| own)
    }

    /// Whether its facts are about somebody.
    pub fn has_personne(&self) -> bool {
        !SANS_PERSONNE.contains(&self.code())
    }

    fn list_dimensions(&self) -> impl Iterator<Item = &'static str> {
        let of_personne = PERSONNE.into_iter().filter(|_| self.has_personne());
        self.own_dimensions().iter().copied().chain(of_personne)
    }

    /// Where the counters hold it for all.
    pub fn whole(&self) -> Lecture {
        match &self.filtre {
            None => Lecture { axe: String::new(), garde: Garde::Tout },
            Some(Filtre { dimension, valeur }) => Lecture { axe: dimension.clone(), garde: Garde::of(valeur.as_ref()) },
        }
    }

    /// Where the counters hold it by the values of an axis, if they do.
    pub fn find_axe(&self, axe: Axe) -> Option<Lecture> {
        // A bassin, an EPCI is a sum of communes.
        let asked = if matches!(axe, Axe::Bassin | Axe::Epci) { Axe::Commune.code() } else { axe.code() };
        if !self.list_dimensions().any(|one| one == asked) {
            return None;
        }
        let plain = Some(Lecture { axe: asked.to_string(), garde: Garde::Tout });
        let Some(filtre) = &self.filtre else { return plain };
        if filtre.dimension == asked {
            // Of one value kept, there is nothing to break down.
            return plain.filter(|_| filtre.valeur.is_none());
        }
        // Crossed with the main dimension only, of which one value is kept.
        let valeur = filtre.valeur.as_ref()?;
        let main = *self.own_dimensions().first()?;
        if filtre.dimension == main {
            Some(Lecture { axe: format!("{main}/{asked}"), garde: Garde::ApresPremier(valeur.clone()) })
        } else if asked == main {
            Some(Lecture { axe: format!("{main}/{}", filtre.dimension), garde: Garde::AvantSecond(valeur.clone()) })
        } else {
            None
        }
    }
}

/// What to read of the counters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lecture {
    pub axe: String,
    garde: Garde,
}

/// Which values of an axis are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Garde {
    Tout,
    Seul(String),
    /// Of « telephone/36173 », what follows this first half.
    ApresPremier(String),
    /// Of « menage/trop_cher », what precedes this second half.
    AvantSecond(String),
}

impl Garde {
    fn of(valeur: Option<&String>) -> Self {
        valeur.map_or(Self::Tout, |one| Self::Seul(one.clone()))
    }
}

impl Lecture {
    /// The value under which a line is told; None when it is not wanted.
    pub fn keep<'a>(&self, valeur: &'a str) -> Option<&'a str> {
        match &self.garde {
            Garde::Tout => Some(valeur),
            Garde::Seul(only) => (valeur == only).then_some(valeur),
            Garde::ApresPremier(first) => valeur.strip_prefix(first.as_str())?.strip_prefix('/'),
            Garde::AvantSecond(second) => valeur.strip_suffix(second.as_str())?.strip_suffix('/'),
        }
    }
}

impl fmt::Display for Formule {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        for (rang, terme) in self.termes.iter().enumerate() {
            write!(out, "{}{terme}", if rang > 0 { " + " } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Display for Terme {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Population(Population::Tous) => write!(out, "habitants"),
            Self::Population(Population::PlusDe65) => write!(out, "habitants de 65 ans et plus"),
            Self::Offre(offre) => write!(out, "{}", offre.label()),
            Self::Gestion(gestion) => write!(out, "{}", gestion.label()),
            Self::Compteur(Compteur { mesure, filtre: None }) => write!(out, "{}", say_mesure(mesure)),
            Self::Compteur(Compteur { mesure, filtre: Some(Filtre { dimension, valeur }) }) => {
                let dit = DIMENSIONS_DITES.iter().find(|(code, _)| code == dimension).map_or(dimension.as_str(), |(_, dit)| dit);
                let kept = valeur.as_ref().map_or_else(|| "connu".to_string(), |code| format!("« {} »", say_code(code)));
                write!(out, "{} ({dit} : {kept})", say_mesure(mesure))
            }
        }
    }
}

/// What each counter counts, in words.
const MESURES: [(&str, &str); 8] = [
    ("demande", "demandes"),
    ("besoin", "besoins exprimés"),
    ("issue", "besoins dont l’issue est dite"),
    ("appel", "appels arrivés"),
    ("reponse", "messages traités"),
    ("prise_en_charge", "prises en charge"),
    ("appel_qualite", "appels de qualité"),
    ("suite_sans_solution", "suites données aux besoins sans solution"),
];
const DIMENSIONS_DITES: [(&str, &str); 5] =
    [("canal", "canal"), ("origine", "origine"), ("motif", "raison"), ("tranche_age", "âge"), ("satisfaction", "note")];

/// « besoins dont l’issue est dite, sans solution ».
fn say_mesure(mesure: &str) -> String {
    let (code, etat) = mesure.split_once(':').map_or((mesure, None), |(code, etat)| (code, Some(etat)));
    let said = MESURES.iter().find(|(known, _)| *known == code).map_or(code, |(_, said)| said);
    etat.map_or_else(|| said.to_string(), |etat| format!("{said}, {}", say_code(etat)))
}

fn say_code(code: &str) -> String {
    code.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compteur(text: &str) -> Compteur {
        Compteur::parse(text).unwrap()
    }

    #[test]
    fn what_cannot_be_counted_is_refused() {
        for text in ["", "demandes", "demande[besoin=menage]", "appel[commune]", "demande[canal", "issue[issue=x]", "offre:lune"] {
            assert!(Formule::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_filter_is_read_where_the_counters_cross_it() {
        let phone = compteur("demande[canal=telephone]");
        assert_eq!(phone.whole().keep("telephone"), Some("telephone"));
        assert_eq!(phone.whole().keep("web"), None);
        let by_commune = phone.find_axe(Axe::Commune).unwrap();
        assert_eq!(
            (by_commune.axe.as_str(), by_commune.keep("telephone/36173"), by_commune.keep("web/36173")),
            ("canal/commune", Some("36173"), None)
        );
        let price = compteur("issue:sans_solution[motif=trop_cher]");
        let by_besoin = price.find_axe(Axe::Besoin).unwrap();
        assert_eq!(
            (by_besoin.axe.as_str(), by_besoin.keep("menage/trop_cher"), by_besoin.keep("menage/horaires")),
            ("besoin/motif", Some("menage"), None)
        );
        assert_eq!(price.find_axe(Axe::Commune), None);
        let said = compteur("demande[tranche_age]");
        assert_eq!(said.whole().keep("75_84"), Some("75_84"));
        assert_eq!(said.find_axe(Axe::Commune), None, "which ages of a commune are said is not counted apart");
    }
}
