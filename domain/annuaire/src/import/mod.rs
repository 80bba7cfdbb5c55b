//! A file of services, verified whole before a line of it is written: everything, or nothing.
//!
//! `lecture` makes lines of bytes; `verification` makes services of lines, `structures` makes structures of those that tell of
//! no service. All list what is wrong and what to do.

mod appris;
mod catalogue;
mod colonnes;
mod finess;
mod geographie;
mod lecture;
mod nature;
mod structures;
mod verification;

use kit::{Db, Id, Instant, Result};
use serde::{Deserialize, Serialize};
use territoire::Territoire;

pub use appris::{Appris, Association, ChoixRefuse, find_empreinte};
pub use colonnes::{Colonne, header_line};
pub use lecture::{Feuille, read_feuille};

use lecture::{Contenu, Nature};

use crate::aiguillage::Inscription;
use crate::storage::historique::{Cause, Trace};
use crate::storage::lot::insert_importe;
use crate::{Lieu, Structure, storage};

/// Where an import stands, for a progress bar: (done, out of).
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// Something to mend in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probleme {
    pub fichier: String,
    /// Line of the file, from 1; 0 when the whole file is meant.
    pub ligne: u64,
    /// The column's name, empty when the whole line is meant.
    pub colonne: String,
    pub valeur: String,
    /// What is wrong and what to do.
    pub conseil: String,
    /// Whether it prevents the import, or only deserves a look.
    pub bloquant: bool,
}

/// What a verification found.
#[derive(Clone, Debug, Default)]
pub struct Verification {
    /// The file's name, which names the batch.
    pub fichier: String,
    pub inscriptions: Vec<Inscription>,
    /// Of a file that tells of structures alone.
    pub structures: Vec<StructureSeule>,
    pub rapport: Rapport,
}

/// A structure of which no service is known yet, and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct StructureSeule {
    pub structure: Structure,
    pub lieu: Lieu,
}

/// What is told of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rapport {
    /// Lines read.
    pub lignes: usize,
    /// Lines of services: none in a file that tells of structures alone.
    #[serde(default)]
    pub services: usize,
    pub structures: usize,
    /// What another directory publishes: nobody has to say what its columns hold.
    #[serde(default)]
    pub catalogue: bool,
    /// The first problems, in the order of the file.
    pub problemes: Vec<Probleme>,
    /// How many problems in all.
    pub total: usize,
    pub bloquants: usize,
}

/// A report of 200 000 faults is read by nobody: these are kept, the others are counted.
const PROBLEMES_GARDES: usize = 500;

impl Rapport {
    /// Whether the file can be imported as it is.
    pub fn is_accepted(&self) -> bool {
        self.bloquants == 0 && self.lignes > 0
    }

    pub(crate) fn add(&mut self, probleme: Probleme) {
        self.total += 1;
        self.bloquants += usize::from(probleme.bloquant);
        if self.problemes.len() < PROBLEMES_GARDES {
            self.problemes.push(probleme);
        }
    }
}

/// Reads a whole file without writing anything.
pub fn verify(contenu: &[u8], fichier: &str, territoire: &Territoire, progress: Progress) -> Verification {
    verify_with(contenu, fichier, (territoire, &Appris::default()), progress)
}

/// The same, with what the territoire taught of the columns of its files.
pub fn verify_with(contenu: &[u8], fichier: &str, (territoire, appris): (&Territoire, &Appris), progress: Progress) -> Verification {
    match lecture::read(contenu, fichier, appris) {
        Ok(Contenu::Catalogue(catalogue)) => {
            let lignes = lecture::split(catalogue.structures);
            let structures = structures::verify_lines(&lignes, fichier, territoire, progress);
            catalogue::attach(&catalogue.services, structures, (fichier, territoire))
        }
        Ok(Contenu::Lignes(Nature::Services, lignes)) => verification::verify_lines(&lignes, fichier, territoire, progress),
        Ok(Contenu::Lignes(Nature::Structures, lignes)) => structures::verify_lines(&lignes, fichier, territoire, progress),
        Err(probleme) => {
            let mut rapport = Rapport::default();
            rapport.add(*probleme);
            Verification { fichier: fichier.to_string(), rapport, ..Verification::default() }
        }
    }
}

/// Writes a verified file in one transaction, as a batch of its own; refuses one that still has something blocking.
pub async fn import(db: &Db, territoire: &Territoire, verification: &Verification, now: Instant, progress: Progress<'_>) -> Result<()> {
    import_lot(db, territoire, verification, (Id::new(now), &verification.fichier, now), progress).await
}

/// The same, for a batch that is already known: `auteur` is the name that the history shows.
pub async fn import_lot(
    db: &Db,
    territoire: &Territoire,
    verification: &Verification,
    (lot, auteur, now): (Id, &str, Instant),
    progress: Progress<'_>,
) -> Result<()> {
    if !verification.rapport.is_accepted() {
        return Err(kit::Error::Conflict("Rien n’a été importé : corrigez d’abord les lignes signalées.".into()));
    }
    let total = verification.inscriptions.len() + verification.structures.len();
    let trace = Trace { auteur_id: None, auteur, cause: Cause::Import, lot: Some(lot) };
    let tx = db.begin().await?;
    insert_importe(&tx, territoire.id, (lot, &verification.fichier, &verification.rapport), now).await?;
    let lines = (verification.inscriptions.as_slice(), verification.structures.as_slice());
    storage::save_inscriptions(&tx, territoire.id, lines, (&trace, now), &|done| progress(done, total)).await?;
    tx.commit().await?;
    db.settle().await
}
