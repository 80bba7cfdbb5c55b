//! Who is there and what they may do: a visitor of a territoire, or somebody of its team who has signed in.
//! Every handler takes one of them first, and so states who may call it: `Visite` (anybody), `Autorise<Permission>` (team).
//! Accounts and roles belong to one territoire; a session ends after half an hour idle, twelve hours at most, or at once
//! when its account is closed. One comes in by a password, a link sent by e-mail, a passkey or an identity
//! provider. The whole of who may do what is in `rules::droits`.
//! Public face: `Comptes`, `Exterieur`, `Visite`, `Autorise`, `Equipier`, `permission`, `Menu`, `Role`, `Gardien`, `Lettre`, `routes`, `storage::insert_compte`.

mod acces;
mod courrier;
mod exterieur;
mod gardien;
mod hachoir;
mod menu;
mod model;
mod pages;
pub mod permission;
pub mod rules;
mod secret;
pub mod storage;
#[cfg(test)]
mod tests;

pub use acces::{Autorise, Equipier, Visite, site};
pub use courrier::Lettre;
pub use exterieur::Exterieur;
pub use gardien::{EnvoiRefuse, Gardien, PreuveInput};
pub use menu::Menu;
pub use model::{CleAcces, Compte, Droit, Moyen, Role, SessionOuverte};
pub use pages::routes;

use std::sync::{Arc, OnceLock};

use kit::{Clock, Coffre, Db, Frein};
use territoire::Territoires;

use hachoir::Hachoir;

/// What this room needs to work; cloning shares it.
#[derive(Clone, Debug)]
pub struct Comptes {
    pub db: Db,
    pub clock: Clock,
    pub territoires: Territoires,
    hachoir: Hachoir,
    /// Wrong passwords and wrong codes, by account.
    essais: Arc<Frein>,
    coffre: Coffre,
    second_facteur: SecondFacteur,
    /// Links asked for by e-mail, by account.
    liens: Arc<Frein>,
    /// None until the program knows where people reach it.
    exterieur: Arc<OnceLock<Exterieur>>,
    /// Watches the forms that anybody can send.
    pub gardien: Gardien,
}

/// Whether roles that read what people confided need a second proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFacteur {
    Exige,
    /// For the demo and for trials: only those who have set one are asked for it.
    Facultatif,
}

/// Wrong passwords for one account in an hour.
const ESSAIS_PAR_HEURE: u32 = 5;
/// Links asked for one account in an hour.
const LIENS_PAR_HEURE: u32 = 5;

impl Comptes {
    pub fn new(db: Db, clock: Clock, territoires: Territoires, (coffre, second_facteur): (Coffre, SecondFacteur)) -> Self {
        let essais = Arc::new(Frein::new(ESSAIS_PAR_HEURE, 3_600));
        let liens = Arc::new(Frein::new(LIENS_PAR_HEURE, 3_600));
        Self {
            db,
            clock,
            territoires,
            hachoir: Hachoir::start(),
            essais,
            coffre,
            second_facteur,
            liens,
            exterieur: Arc::default(),
            gardien: Gardien::default(),
        }
    }
}
