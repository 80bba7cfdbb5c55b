//! Why a structure is proposed: every proposal says it, in the words a person would use.

use std::fmt;

use annuaire::besoin::{Besoin, Taxonomie};
use annuaire::rules::horaires::Ouverture;
use annuaire::{Disponibilite, Mode};
use territoire::Commune;

use super::orientation::{Proposition, Recherche};

/// One reason; its `Display` is the sentence.
#[derive(Clone, Copy, Debug)]
pub enum Raison<'a> {
    Dessert(&'a Commune),
    NeDessertPas(&'a Commune),
    Repond(&'a Besoin),
    Proche(&'a Besoin),
    Plusieurs(u8),
    Distance(u32),
    ADistance,
    Ouverture(Ouverture),
    Disponibilite(Disponibilite),
    Condition(&'static str),
    Egaux(u16),
}

impl fmt::Display for Raison<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dessert(commune) => write!(f, "Dessert {}", commune.nom),
            Self::NeDessertPas(commune) => write!(f, "Ne dessert pas {} d’ordinaire", commune.nom),
            Self::Repond(besoin) => write!(f, "Répond à : {}", besoin.libelle),
            Self::Proche(besoin) => write!(f, "Besoin proche : {}", besoin.libelle),
            Self::Plusieurs(count) => write!(f, "Répond à {count} des besoins demandés"),
            Self::Distance(metres) if *metres < 1_000 => write!(f, "À moins d’un kilomètre"),
            Self::Distance(metres) => write!(f, "À {} km", (metres + 500) / 1_000),
            Self::ADistance => write!(f, "Par téléphone ou par internet"),
            Self::Ouverture(ouverture) => ouverture.fmt(f),
            Self::Disponibilite(Disponibilite::Ouvert) => write!(f, "Places disponibles"),
            Self::Disponibilite(Disponibilite::ListeAttente) => write!(f, "Liste d’attente"),
            Self::Disponibilite(Disponibilite::Complet) => write!(f, "Complet pour le moment"),
            Self::Disponibilite(Disponibilite::Inconnue) => write!(f, "Disponibilité à demander"),
            Self::Condition(label) => write!(f, "Condition remplie : {label}"),
            Self::Egaux(count) => {
                write!(f, "À égalité avec {} autre{} : l’ordre tourne à chaque demande", count - 1, if *count > 2 { "s" } else { "" })
            }
        }
    }
}

/// The reasons of a proposal, the most telling first.
pub fn list_raisons<'a>(proposition: &Proposition, recherche: &Recherche<'a>, is_neighbour: bool) -> Vec<Raison<'a>> {
    let mut raisons = Vec::with_capacity(8);
    raisons.push(if is_neighbour { Raison::NeDessertPas(recherche.commune) } else { Raison::Dessert(recherche.commune) });
    if let Some(besoin) = Taxonomie::get().besoin(proposition.besoin) {
        raisons.push(if proposition.is_proche { Raison::Proche(besoin) } else { Raison::Repond(besoin) });
    }
    if proposition.reponses > 1 {
        raisons.push(Raison::Plusieurs(proposition.reponses));
    }
    if proposition.drapeaux.mode() == Mode::ADistance {
        raisons.push(Raison::ADistance);
    }
    raisons.extend(proposition.distance_m.map(Raison::Distance));
    if proposition.ouverture != Ouverture::Inconnue {
        raisons.push(Raison::Ouverture(proposition.ouverture));
    }
    if proposition.drapeaux.disponibilite() != Disponibilite::Inconnue {
        raisons.push(Raison::Disponibilite(proposition.drapeaux.disponibilite()));
    }
    let asked = recherche.contraintes;
    let met = asked.creneaux.iter().filter(|creneau| proposition.drapeaux.has_creneau(**creneau)).map(|creneau| creneau.label());
    raisons.extend(met.map(Raison::Condition));
    let intervention = asked.intervention.filter(|intervention| proposition.drapeaux.has_intervention(*intervention));
    raisons.extend(intervention.map(|intervention| Raison::Condition(intervention.label())));
    if proposition.egaux > 1 {
        raisons.push(Raison::Egaux(proposition.egaux));
    }
    raisons
}
