//! Who is there: a visitor of a territoire, or somebody of its team who has signed in.
//! Every handler takes one of the two and so states who may call it: `Visite` (anybody) or `Equipier` (signed in).
//! First shape: one account per person and territoire, a password (argon2id), a session of twelve hours at most.
//! Public face: `Comptes`, `Visite`, `Equipier`, `Menu`, `routes`, `storage::insert_compte`.

mod context;
mod pages;
mod password;
pub mod storage;
#[cfg(test)]
mod tests;

pub use context::{Equipier, Menu, Visite, site};
pub use pages::routes;
pub use password::{PasswordRefused, check_password};

use std::sync::Arc;

use kit::{Clock, Db};
use territoire::Territoires;
use tokio::sync::Semaphore;

/// What this room needs to work; cloning shares it.
#[derive(Clone, Debug)]
pub struct Comptes {
    pub db: Db,
    pub clock: Clock,
    pub territoires: Territoires,
    /// Argon2 is heavy on purpose: two at once, so that sign-ins never stop the pages.
    hashing: Arc<Semaphore>,
}

const HASHES_AT_ONCE: usize = 2;

impl Comptes {
    pub fn new(db: Db, clock: Clock, territoires: Territoires) -> Self {
        Self { db, clock, territoires, hashing: Arc::new(Semaphore::new(HASHES_AT_ONCE)) }
    }
}
