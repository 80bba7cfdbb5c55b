//! What the line keeps of those whom nobody answered: a voice, a missed call, an e-mail, until somebody has dealt with it.

use accueil::Canal;
use kit::{Id, Instant, codes};

codes! {
    /// What was left.
    pub enum NatureMessage {
        MessageVocal = "message_vocal" => "message vocal",
        AppelManque = "appel_manque" => "appel manqué",
        Courriel = "courriel" => "courriel",
    }
}

codes! {
    /// Why nothing follows a message.
    pub enum SansSuite {
        Rappele = "rappele" => "rappelé·e, rien à enregistrer",
        Injoignable = "injoignable" => "injoignable après plusieurs essais",
        DejaTraite = "deja_traite" => "déjà traité dans une autre demande",
        SansObjet = "sans_objet" => "faux numéro, démarchage, message vide",
    }
}

/// A message as it comes: from the platform of telephony, a mail box, a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NouveauMessage {
    pub territoire_id: Id,
    /// What names it where it comes from; the same twice is one message.
    pub cle: String,
    pub nature: NatureMessage,
    pub received_at: Instant,
    /// As the platform gives it, whatever its format; none when it is withheld.
    pub numero: Option<String>,
    /// Who wrote, for an e-mail.
    pub expediteur: Option<String>,
    pub texte: Option<String>,
    /// Seconds.
    pub duree: Option<i64>,
    pub son: NouveauSon,
}

/// The sound of a message that comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NouveauSon {
    Aucun,
    /// Still at the platform: fetched afterwards.
    AChercher(String),
    Recu {
        mime: String,
        contenu: Vec<u8>,
    },
    /// There was one, which is not kept; the sentence says why.
    Refuse(String),
}

/// The sound of a message as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Son {
    Aucun,
    EnChemin,
    Present {
        mime: String,
        taille: i64,
    },
    /// The sentence says why.
    Absent(String),
}

/// A message, its texts readable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub territoire_id: Id,
    pub id: Id,
    pub nature: NatureMessage,
    pub received_at: Instant,
    /// As people read it: « 06 12 34 56 78 »; none when it was withheld.
    pub numero: Option<String>,
    pub expediteur: Option<String>,
    pub texte: Option<String>,
    pub duree: Option<i64>,
    pub son: Son,
    /// None while somebody still has to deal with it.
    pub traite: Option<Traite>,
}

/// How a message was dealt with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traite {
    pub at: Instant,
    /// The account; none when the program found the demande by itself.
    pub par: Option<Id>,
    pub suite: Suite,
}

/// What came of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    Demande(Id),
    SansSuite(SansSuite),
}

impl Message {
    /// By which channel the demande that comes of it came.
    pub fn canal(&self) -> Canal {
        match self.nature {
            NatureMessage::MessageVocal => Canal::MessageVocal,
            NatureMessage::AppelManque => Canal::Telephone,
            NatureMessage::Courriel => Canal::Courriel,
        }
    }

    /// The key under which the call screen records the demande that comes of it.
    pub fn cle_de_demande(&self) -> String {
        format!("{CLE_DE_DEMANDE}{}", self.id)
    }
}

/// How these keys begin.
pub const CLE_DE_DEMANDE: &str = "message-";

/// A telephone that rings when somebody calls the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poste {
    pub id: Id,
    pub nom: String,
    /// As people read it.
    pub numero: String,
}
