//! Files that are whole or absent, and that only their owner reads.

use std::fs::File;
use std::future::Future;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tempfile::NamedTempFile;

/// What a program killed in the middle leaves behind, recognised by the next one.
const DRAFT: &str = ".maillage-en-cours-";
/// Nothing takes that long: what is older was left by a program that is gone.
const ABANDONED_AFTER: Duration = Duration::from_secs(24 * 3_600);

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

/// Writes a file a little at a time to the disk itself. A gigabyte left to the system goes out in one burst, and the commits
/// of people who write meanwhile wait behind it for seconds.
pub struct Pose<'a> {
    file: &'a File,
    unsynced: usize,
}

const BURST: usize = 2 * 1_024 * 1_024;

impl<'a> Pose<'a> {
    pub fn new(file: &'a File) -> Self {
        Self { file, unsynced: 0 }
    }
}

impl Write for Pose<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.unsynced += written;
        if self.unsynced >= BURST {
            self.file.sync_data()?;
            self.unsynced = 0;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Waits for `work`, which writes `file` by other means, and sends what it has written to the disk all along.
pub async fn settle_during<T>(file: &File, work: impl Future<Output = T>) -> Result<T> {
    let file = Arc::new(file.try_clone()?);
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            outcome = &mut work => return Ok(outcome),
            () = tokio::time::sleep(SETTLE_EVERY) => {}
        }
        let settled = file.clone();
        tokio::task::spawn_blocking(move || settled.sync_data()).await??;
    }
}

const SETTLE_EVERY: Duration = Duration::from_millis(20);

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
