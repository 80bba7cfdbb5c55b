//! Places, what was printed for them, and what was carried there and back.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kit::{Id, Instant, codes};
use territoire::CodeInsee;

codes! {
    /// What a place is: it says how many copies are proposed.
    pub enum NaturePoint {
        Ecole = "ecole" => "école",
        Mairie = "mairie" => "mairie",
        Commerce = "commerce" => "commerce",
        Cabinet = "cabinet" => "cabinet médical ou pharmacie",
        FranceServices = "france_services" => "France services",
        Autre = "autre" => "autre lieu",
    }
}

codes! {
    /// What was done with copies at a place.
    pub enum NatureMouvement {
        Livraison = "livraison" => "livraison",
        Reassort = "reassort" => "réassort",
        Retour = "retour" => "retour d’exemplaires restants",
    }
}

/// A place where copies are left, kept from one edition to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    pub id: Id,
    pub nom: String,
    pub nature: NaturePoint,
    pub commune: CodeInsee,
    pub adresse: Option<String>,
    /// Of a school, when they are known.
    pub eleves: Option<i32>,
    /// Name of its delivery round; empty when it has none.
    pub tournee: String,
    /// Its place in the round.
    pub ordre: i32,
    pub retire_at: Option<Instant>,
}

/// What was printed of one book.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tirage {
    pub exemplaires: i64,
    /// In cents, once the print shop has said.
    pub cout: Option<i64>,
}

/// Copies that were left at a place, or brought back from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mouvement {
    pub id: Id,
    pub point: Id,
    pub nature: NatureMouvement,
    pub exemplaires: i64,
    pub le: NaiveDate,
    pub auteur: Id,
    pub created_at: Instant,
}

/// What went to a place, and what came back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flux {
    /// Reorders included.
    pub livres: i64,
    pub repris: i64,
}

impl Flux {
    pub fn add(&mut self, nature: NatureMouvement, exemplaires: i64) {
        match nature {
            NatureMouvement::Livraison | NatureMouvement::Reassort => self.livres += exemplaires,
            NatureMouvement::Retour => self.repris += exemplaires,
        }
    }

    /// What the place still has, or has given to people.
    pub fn remis(self) -> i64 {
        self.livres - self.repris
    }
}

/// All that is known of the distribution of an edition.
#[derive(Clone, Debug, Default)]
pub struct Suivi {
    /// Those in use, and those that were: in the order of their rounds.
    pub points: Vec<Point>,
    /// By code of book, as `rules::zone` lists them.
    pub tirages: BTreeMap<String, Tirage>,
    pub previsions: BTreeMap<Id, i64>,
    pub flux: BTreeMap<Id, Flux>,
    /// In cents.
    pub budget: Option<i64>,
}
