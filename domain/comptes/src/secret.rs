//! What nobody may guess, and what is kept of it: passwords as argon2id, tokens as a fingerprint.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use kit::Result;
use sha2::{Digest, Sha256};

use crate::Comptes;

/// A hash that no password matches: an unknown account takes the same time as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGlzIGhlcmU$2Hn0TLvQPHXnWGCB0rCnvSMKIPFyQgeyHXTQZwTZJ0Q";

/// The stored form of a password. Slow on purpose: `Comptes::hash` where others wait.
pub(crate) fn hash(password: &str) -> Result<String> {
    Ok(Argon2::default().hash_password(password.as_bytes()).map_err(|error| anyhow::anyhow!("argon2: {error}"))?.to_string())
}

/// 256 random bits, for a cookie or a link.
pub(crate) fn new_token() -> Result<String> {
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random).map_err(|error| anyhow::anyhow!("random: {error}"))?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// What is stored of a token: whoever reads the database cannot sign in with it.
pub(crate) fn fingerprint(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Comptes {
    /// Whether a password is that of a stored hash; `None` stands for an account that is unknown, closed or without
    /// password, and takes the same time. Queues behind other sign-ins.
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

    /// The stored form of a new password; queues behind sign-ins.
    pub(crate) async fn hash(&self, password: String) -> Result<String> {
        let _turn = self.hashing.acquire().await.map_err(anyhow::Error::from)?;
        tokio::task::spawn_blocking(move || hash(&password)).await.map_err(anyhow::Error::from)?
    }
}
