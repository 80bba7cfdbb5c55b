//! The file of keys: readable by its owner only, never overwritten, a new key at its end.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use base64ct::{Base64, Encoding};

use super::{Coffre, KEY};
use crate::secret::{hex, random};

const HEAD: &str =
    "# Clés de Maillage : sans ce fichier, les notes et les coordonnées ne se lisent plus. Gardez-en une copie ailleurs que la base.\n";
const OWNER_ONLY: u32 = 0o600;

impl Coffre {
    /// The keys of a file.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("le fichier de clés {} ne s’ouvre pas", path.display()))?;
        Self::parse(&text).with_context(|| format!("le fichier de clés {} ne convient pas", path.display()))
    }

    /// Creates a file with one key; refused when there is already something there.
    pub fn create(path: &Path) -> Result<Self> {
        let text = format!("{HEAD}{}", new_line()?);
        let draft = write_draft(path, &text)?;
        // A link never replaces: of two programs that create the same file, the later one is told.
        let linked = std::fs::hard_link(&draft, path);
        std::fs::remove_file(&draft)?;
        match linked {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => bail!("{} existe déjà : rien n’a été écrit", path.display()),
            linked => linked.with_context(|| format!("le fichier de clés {} ne s’écrit pas", path.display()))?,
        }
        Self::read(path)
    }

    /// Adds a key, which becomes the newest: the others stay, to read what they encrypted.
    pub fn rotate(path: &Path) -> Result<Self> {
        Self::read(path)?;
        let known = std::fs::read_to_string(path)?;
        let draft = write_draft(path, &format!("{}\n{}", known.trim_end(), new_line()?))?;
        std::fs::rename(&draft, path).with_context(|| format!("le fichier de clés {} ne s’écrit pas", path.display()))?;
        Self::read(path)
    }
}

fn new_line() -> Result<String> {
    let id = hex(&random::<4>()?);
    Ok(format!("{id} {}\n", Base64::encode_string(&random::<KEY>()?)))
}

/// The whole text, on the disk, beside where it goes: a power cut never leaves half a file of keys.
fn write_draft(path: &Path, text: &str) -> Result<PathBuf> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}", hex(&random::<4>()?)));
    let draft = PathBuf::from(name);
    let written = OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY).open(&draft).and_then(|mut file: File| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.with_context(|| format!("le fichier de clés {} ne s’écrit pas", path.display()))?;
    Ok(draft)
}
