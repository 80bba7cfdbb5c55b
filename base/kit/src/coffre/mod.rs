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
        let key = random::<KEY>()?;
        Ok(Self { cles: Arc::new([Cle { id: "ephemere".into(), cipher: XChaCha20Poly1305::new(&key.into()) }]) })
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
        let newest = self.cles.last().ok_or_else(|| anyhow::anyhow!("no key"))?;
        let nonce = random::<NONCE>()?;
        let bound = place.bound();
        let payload = Payload { msg: text.as_bytes(), aad: bound.as_bytes() };
        let sealed = newest.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| anyhow::anyhow!("encryption of {place:?}"))?;
        let body = Base64UrlUnpadded::encode_string(&[nonce.as_slice(), &sealed].concat());
        Ok(format!("{VERSION}.{}.{body}", newest.id))
    }

    /// The text that was sealed in this place.
    pub fn open(&self, place: Place, stored: &str) -> Result<String, Illisible> {
        let (id, body) = split(stored).ok_or(Illisible::EnClair)?;
        let cle = self.cles.iter().find(|cle| cle.id == id).ok_or_else(|| Illisible::CleManquante(id.to_string()))?;
        let bytes = Base64UrlUnpadded::decode_vec(body).map_err(|_| Illisible::Altere)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>().ok_or(Illisible::Altere)?;
        let bound = place.bound();
        let payload = Payload { msg: sealed, aad: bound.as_bytes() };
        let text = cle.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| Illisible::Altere)?;
        String::from_utf8(text).map_err(|_| Illisible::Altere)
    }

    /// What is stored of a secret so short that its plain fingerprint would be found by trying them all: it takes a key to make.
    /// One for each key, the newest last: the last one is stored, all are looked for.
    pub fn fingerprints(&self, place: Place, secret: &str) -> Result<Vec<String>> {
        let bound = format!("{}/{secret}", place.bound());
        // The nonce is drawn from the text itself: the same text gives the same tag, and two texts never share a nonce.
        let digest = Sha256::digest(&bound);
        let nonce: [u8; NONCE] = digest.first_chunk().copied().ok_or_else(|| anyhow::anyhow!("a digest is longer than a nonce"))?;
        let tag = |cle: &Cle| {
            let payload = Payload { msg: &[], aad: bound.as_bytes() };
            let tag = cle.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| anyhow::anyhow!("fingerprint of {place:?}"))?;
            Ok(format!("{}.{}", cle.id, hex(&tag)))
        };
        self.cles.iter().map(tag).collect()
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
        (is_plain && !id.is_empty()).then(|| Self { id: id.to_string(), cipher: XChaCha20Poly1305::new(&key.into()) })
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
