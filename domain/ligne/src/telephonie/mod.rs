//! What is agreed with the platform of telephony: whose account, and the secret that signs what it sends.

use std::fmt;

/// An account at a platform that speaks TwiML.
#[derive(Clone, PartialEq, Eq)]
pub struct Telephonie {
    /// The account, as the platform names it.
    pub compte: String,
    /// Signs what the platform sends, and opens its API.
    pub jeton: String,
    /// `https://ligne.example.org`: what the platform calls, and signs with the rest.
    pub origine: String,
}

/// Without the secret.
impl fmt::Debug for Telephonie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telephonie").field("compte", &self.compte).field("origine", &self.origine).finish_non_exhaustive()
    }
}
