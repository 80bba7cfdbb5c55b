//! What was done to many records at once is taken back at once: a file that was imported, two records that were merged.

use std::sync::Arc;

use kit::journal::{self, Acte};
use kit::{Error, Id, Result};
use territoire::Territoire;

use crate::Annuaire;
use crate::acte::Main;
use crate::fiche::{Fiche, compare, fusion};
use crate::storage::fiche::{FicheTenue, delete_fiche, find_fiche, insert_fiche, save_fiche};
use crate::storage::historique::{Cause, Trace, Version, insert_version, list_versions_of_lot};
use crate::storage::redirection;

/// What became of a batch that was taken back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bilan {
    pub revenues: usize,
    /// Names of the records changed since by somebody: left as they are.
    pub laissees: Vec<String>,
}

/// Takes back a batch: each record comes back to what it was before, except those that somebody changed since.
/// A batch is taken back once: afterwards there is nothing to do.
pub async fn revoke(annuaire: &Annuaire, main: Main<'_>, lot: Id) -> Result<Bilan> {
    let territoire = main.territoire.id;
    let tx = annuaire.db.begin().await?;
    let trace = Trace { auteur_id: main.auteur_id, auteur: main.auteur, cause: Cause::Annulation, lot: Some(lot) };
    let versions = list_versions_of_lot(&tx, territoire, lot).await?;
    let mut bilan = Bilan::default();
    if versions.iter().any(|one| one.cause == Cause::Annulation) {
        return Ok(bilan);
    }
    // Records that still stand first: what was merged into them leaves them before it stands again by itself.
    let (deleted, standing): (Vec<&Version>, Vec<&Version>) = versions.iter().partition(|one| one.avant.is_some() && one.apres.is_none());
    for version in standing {
        let Some(known) = find_fiche(&tx, territoire, version.structure_id).await? else { continue };
        if !is_as_left(&known, version) {
            bilan.laissees.push(known.fiche.structure.nom.clone());
            continue;
        }
        bring_back(&tx, main, (&known, version), &trace).await?;
        bilan.revenues += 1;
    }
    for version in deleted.into_iter().filter(|_| bilan.laissees.is_empty()) {
        let Some(avant) = &version.avant else { continue };
        redirection::delete(&tx, territoire, version.structure_id).await?;
        insert_fiche(&tx, territoire, avant, &trace, main.now).await?;
        bilan.revenues += 1;
    }
    let detail = format!("{} fiches revenues, {} laissées", bilan.revenues, bilan.laissees.len());
    let acte = Acte { auteur: main.auteur_id, acte: "lot repris", objet: ("import", lot), detail: &detail };
    journal::record(&tx, territoire, main.now, &acte).await?;
    tx.commit().await?;
    publish(annuaire, main).await?;
    Ok(bilan)
}

/// Whether a record is still what the batch made of it.
fn is_as_left(known: &FicheTenue, version: &Version) -> bool {
    match &version.apres {
        Some(apres) => compare(Some(apres), Some(&known.fiche)).is_empty(),
        None => known.version == version.version,
    }
}

async fn bring_back(
    tx: &impl sea_orm::ConnectionTrait,
    main: Main<'_>,
    (known, version): (&FicheTenue, &Version),
    trace: &Trace<'_>,
) -> Result<()> {
    let territoire = main.territoire.id;
    let Some(avant) = &version.avant else {
        delete_fiche(tx, territoire, version.structure_id).await?;
        let fiches = (Some(&known.fiche), None);
        return insert_version(tx, territoire, (version.structure_id, known.version + 1), fiches, (trace, main.now)).await;
    };
    let mut avant = avant.clone();
    avant.settle_lieux();
    save_fiche(tx, territoire, (known, &avant), trace, main.now).await.map(drop)
}

/// Makes one record of two: `autre` leads to `gardee` from then on, in its address and in the files that name it.
/// Gives the id by which the merge is taken back.
pub async fn merge(annuaire: &Annuaire, main: Main<'_>, (gardee, autre): (Id, Id)) -> Result<Id> {
    if gardee == autre {
        return Err(Error::Conflict("Une fiche ne se fusionne pas avec elle-même.".into()));
    }
    let (territoire, lot) = (main.territoire.id, Id::new(main.now));
    let trace = Trace { auteur_id: main.auteur_id, auteur: main.auteur, cause: Cause::Fusion, lot: Some(lot) };
    let tx = annuaire.db.begin().await?;
    let mut kept = find_fiche(&tx, territoire, gardee).await?.ok_or(Error::NotFound)?;
    let other = find_fiche(&tx, territoire, autre).await?.ok_or(Error::NotFound)?;
    let led = redirection::list_led(&tx, territoire, autre).await?;
    // What was mended by hand of the services and places that move is still not for a file to replace.
    kept.corriges.extend(other.corriges.iter().filter(|path| path.contains('.')).cloned());
    delete_fiche(&tx, territoire, autre).await?;
    insert_version(&tx, territoire, (autre, other.version + 1), (Some(&other.fiche), None), (&trace, main.now)).await?;
    let made: Fiche = fusion::merge(&kept.fiche, &other.fiche);
    if !save_fiche(&tx, territoire, (&kept, &made), &trace, main.now).await? {
        return Err(Error::Conflict("Quelqu’un vient de modifier cette fiche : relisez-la avant de fusionner.".into()));
    }
    for ancien in led.into_iter().chain([autre]) {
        redirection::insert(&tx, territoire, (ancien, gardee), main.now).await?;
    }
    comptes::storage::move_referents(&tx, territoire, (autre, gardee)).await?;
    let detail = format!("{} fusionnée dans {}", other.fiche.structure.nom, kept.fiche.structure.nom);
    let acte = Acte { auteur: main.auteur_id, acte: "fiches fusionnées", objet: ("structure", gardee), detail: &detail };
    journal::record(&tx, territoire, main.now, &acte).await?;
    tx.commit().await?;
    publish(annuaire, main).await?;
    Ok(lot)
}

async fn publish(annuaire: &Annuaire, main: Main<'_>) -> Result<()> {
    let territoires: &[Arc<Territoire>] = std::slice::from_ref(main.territoire);
    annuaire.aiguillages.refresh(&annuaire.db, territoires, main.now).await.map(drop)
}
