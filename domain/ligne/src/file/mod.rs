//! The queue: all those who wait for an answer, whatever the door they came by, in the order of what they were promised.

mod pages;
pub mod rules;

use accueil::en_ligne::cle_de_demande;
use accueil::prise_en_charge::storage::{A_CHOISIR, EN_RETARD, list_prises as list_prises_en_charge};
use accueil::sans_solution::storage::list_lignes;
use accueil::storage::{DemandeEnAttente, list_en_attente};
use kit::routes::Routes;
use kit::{Id, Instant, Result};
use territoire::Territoire;

use crate::Ligne;
use crate::model::NatureMessage;
use crate::storage::{MessageListe, list_waiting};
use rules::promesse;

pub fn routes(ligne: Ligne) -> Routes {
    pages::routes(ligne)
}

/// Somebody, or something, that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnAttente {
    pub objet: Objet,
    pub recue_at: Instant,
    /// When an answer was promised.
    pub promesse: Instant,
}

/// What waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Objet {
    Message {
        id: Id,
        nature: NatureMessage,
    },
    Demande(DemandeEnAttente),
    /// A demande on which something happened, or should have: what, in words.
    Suite {
        demande: Id,
        numero: i64,
        quoi: String,
    },
}

impl Objet {
    /// What the lock is on.
    pub fn cle(&self) -> String {
        match self {
            Self::Message { id, .. } => cle_de_message(*id),
            Self::Demande(demande) => cle_de_demande(demande.id),
            Self::Suite { demande, .. } => cle_de_demande(*demande),
        }
    }
}

/// What the lock of a message is on.
pub fn cle_de_message(message: Id) -> String {
    format!("message-{message}")
}

/// As many as a team sees in a week: more is another trouble than the order of a list.
const SHOWN: i64 = 300;

/// All those who wait, the most pressing promise first.
pub async fn list_file(ligne: &Ligne, territoire: &Territoire, now: Instant) -> Result<Vec<EnAttente>> {
    let accueil = &ligne.accueil;
    let messages = list_waiting(&accueil.db, &accueil.coffre, territoire.id, SHOWN).await?;
    let demandes = list_en_attente(&accueil.db, territoire.id, SHOWN).await?;
    let of_message = |one: MessageListe| EnAttente {
        objet: Objet::Message { id: one.id, nature: one.nature },
        recue_at: one.received_at,
        promesse: promesse(&territoire.ligne, one.received_at, accueil::Urgence::Semaine),
    };
    let of_demande = |one: DemandeEnAttente| EnAttente {
        recue_at: one.received_at,
        promesse: one.promesse.unwrap_or_else(|| promesse(&territoire.ligne, one.received_at, one.urgence)),
        objet: Objet::Demande(one),
    };
    let mut file: Vec<EnAttente> = messages.into_iter().map(of_message).chain(demandes.into_iter().map(of_demande)).collect();
    file.extend(list_suites(ligne, territoire, now).await?);
    file.sort_by_key(|one| (one.promesse, one.recue_at));
    Ok(merge(file))
}

/// One line a person: what else happened on the same demande is said with what presses most.
fn merge(file: Vec<EnAttente>) -> Vec<EnAttente> {
    let mut merged: Vec<EnAttente> = vec![];
    for one in file {
        let same = merged.iter_mut().find(|known| known.objet.cle() == one.objet.cle());
        match (same, &one.objet) {
            (None, _) => merged.push(one),
            (Some(EnAttente { objet: Objet::Suite { quoi, .. }, .. }), Objet::Suite { quoi: more, .. }) => {
                *quoi = format!("{quoi} ; {more}")
            }
            (Some(_), _) => {}
        }
    }
    merged
}

/// Structures that stay silent or are interested, and services that opened for somebody who had no solution.
async fn list_suites(ligne: &Ligne, territoire: &Territoire, now: Instant) -> Result<Vec<EnAttente>> {
    let db = &ligne.accueil.db;
    let mut suites = vec![];
    for (filtre, what) in [(EN_RETARD, "n’a pas répondu à temps"), (A_CHOISIR, "est prête à aider, la personne est à rappeler")] {
        for one in list_prises_en_charge(db, territoire.id, filtre, now).await? {
            let quoi = format!("{} {what}", one.structure_nom);
            let objet = Objet::Suite { demande: one.demande_id.parse()?, numero: one.numero, quoi };
            suites.push(EnAttente { objet, recue_at: Instant(one.envoyee_at), promesse: Instant(one.due_at) });
        }
    }
    for one in list_lignes(db, territoire.id).await?.into_iter().filter(|one| one.is_joignable) {
        let Some(structure) = one.levee else { continue };
        let objet = Objet::Suite { demande: one.demande, numero: one.numero, quoi: format!("{structure} répond désormais à ce besoin") };
        suites.push(EnAttente { objet, recue_at: one.received_at, promesse: now });
    }
    Ok(suites)
}
