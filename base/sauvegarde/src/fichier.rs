//! Files that are whole or absent, and that only their owner reads.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::NamedTempFile;

/// What a program killed in the middle leaves behind, recognised by the next one.
const DRAFT: &str = ".maillage-en-cours-";
/// Nothing takes that long: what is older was left by a program that is gone.
const ABANDONED_AFTER: std::time::Duration = std::time::Duration::from_secs(24 * 3_600);

/// A file beside `target`, of mode 0600, gone when dropped.
pub fn create_draft(target: &Path) -> Result<NamedTempFile> {
    let folder = folder(target);
    remove_abandoned(&folder);
    tempfile::Builder::new()
        .prefix(DRAFT)
        .tempfile_in(&folder)
        .with_context(|| format!("rien ne peut être écrit dans {}", folder.display()))
}

/// Gives a draft its name, once its bytes and its name are on the disk; never over another file.
pub fn keep(draft: NamedTempFile, target: &Path) -> Result<()> {
    draft.as_file().sync_all()?;
    draft.persist_noclobber(target).with_context(|| format!("{} ne prend pas son nom", target.display()))?;
    sync_folder(target)
}

pub fn sync_folder(file: &Path) -> Result<()> {
    File::open(folder(file))?.sync_all()?;
    Ok(())
}

/// `base.sqlite` → `base.sqlite.avant-…`, in the same folder.
pub fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_os_string();
    name.push(suffix);
    name.into()
}

fn folder(file: &Path) -> PathBuf {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// They hold everything, in clear: a day after a kill they must not still be there.
fn remove_abandoned(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_draft = entry.file_name().to_string_lossy().starts_with(DRAFT);
        let age = entry.metadata().and_then(|known| known.modified()).ok().and_then(|written| written.elapsed().ok());
        if is_draft && age.is_some_and(|age| age > ABANDONED_AFTER) {
            let _may_be_gone = std::fs::remove_file(entry.path());
        }
    }
}
