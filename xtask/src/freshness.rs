//! Whether something made must be made again.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};

/// True when nothing was made, or when a source changed after the oldest thing made from it.
pub fn is_stale(sources: &[PathBuf], made: &[PathBuf]) -> Result<bool> {
    Ok(is_older(&times(made)?, &times(sources)?))
}

fn is_older(made: &[SystemTime], sources: &[SystemTime]) -> bool {
    match (made.iter().min(), sources.iter().max()) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(oldest), Some(newest)) => newest > oldest,
    }
}

/// The times of the files named, and of all the files in the folders named; what does not exist has none.
fn times(paths: &[PathBuf]) -> Result<Vec<SystemTime>> {
    let mut times = Vec::new();
    for path in paths {
        collect(path, &mut times).with_context(|| format!("{} cannot be read", path.display()))?;
    }
    Ok(times)
}

fn collect(path: &Path, times: &mut Vec<SystemTime>) -> std::io::Result<()> {
    if path.is_dir() {
        for entry in std::fs::read_dir(path)? {
            collect(&entry?.path(), times)?;
        }
    } else if path.is_file() {
        times.push(path.metadata()?.modified()?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(second: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(second)
    }

    #[test]
    fn what_was_never_made_is_stale() {
        assert!(is_older(&[], &[at(1)]));
        assert!(is_older(&[], &[]));
    }

    #[test]
    fn the_newest_source_is_compared_with_the_oldest_thing_made() {
        assert!(is_older(&[at(5), at(9)], &[at(1), at(6)]));
        assert!(!is_older(&[at(5), at(9)], &[at(1), at(5)]));
        assert!(!is_older(&[at(5)], &[]));
    }

    #[test]
    fn a_folder_counts_with_everything_in_it() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(times(&[here.join("src")]).unwrap().len() > 5);
        assert!(times(&[here.join("nowhere")]).unwrap().is_empty());
    }
}
