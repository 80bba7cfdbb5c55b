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
pub fn list_raisons<'a>(proposition: &Proposition, recherche: &Recherche<'a>, is_neighbour: bool) -> impl Iterator<Item = Raison<'a>> {
    let Proposition { drapeaux, ouverture, reponses, egaux, .. } = *proposition;
    let besoin = Taxonomie::get().besoin(proposition.besoin);
    let asked = recherche.contraintes;
    let creneaux = asked.creneaux.iter().filter(move |creneau| drapeaux.has_creneau(**creneau)).map(|creneau| creneau.label());
    let intervention = asked.intervention.filter(|intervention| drapeaux.has_intervention(*intervention));
    let disponibilite = drapeaux.disponibilite();
    let first = [
        Some(if is_neighbour { Raison::NeDessertPas(recherche.commune) } else { Raison::Dessert(recherche.commune) }),
        besoin.map(if proposition.is_proche { Raison::Proche } else { Raison::Repond }),
        (reponses > 1).then_some(Raison::Plusieurs(reponses)),
        (drapeaux.mode() == Mode::ADistance).then_some(Raison::ADistance),
        proposition.distance_m.map(Raison::Distance),
        (ouverture != Ouverture::Inconnue).then_some(Raison::Ouverture(ouverture)),
        (disponibilite != Disponibilite::Inconnue).then_some(Raison::Disponibilite(disponibilite)),
    ];
    let conditions = creneaux.chain(intervention.map(|intervention| intervention.label())).map(Raison::Condition);
    first.into_iter().flatten().chain(conditions).chain((egaux > 1).then_some(Raison::Egaux(egaux)))
}
