//! Passwords: argon2id, length over composition.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use kit::Result;

use crate::Comptes;

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefused {
    #[error("le mot de passe doit avoir au moins 15 caractères : une phrase de quelques mots convient très bien")]
    TooShort,
    #[error("le mot de passe dépasse 200 caractères")]
    TooLong,
}

/// What a new password must be.
pub fn check_password(password: &str) -> Result<(), PasswordRefused> {
    match password.chars().count() {
        0..15 => Err(PasswordRefused::TooShort),
        15..=200 => Ok(()),
        _ => Err(PasswordRefused::TooLong),
    }
}

/// The stored form of a password.
pub(crate) fn hash(password: &str) -> Result<String> {
    Ok(Argon2::default().hash_password(password.as_bytes()).map_err(|error| anyhow::anyhow!("argon2: {error}"))?.to_string())
}

/// A hash that no password matches: an unknown account takes the same time as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGlzIGhlcmU$2Hn0TLvQPHXnWGCB0rCnvSMKIPFyQgeyHXTQZwTZJ0Q";

impl Comptes {
    /// Whether a password is that of a stored hash; `None` stands for an unknown account. Queues behind other sign-ins.
    pub(crate) async fn verify(&self, password: String, stored: Option<String>) -> Result<bool> {
        let _turn = self.hashing.acquire().await.map_err(anyhow::Error::from)?;
        let verdict = tokio::task::spawn_blocking(move || {
            let known = stored.is_some();
            let text = stored.unwrap_or_else(|| NOBODY.to_string());
            let matches = PasswordHash::new(&text).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
            known && matches
        });
        Ok(verdict.await.map_err(anyhow::Error::from)?)
    }
}
