//! Passkeys (WebAuthn): a key held by a telephone, a computer or a security key, which checks its owner itself.
//! User verification is required: one gesture is both proofs.

use std::sync::Arc;

use anyhow::Context;
use kit::Result;
use serde::{Serialize, de::DeserializeOwned};
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    CredentialID, DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Webauthn,
    WebauthnBuilder,
};
use webauthn_rs_proto::ResidentKeyRequirement;

/// The passkeys of one site; cloning shares it.
#[derive(Clone, Debug)]
pub struct Passkeys(Arc<Webauthn>);

/// The first half of a ceremony: what the browser is asked, and what is kept until it answers.
#[derive(Clone, Debug)]
pub struct Debut {
    /// JSON for `navigator.credentials`.
    pub demande: String,
    pub etat: String,
}

/// A passkey just made.
#[derive(Clone, Debug)]
pub struct Creee {
    /// By which it is found again.
    pub identifiant: String,
    /// Its public part.
    pub donnees: String,
}

/// What an answer claims, before it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pretention {
    pub compte: Uuid,
    pub identifiant: String,
}

impl Passkeys {
    /// For the site reached at `origine`: its host is the name that passkeys are tied to. Fails on an address that is no site.
    pub fn new(origine: &Url) -> anyhow::Result<Self> {
        let host = origine.host_str().context("une adresse de site a un nom")?;
        let webauthn = WebauthnBuilder::new(host, origine).context("les clés d’accès")?.rp_name("Maillage").build()?;
        Ok(Self(Arc::new(webauthn)))
    }

    /// Asks a browser for a new passkey. `known`: those the account already has, which a device then does not offer again.
    pub fn start_creation(&self, compte: Uuid, (courriel, nom): (&str, &str), known: &[String]) -> Result<Debut> {
        let known = known.iter().map(|text| read_identifiant(text)).collect::<Result<Vec<_>>>()?;
        let (mut asked, etat) = self.0.start_passkey_registration(compte, courriel, nom, Some(known)).map_err(anyhow::Error::from)?;
        // One signs in without typing an address: the device itself must remember whose key it is.
        if let Some(selection) = &mut asked.public_key.authenticator_selection {
            selection.resident_key = Some(ResidentKeyRequirement::Required);
            selection.require_resident_key = true;
        }
        Ok(Debut { demande: write(&asked)?, etat: write(&etat)? })
    }

    /// The passkey that a browser has made; none when the answer is not what was asked.
    pub fn finish_creation(&self, reponse: &str, etat: &str) -> Result<Option<Creee>> {
        let Ok(reponse) = serde_json::from_str::<RegisterPublicKeyCredential>(reponse) else { return Ok(None) };
        let Ok(passkey) = self.0.finish_passkey_registration(&reponse, &read::<PasskeyRegistration>(etat)?) else { return Ok(None) };
        Ok(Some(Creee { identifiant: write(passkey.cred_id())?, donnees: write(&passkey)? }))
    }

    /// Asks a browser for any passkey of this site.
    pub fn start_connexion(&self) -> Result<Debut> {
        let (mut asked, etat) = self.0.start_discoverable_authentication().map_err(anyhow::Error::from)?;
        // Asked for by a button, not offered under a field.
        asked.mediation = None;
        Ok(Debut { demande: write(&asked)?, etat: write(&etat)? })
    }

    /// Whose passkey an answer says it is: to be looked up, then verified.
    pub fn read_pretention(&self, reponse: &str) -> Option<Pretention> {
        let reponse: PublicKeyCredential = serde_json::from_str(reponse).ok()?;
        let (compte, identifiant) = self.0.identify_discoverable_authentication(&reponse).ok()?;
        let identifiant = write(&CredentialID::from(identifiant.to_vec())).ok()?;
        Some(Pretention { compte, identifiant })
    }

    /// Verifies an answer against the passkey it claims: its data, brought up to date; none when it is refused.
    pub fn finish_connexion(&self, reponse: &str, (etat, donnees): (&str, &str)) -> Result<Option<String>> {
        let Ok(reponse) = serde_json::from_str::<PublicKeyCredential>(reponse) else { return Ok(None) };
        let mut passkey: Passkey = read(donnees)?;
        let etat: DiscoverableAuthentication = read(etat)?;
        let Ok(verdict) = self.0.finish_discoverable_authentication_v2(&reponse, etat, &passkey) else {
            return Ok(None);
        };
        if !verdict.user_verified() {
            return Ok(None);
        }
        passkey.update_credential(&verdict);
        Ok(Some(write(&passkey)?))
    }
}

fn read_identifiant(text: &str) -> Result<CredentialID> {
    read(text)
}

fn write<T: Serialize>(value: &T) -> Result<String> {
    Ok(serde_json::to_string(value).map_err(anyhow::Error::from)?)
}

/// What this program wrote itself.
fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).context("a passkey of the database").map_err(kit::Error::from)
}
