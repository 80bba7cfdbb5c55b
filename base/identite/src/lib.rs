//! Who somebody is, when something else than a password says so: a passkey held by their device, or an OpenID Connect provider.
//! The heavy libraries live alone here. Nothing is stored: each half of a ceremony gives the texts to keep until the other,
//! and time comes in by the door.
//! Public face: `passkey::Passkeys`, `fournisseur::Fournisseur`.

pub mod fournisseur;
pub mod passkey;
