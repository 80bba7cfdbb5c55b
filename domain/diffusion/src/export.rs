//! From the tables of the annuaire to files, a page of structures at a time.

use std::path::{Path, PathBuf};

use annuaire::storage::export::list_structures_from;
use kit::{Db, Result};

use crate::fichiers::Ecrivain;
use crate::rules::retenue::retain;
use crate::{Format, Producteur};

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bilan {
    pub structures: usize,
    pub services: usize,
    pub fichiers: Vec<PathBuf>,
}

/// Structures read at once.
const PAGE: u32 = 500;

/// Writes what some territoires publish, in one form, in a folder. All of it is of the same moment.
pub async fn export(db: &Db, producteurs: &[Producteur], format: Format, folder: &Path) -> Result<Bilan> {
    let mut ecrivain = Ecrivain::open(format, folder)?;
    let mut bilan = Bilan::default();
    let tx = db.snapshot().await?;
    for producteur in producteurs {
        let mut from = None;
        loop {
            let page = list_structures_from(&tx, producteur.territoire.id, from, PAGE).await?;
            let next = page.last().map(|last| last.structure.id);
            for datee in page.into_iter().filter(|datee| Some(datee.structure.id) != from) {
                let datee = retain(datee);
                ecrivain.push(producteur, &datee)?;
                bilan.structures += 1;
                bilan.services += datee.services.len();
            }
            if next == from {
                break;
            }
            from = next;
        }
    }
    bilan.fichiers = ecrivain.finish()?;
    Ok(bilan)
}
