//! What lies beyond the program: where people reach it, whether it sends e-mail, and who else vouches for an identity.
//! Known once the program has read its settings; without it, passwords and codes go on alone.

use identite::fournisseur::Fournisseur;
use identite::passkey::Passkeys;
use url::Url;

use crate::Comptes;

/// What the settings of the installation open.
#[derive(Clone, Debug)]
pub struct Exterieur {
    /// `https://ligne.example.org`, without a slash at the end: what links begin with, never what a request claims.
    pub origine: String,
    /// Messages written down do leave.
    pub envoie: bool,
    /// So do SMS.
    pub sms: bool,
    pub(crate) passkeys: Passkeys,
    pub(crate) fournisseur: Option<Fournisseur>,
}

impl Exterieur {
    /// Fails on an address that is not that of a site.
    pub fn new(origine: &str, envoie: bool, fournisseur: Option<Fournisseur>) -> anyhow::Result<Self> {
        let url = Url::parse(origine)?;
        let passkeys = Passkeys::new(&url)?;
        Ok(Self { origine: url.origin().ascii_serialization(), envoie, sms: false, passkeys, fournisseur })
    }

    pub fn with_sms(self, sms: bool) -> Self {
        Self { sms, ..self }
    }
}

impl Comptes {
    /// Says once, at start, what lies beyond; a second time changes nothing.
    pub fn reach(&self, exterieur: Exterieur) {
        let _ = self.exterieur.set(exterieur);
    }

    pub(crate) fn exterieur(&self) -> Option<&Exterieur> {
        self.exterieur.get()
    }

    /// Whether messages written down do leave.
    pub fn envoie(&self) -> bool {
        self.exterieur().is_some_and(|exterieur| exterieur.envoie)
    }

    /// Whether SMS written down do leave.
    pub fn envoie_sms(&self) -> bool {
        self.exterieur().is_some_and(|exterieur| exterieur.sms)
    }

    /// What links begin with, once the program knows where people reach it.
    pub fn origine(&self) -> Option<&str> {
        self.exterieur().map(|exterieur| exterieur.origine.as_str())
    }

    pub(crate) fn fournisseur(&self) -> Option<&Fournisseur> {
        self.exterieur()?.fournisseur.as_ref()
    }
}
