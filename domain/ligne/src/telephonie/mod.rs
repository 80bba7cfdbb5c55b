//! What is agreed with the platform of telephony: whose account, and the secret that signs what it sends.

mod appel;
mod paroles;
mod releve;
mod signature;
mod twiml;

use std::fmt;

use kit::routes::Routes;

use crate::Ligne;

pub(crate) use appel::{answer, find_territoire};
pub use releve::Releve;
pub use signature::{Parametres, Signe, sign};
pub(crate) use twiml::Twiml;

/// What the platform calls: no territoire in the address, the number called says which.
pub fn routes(ligne: Ligne) -> Routes {
    Routes::new()
        .post("/telephonie/appel", appel::show_appel)
        .post("/telephonie/suite", appel::show_suite)
        .post("/telephonie/enregistrement", appel::create_enregistrement)
        .post("/telephonie/etat", appel::create_etat)
        .post("/telephonie/message", crate::sms::receive)
        .with_state(ligne)
}
/// An account at a platform that speaks TwiML.
#[derive(Clone, PartialEq, Eq)]
pub struct Telephonie {
    /// The account, as the platform names it.
    pub compte: String,
    /// Signs what the platform sends, and opens its API.
    pub jeton: String,
    /// `https://ligne.example.org`: what the platform calls, and signs with the rest.
    pub origine: String,
    /// The platform's own API: `https://api.twilio.com`.
    pub serveur: String,
    /// What one part of an SMS costs, in ten-thousandths of a euro.
    pub prix_sms: i64,
}

impl Telephonie {
    /// Where a recording is fetched from: made from its name, whatever address the hook gives, so that our password goes to the
    /// platform only. None when the name is not one.
    pub fn href_enregistrement(&self, recording: &str) -> Option<String> {
        let is_name = !recording.is_empty() && recording.len() <= 64 && recording.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_name.then(|| format!("{}/2010-04-01/Accounts/{}/Recordings/{recording}.mp3", self.serveur, self.compte))
    }
}

/// Without the secret.
impl fmt::Debug for Telephonie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telephonie")
            .field("compte", &self.compte)
            .field("origine", &self.origine)
            .field("serveur", &self.serveur)
            .finish_non_exhaustive()
    }
}
