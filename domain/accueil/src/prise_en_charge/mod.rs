//! Who takes a person in charge (seed 003, action 21: « avec la garantie qu’elles soient prises en compte »): one or several structures
//! are asked for one need, each by a link of its own; a clock runs; silence is reminded, then told to the coordination, never forgotten.
//! Who the person is, a structure learns only with the person's agreement, once retained, in a browser that gave back the code sent to
//! its own address: a letter that was forwarded shows a need and a commune, and takes an answer, nothing more.

mod acte;
mod lettres;
mod passage;
mod preuve;
pub mod rules;
pub mod storage;

use kit::{Id, Instant, codes};

pub use acte::{Envoi, Reponse, Resultat, answer, choose, close_others, is_asked, send, withdraw, withdraw_all};
pub(crate) use lettres::list_coordination;
pub use passage::{Bilan, keep_watch, pass};
pub use preuve::{JOURS_NAVIGATEUR, PreuveRefusee, check_preuve, is_proved, send_preuve};

codes! {
    /// Where a structure asked stands.
    pub enum Etat {
        Envoyee = "envoyee" => "envoyée",
        Vue = "vue" => "vue",
        Acceptee = "acceptee" => "intéressée",
        Retenue = "retenue" => "prend la personne en charge",
        Refusee = "refusee" => "ne peut pas",
        Close = "close" => "close : une autre structure aide la personne",
        Retiree = "retiree" => "retirée",
    }
}

impl Etat {
    /// An answer is awaited.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Envoyee | Self::Vue)
    }

    /// The structure helps, or would.
    pub fn is_willing(self) -> bool {
        matches!(self, Self::Acceptee | Self::Retenue)
    }
}

codes! {
    /// Why a structure cannot.
    pub enum MotifRefus {
        PasDePlace = "pas_de_place" => "plus de place",
        HorsZone = "hors_zone" => "trop loin, hors de notre zone",
        HorsChamp = "hors_champ" => "nous ne faisons pas cela",
        Horaires = "horaires" => "pas à ces jours ou à ces heures",
        Public = "public" => "pas pour ces personnes",
        Autre = "autre" => "autre raison",
    }
}

codes! {
    /// Who said what a structure answers.
    pub enum Repondant {
        Structure = "structure" => "par la structure",
        Equipe = "equipe" => "par l’équipe, au téléphone",
    }
}

/// A structure asked for one need of one demande.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriseEnCharge {
    pub id: Id,
    pub demande_id: Id,
    pub structure_id: Id,
    pub service_id: Id,
    /// The name of that day.
    pub structure_nom: String,
    pub besoin: String,
    pub etat: Etat,
    pub envoyee_at: Instant,
    /// First opening of the link.
    pub vue_at: Option<Instant>,
    pub ouvertures: i64,
    pub repondue_at: Option<Instant>,
    pub repondant: Option<Repondant>,
    pub motif: Option<MotifRefus>,
    pub rappel_at: Instant,
    pub echeance_at: Instant,
    pub relance_at: Option<Instant>,
    pub escalade_at: Option<Instant>,
    /// Letters with a link were written to it: without an address, it is called.
    pub has_lien: bool,
    /// Fingerprint of the code in force, when it was sent, wrong tries, codes sent in all.
    pub(crate) preuve: Option<(String, Instant)>,
    pub(crate) preuve_essais: i64,
    pub(crate) preuve_envois: i64,
    /// Fingerprint of what the proved browser holds.
    pub(crate) navigateur: Option<String>,
}
