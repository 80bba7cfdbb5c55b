//! What anybody says of a record without an account: an error, or a structure that asks to be listed. The structure or the
//! coordination accepts, seeing what would change, or refuses.

pub mod regles;

use kit::{Id, Instant, codes};
use serde::{Deserialize, Serialize};

use crate::Categorie;

codes! {
    /// What is said to be wrong in a record.
    pub enum Objet {
        Telephone = "telephone" => "le téléphone",
        Courriel = "courriel" => "le courriel",
        SiteWeb = "site_web" => "le site",
        Horaires = "horaires" => "les horaires",
        Adresse = "adresse" => "l’adresse",
        Services = "services" => "ce qu’elle fait ou les communes qu’elle dessert",
        Fermee = "fermee" => "elle n’existe plus",
        Autre = "autre" => "autre chose",
    }
}

codes! {
    /// Where a suggestion stands.
    pub enum Suite {
        ATraiter = "a_traiter" => "à traiter",
        Acceptee = "acceptee" => "acceptée",
        Refusee = "refusee" => "refusée",
    }
}

/// A structure that asks to be listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inscription {
    pub nom: String,
    pub categorie: Categorie,
    /// INSEE code.
    pub commune: String,
    pub telephone: Option<String>,
    pub courriel: Option<String>,
    pub site_web: Option<String>,
    /// What it does and where, in its words.
    pub description: String,
}

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parole {
    Erreur { structure: Id, objet: Objet, valeur: String },
    Inscription(Inscription),
}

/// A suggestion, as it waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    pub id: Id,
    pub parole: Parole,
    pub created_at: Instant,
    pub suite: Suite,
}

/// A suggestion that somebody answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traitee {
    pub objet: Objet,
    pub valeur: String,
    pub suite: Suite,
    pub raison: Option<String>,
    pub at: Instant,
    /// The account that answered; none: it was deleted.
    pub par: Option<String>,
}

impl Traitee {
    /// « Le site, « https://… » : refusée le 3 mars par Camille Renard. Ce n’est pas notre site. »
    pub fn describe(&self, now: Instant) -> String {
        let (objet, suite) = (ui::format::phrase(self.objet.label()), self.suite.label());
        let said = if self.valeur.is_empty() { String::new() } else { format!(", « {} »", self.valeur) };
        let (quand, par) = (ui::format::moment(&self.at, &now), self.par.as_deref().unwrap_or("un compte supprimé"));
        let why = self.raison.as_deref().map(|raison| format!(" {}", ui::format::phrase(raison)));
        format!("{}{said} : {suite} le {quand}, par {par}.{}", objet.trim_end_matches('.'), why.unwrap_or_default())
    }
}
