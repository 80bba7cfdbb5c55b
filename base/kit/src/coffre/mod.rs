//! Short texts kept unreadable in the database: XChaCha20-Poly1305, several keys of which the newest encrypts and all open.
//! A text is tied to its place (table, column, territoire, row): moved elsewhere, it does not open.
//! Stored as `v1.<key id>.<base64url of nonce and ciphertext>`.

mod fichier;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use base64ct::{Base64UrlUnpadded, Encoding};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};

use hmac::{Hmac, Mac};

use crate::secret::{hex, random};
use crate::{Id, Result};

/// The keys of the program; cloning shares them.
#[derive(Clone)]
pub struct Coffre {
    /// Oldest first.
    cles: Arc<[Cle]>,
}

struct Cle {
    id: String,
    cipher: XChaCha20Poly1305,
    /// Makes fingerprints that nobody can make again without the file of keys.
    marque: [u8; KEY],
}

/// Where a sealed text stands.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub table: &'static str,
    pub colonne: &'static str,
    pub territoire: Id,
    pub id: Id,
}

/// Why a stored text does not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Illisible {
    #[error("ce n’est pas un texte chiffré : « maillage cles rechiffrer » chiffre ce qui ne l’est pas encore")]
    EnClair,
    #[error("la clé {0} manque dans le fichier des clés")]
    CleManquante(String),
    #[error("le texte a été altéré, coupé ou déplacé")]
    Altere,
}

/// Why a file of keys is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClesRefusees {
    #[error("aucune clé n’y figure : « maillage cles creer FICHIER » en crée une")]
    Aucune,
    #[error("ligne {0} : il faut un nom de clé, une espace, puis 32 octets en base64")]
    Ligne(usize),
    #[error("ligne {0} : ce nom de clé y est déjà")]
    Doublon(usize),
}

const VERSION: &str = "v1";
const KEY: usize = 32;
const NONCE: usize = 24;

impl Coffre {
    /// A key that leaves with the program: for the demo and for tests.
    pub fn ephemeral() -> Result<Self> {
        Ok(Self { cles: Arc::new([Cle::new("ephemere", random::<KEY>()?)]) })
    }

    /// The keys of a text: one per line, `id base64`, the newest last; `#` opens a comment.
    pub fn parse(text: &str) -> Result<Self, ClesRefusees> {
        let mut cles: Vec<Cle> = vec![];
        for (line, content) in
            (1..).zip(text.lines().map(str::trim)).filter(|(_, content)| !content.is_empty() && !content.starts_with('#'))
        {
            let cle = Cle::parse(content).ok_or(ClesRefusees::Ligne(line))?;
            if cles.iter().any(|known| known.id == cle.id) {
                return Err(ClesRefusees::Doublon(line));
            }
            cles.push(cle);
        }
        if cles.is_empty() { Err(ClesRefusees::Aucune) } else { Ok(Self { cles: cles.into() }) }
    }

    /// What is stored in the place of `text`: never twice the same.
    pub fn seal(&self, place: Place, text: &str) -> Result<String> {
        self.seal_bytes(place, text.as_bytes())
    }

    /// The same of what is no text: a sound.
    pub fn seal_bytes(&self, place: Place, content: &[u8]) -> Result<String> {
        let newest = self.cles.last().ok_or_else(|| anyhow::anyhow!("no key"))?;
        let nonce = random::<NONCE>()?;
        let bound = place.bound();
        let payload = Payload { msg: content, aad: bound.as_bytes() };
        let sealed = newest.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| anyhow::anyhow!("encryption of {place:?}"))?;
        let body = Base64UrlUnpadded::encode_string(&[nonce.as_slice(), &sealed].concat());
        Ok(format!("{VERSION}.{}.{body}", newest.id))
    }

    /// The text that was sealed in this place.
    pub fn open(&self, place: Place, stored: &str) -> Result<String, Illisible> {
        String::from_utf8(self.open_bytes(place, stored)?).map_err(|_| Illisible::Altere)
    }

    /// The content that was sealed in this place.
    pub fn open_bytes(&self, place: Place, stored: &str) -> Result<Vec<u8>, Illisible> {
        let (id, body) = split(stored).ok_or(Illisible::EnClair)?;
        let cle = self.cles.iter().find(|cle| cle.id == id).ok_or_else(|| Illisible::CleManquante(id.to_string()))?;
        let bytes = Base64UrlUnpadded::decode_vec(body).map_err(|_| Illisible::Altere)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>().ok_or(Illisible::Altere)?;
        let bound = place.bound();
        let payload = Payload { msg: sealed, aad: bound.as_bytes() };
        cle.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| Illisible::Altere)
    }

    /// What is compared of a text that is too short to hide behind a plain fingerprint, such as a telephone number. Made with the
    /// oldest key, so that it stays the same when a key is added: taking the oldest away from the file forgets who said STOP.
    pub fn stamp(&self, usage: &'static str, territoire: Id, text: &str) -> Result<String> {
        let oldest = self.cles.first().ok_or_else(|| anyhow::anyhow!("no key"))?;
        oldest.stamp(&format!("{usage}/{territoire}/{text}"))
    }

    /// The same of a secret of one row, such as a code read over the telephone. One for each key, the newest last: the last one is
    /// stored, all are looked for.
    pub fn fingerprints(&self, place: Place, secret: &str) -> Result<Vec<String>> {
        let bound = format!("{}/{secret}", place.bound());
        self.cles.iter().map(|cle| Ok(format!("{}.{}", cle.id, cle.stamp(&bound)?))).collect()
    }

    /// How a text sealed with the newest key begins.
    pub fn newest_prefix(&self) -> String {
        format!("{VERSION}.{}.", self.cles.last().map(|cle| cle.id.as_str()).unwrap_or_default())
    }

    /// Whether this has the shape of a sealed text.
    pub fn is_sealed(stored: &str) -> bool {
        split(stored).is_some()
    }
}

/// Keys are never written, in a log or elsewhere.
impl fmt::Debug for Coffre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Coffre").field("cles", &self.cles.iter().map(|cle| cle.id.as_str()).collect::<Vec<_>>()).finish()
    }
}

impl Cle {
    fn parse(line: &str) -> Option<Self> {
        let (id, key) = line.split_once(' ')?;
        let is_plain = id.len() <= 20 && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let key: [u8; KEY] = base64ct::Base64::decode_vec(key.trim()).ok()?.try_into().ok()?;
        (is_plain && !id.is_empty()).then(|| Self::new(id, key))
    }

    /// Nobody makes it again without the file of keys.
    fn stamp(&self, text: &str) -> Result<String> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.marque).map_err(|error| anyhow::anyhow!("stamp: {error}"))?;
        mac.update(text.as_bytes());
        Ok(hex(&mac.finalize().into_bytes()))
    }

    fn new(id: &str, key: [u8; KEY]) -> Self {
        let marque = Sha256::new().chain_update(b"maillage/marque/").chain_update(key).finalize().into();
        Self { id: id.to_string(), cipher: XChaCha20Poly1305::new(&key.into()), marque }
    }
}

impl Place {
    /// What a text is tied to.
    fn bound(&self) -> String {
        format!("{}/{}/{}/{}", self.table, self.colonne, self.territoire, self.id)
    }
}

fn split(stored: &str) -> Option<(&str, &str)> {
    stored.strip_prefix(VERSION)?.strip_prefix('.')?.split_once('.')
}
