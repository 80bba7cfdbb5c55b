//! The key of the backups: 32 bytes in a file that only its owner reads.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result, bail};
use kit::secret::{hex, random};
use sha2::{Digest, Sha256};

const BYTES: usize = 32;
/// Written before the key, so that a file of something else is never taken for one.
const PREFIX: &str = "maillage-cle-1:";

/// What opens the archives; without it they are lost.
#[derive(Clone)]
pub struct Cle([u8; BYTES]);

impl Cle {
    /// Draws a key and writes it into a new file; a file that exists is never overwritten, for it may open archives.
    pub fn create(file: &Path) -> Result<Self> {
        let bytes = random::<BYTES>()?;
        let mut created = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(file)
            .with_context(|| format!("la clé {} n’est pas créée", file.display()))?;
        writeln!(created, "{PREFIX}{}", hex(&bytes))?;
        created.sync_all()?;
        Ok(Self(bytes))
    }

    pub fn read(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| format!("la clé {} ne s’ouvre pas", file.display()))?;
        match text.trim().strip_prefix(PREFIX).and_then(decode) {
            Some(bytes) => Ok(Self(bytes)),
            None => bail!("le fichier {} n’est pas une clé de Maillage : « maillage cle creer » en fait une", file.display()),
        }
    }

    pub(crate) fn bytes(&self) -> &[u8; BYTES] {
        &self.0
    }

    /// Tells one key from another without saying anything of it.
    pub(crate) fn empreinte(&self) -> [u8; 8] {
        let digest = Sha256::new().chain_update(b"maillage, empreinte de cle").chain_update(self.0).finalize();
        std::array::from_fn(|rang| digest[rang])
    }
}

fn decode(hex: &str) -> Option<[u8; BYTES]> {
    if hex.len() != 2 * BYTES || !hex.is_ascii() {
        return None;
    }
    let mut bytes = [0_u8; BYTES];
    for (rang, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * rang..2 * rang + 2], 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_key_is_read_back_kept_from_others_and_never_overwritten() {
        let file = std::path::PathBuf::from(format!("{}.cle", testkit::sqlite_path()));
        let created = Cle::create(&file).unwrap();
        assert_eq!(Cle::read(&file).unwrap().bytes(), created.bytes());
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(Cle::create(&file).is_err());
        assert_eq!(Cle::read(&file).unwrap().empreinte(), created.empreinte());
    }

    #[test]
    fn a_file_of_something_else_is_not_a_key() {
        for text in ["", "secret", "maillage-cle-1:00", &format!("maillage-cle-1:{}", "zz".repeat(32))] {
            let file = std::path::PathBuf::from(format!("{}.cle", testkit::sqlite_path()));
            std::fs::write(&file, text).unwrap();
            assert!(Cle::read(&file).is_err(), "{text}");
        }
    }
}
