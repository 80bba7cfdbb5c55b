//! Census campaigns (seed 002: « une connaissance fine de l’offre »): structures are asked whether their record is right, answer
//! by a link without an account, are reminded, then called. Who answered is read from the verifications of the records, whoever
//! wrote them: a call counts as much as a link.

mod lettres;
pub mod regles;

use kit::{Id, Instant, codes};

pub use lettres::{remind_all, send};

use crate::Categorie;

codes! {
    /// What a campaign asks to read again.
    pub enum ARelire {
        Contact = "contact" => "comment vous joindre",
        Adresse = "adresse" => "votre adresse",
        Horaires = "horaires" => "vos horaires",
        Services = "services" => "ce que vous proposez",
        Communes = "communes" => "les communes que vous desservez",
        Places = "places" => "vos places et vos délais",
        Prix = "prix" => "vos prix",
    }
}

/// « vos horaires, vos prix »; none: the whole record.
pub fn name_a_relire(points: &[ARelire]) -> Option<String> {
    (!points.is_empty()).then(|| points.iter().map(|one| one.label()).collect::<Vec<_>>().join(", "))
}

/// A campaign, as it was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campagne {
    pub id: Id,
    pub titre: String,
    /// What the coordination writes to the structures.
    pub message: String,
    /// None: the whole record.
    pub a_relire: Vec<ARelire>,
    /// Reminders at most.
    pub relances: u32,
    /// Days between two letters.
    pub relance_jours: u32,
    pub created_at: Instant,
    pub envoyee_at: Option<Instant>,
    pub close_at: Option<Instant>,
}

/// Which structures a campaign writes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cible {
    /// None: every kind.
    pub categories: Vec<Categorie>,
    /// Only those that nobody confirmed since this moment.
    pub avant: Option<Instant>,
    /// Only those of these communes; none: everywhere.
    pub communes: Vec<String>,
    /// Only those whose record misses something that matters (`qualite`).
    pub a_completer: bool,
}

/// A structure of a campaign, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destinataire {
    pub structure: Id,
    pub nom: String,
    /// Its référent·e's address, else its own.
    pub courriel: Option<String>,
    pub telephone: Option<String>,
    /// Letters written to it, the last one at `ecrite_at`.
    pub lettres: u32,
    pub ecrite_at: Option<Instant>,
    /// Said right since the campaign began.
    pub repondue_at: Option<Instant>,
}

/// Where a campaign stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Avancee {
    pub structures: usize,
    pub ecrites: usize,
    pub repondues: usize,
    /// Without an address: only a call reaches them.
    pub sans_adresse: usize,
}

/// Days during which a link of a letter opens the record.
pub const LIEN_JOURS: i64 = 45;
