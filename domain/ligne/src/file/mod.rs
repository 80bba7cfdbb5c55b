//! The queue: all those who wait for an answer, whatever the door they came by, in the order of what they were promised.

mod pages;
pub mod rules;
mod storage;

use accueil::storage::{DemandeEnAttente, list_en_attente};
use kit::routes::Routes;
use kit::{Id, Instant, Result};
use territoire::Territoire;

use crate::Ligne;
use crate::model::NatureMessage;
use crate::storage::{MessageListe, list_waiting};
use rules::promesse;
pub use storage::{Prise, list_prises, release, take};

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
    Message { id: Id, nature: NatureMessage },
    Demande(DemandeEnAttente),
}

impl Objet {
    /// What the lock is on.
    pub fn cle(&self) -> String {
        match self {
            Self::Message { id, .. } => format!("message-{id}"),
            Self::Demande(demande) => format!("demande-{}", demande.id),
        }
    }
}

/// As many as a team sees in a week: more is another trouble than the order of a list.
const SHOWN: i64 = 300;

/// All those who wait, the most pressing promise first.
pub async fn list_file(ligne: &Ligne, territoire: &Territoire) -> Result<Vec<EnAttente>> {
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
        promesse: promesse(&territoire.ligne, one.received_at, one.urgence),
        objet: Objet::Demande(one),
    };
    let mut file: Vec<EnAttente> = messages.into_iter().map(of_message).chain(demandes.into_iter().map(of_demande)).collect();
    file.sort_by_key(|one| (one.promesse, one.recue_at));
    Ok(file)
}
