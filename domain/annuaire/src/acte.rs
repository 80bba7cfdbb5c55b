//! A record is mended: saved with its version, its line of the journal, and the snapshot that answers.

use std::sync::Arc;

use kit::journal::{self, Acte};
use kit::{Id, Instant, Result};
use territoire::Territoire;

use crate::Annuaire;
use crate::fiche::{Changement, Fiche, compare, label, show};
use crate::storage::fiche::{FicheTenue, save_fiche};
use crate::storage::historique::{Cause, Trace, Version, list_versions};

/// Who mends, and by what right.
#[derive(Clone, Copy, Debug)]
pub struct Main<'a> {
    pub territoire: &'a Arc<Territoire>,
    pub auteur_id: Option<Id>,
    pub auteur: &'a str,
    pub cause: Cause,
    pub now: Instant,
}

/// Saves a record; false when somebody saved it since it was read: nothing is written then. Published at once.
pub async fn mend(annuaire: &Annuaire, main: Main<'_>, (avant, apres): (&FicheTenue, &Fiche)) -> Result<bool> {
    let changements = compare(Some(&avant.fiche), Some(apres));
    if changements.is_empty() {
        return Ok(true);
    }
    let trace = Trace { auteur_id: main.auteur_id, auteur: main.auteur, cause: main.cause, lot: None };
    let tx = annuaire.db.begin().await?;
    if !save_fiche(&tx, main.territoire.id, (avant, apres), &trace, main.now).await? {
        return Ok(false);
    }
    let detail = summarize(&changements, apres, main.territoire);
    let acte = Acte { auteur: main.auteur_id, acte: "fiche corrigée", objet: ("structure", apres.structure.id), detail: &detail };
    journal::record(&tx, main.territoire.id, main.now, &acte).await?;
    tx.commit().await?;
    annuaire.aiguillages.refresh(&annuaire.db, std::slice::from_ref(main.territoire), main.now).await?;
    Ok(true)
}

/// The journal keeps a line, the history keeps the record.
const DETAILS: usize = 6;

/// « téléphone : 02 54 00 00 01 devient 02 54 00 00 02 ; … »
fn summarize(changements: &[Changement], fiche: &Fiche, territoire: &Territoire) -> String {
    let said = changements.iter().take(DETAILS).map(|one| {
        let (avant, apres) = (show(&one.chemin, &one.avant, territoire), show(&one.chemin, &one.apres, territoire));
        if avant.len() + apres.len() > 160 {
            format!("{} change", label(&one.chemin, fiche))
        } else {
            format!("{} : {avant} devient {apres}", label(&one.chemin, fiche))
        }
    });
    let more = changements.len().checked_sub(DETAILS).filter(|more| *more > 0).map(|more| format!("et {more} autres"));
    said.chain(more).collect::<Vec<_>>().join(" ; ")
}

/// What others saved since a form was filled, so that its author sees it before saving over it.
#[derive(Clone, Debug)]
pub struct Entretemps {
    pub auteur: String,
    pub at: Instant,
    /// « téléphone : 02… devient 02… ».
    pub changements: Vec<String>,
}

/// What came of a form that was sent.
#[derive(Clone, Debug)]
pub enum Enregistrement {
    Fait,
    /// Somebody saved while it was being filled: nothing is written, and here is what they changed.
    Devance(Vec<Entretemps>),
}

/// Saves what a form filled from `version` makes of a record, unless somebody saved since.
pub async fn mend_from(annuaire: &Annuaire, main: Main<'_>, version: i64, (avant, apres): (&FicheTenue, &Fiche)) -> Result<Enregistrement> {
    if avant.version == version && mend(annuaire, main, (avant, apres)).await? {
        return Ok(Enregistrement::Fait);
    }
    Ok(Enregistrement::Devance(list_entretemps(annuaire, main.territoire, (apres.structure.id, version)).await?))
}

/// The saves after `version`, the last first.
pub async fn list_entretemps(annuaire: &Annuaire, territoire: &Territoire, (structure, version): (Id, i64)) -> Result<Vec<Entretemps>> {
    let versions = list_versions(&annuaire.db, territoire.id, structure, 0).await?;
    Ok(versions.into_iter().filter(|one| one.version > version).map(|one| describe_version(&one, territoire)).collect())
}

/// One save, in words.
pub fn describe_version(version: &Version, territoire: &Territoire) -> Entretemps {
    let named = version.apres.as_ref().or(version.avant.as_ref());
    let changements = match (&version.avant, named) {
        (Some(avant), Some(named)) => {
            compare(Some(avant), version.apres.as_ref()).iter().map(|one| describe(one, (avant, named), territoire)).collect()
        }
        _ => vec!["fiche créée".to_string()],
    };
    Entretemps { auteur: version.auteur.clone(), at: version.at, changements }
}

/// « prix : 22 € devient 24 € »; what is gone is named by the record of before.
pub fn describe(one: &Changement, (avant, apres): (&Fiche, &Fiche), territoire: &Territoire) -> String {
    let named = if one.apres.is_empty() { avant } else { apres };
    format!(
        "{} : {} devient {}",
        label(&one.chemin, named),
        show(&one.chemin, &one.avant, territoire),
        show(&one.chemin, &one.apres, territoire)
    )
}
