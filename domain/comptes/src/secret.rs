//! What nobody may guess, and what is kept of it: passwords as argon2id, tokens as a fingerprint.

use std::cell::RefCell;

use argon2::password_hash::PasswordHasher;
use argon2::password_hash::phc::{Output, PasswordHash};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use kit::Result;
pub(crate) use kit::secret::fingerprint;
use kit::secret::{hex, random};

use crate::Comptes;

/// A hash that no password matches: an unknown account takes the same time as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGlzIGhlcmU$2Hn0TLvQPHXnWGCB0rCnvSMKIPFyQgeyHXTQZwTZJ0Q";

/// The stored form of a password. Slow on purpose: `Comptes::hash` where others wait.
pub(crate) fn hash(password: &str) -> Result<String> {
    Ok(Argon2::default().hash_password(password.as_bytes()).map_err(|error| anyhow::anyhow!("argon2: {error}"))?.to_string())
}

/// 256 random bits, for a cookie or a link.
pub(crate) fn new_token() -> Result<String> {
    Ok(hex(&random::<32>()?))
}

thread_local! {
    /// What Argon2 fills, kept from one password to the next: given back and taken again, it would be 19 MiB more each time.
    static MEMORY: RefCell<Vec<Block>> = const { RefCell::new(vec![]) };
}

/// Whether a stored hash is that of a password, with the cost it was made at.
fn is_hash_of(password: &[u8], stored: &str) -> bool {
    let Ok(hash) = PasswordHash::new(stored) else { return false };
    let (Ok(params), Some(salt), Some(expected)) = (Params::try_from(&hash), hash.salt, hash.hash) else { return false };
    if hash.algorithm != Algorithm::Argon2id.ident() || hash.version != Some(Version::V0x13.into()) {
        return false;
    }
    let mut found = vec![0; expected.len()];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let filled = MEMORY.with_borrow_mut(|memory| {
        memory.resize(memory.len().max(argon.params().block_count()), Block::new());
        argon.hash_password_into_with_memory(password, &salt, &mut found, memory)
    });
    // Compared in a time that does not depend on where they differ.
    filled.is_ok() && Output::new(&found).is_ok_and(|found| found == expected)
}

/// The fingerprint of a token, for one usage only: one given for a thing finds nothing else.
pub(crate) fn fingerprint_for(usage: &str, token: &str) -> String {
    fingerprint(&format!("{usage} {token}"))
}

impl Comptes {
    /// Whether a password is that of a stored hash; `None` stands for an account that is unknown, closed or without
    /// password, and takes the same time. Queues behind other sign-ins.
    pub(crate) async fn verify(&self, password: String, stored: Option<String>) -> Result<bool> {
        let verdict = self.hachoir.run(move || {
            let known = stored.is_some();
            let text = stored.unwrap_or_else(|| NOBODY.to_string());
            let matches = is_hash_of(password.as_bytes(), &text);
            known && matches
        });
        verdict.await
    }

    /// The stored form of a new password; queues behind sign-ins.
    pub(crate) async fn hash(&self, password: String) -> Result<String> {
        self.hachoir.run(move || hash(&password)).await?
    }
}
