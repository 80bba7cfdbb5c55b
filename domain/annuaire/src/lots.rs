//! Files being imported: kept in the database until they are accepted, verified and written beside the requests.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use comptes::Equipier;
use kit::journal::{self, Acte};
use kit::{Error, Id, Instant, Result, codes};
use territoire::Territoire;

use crate::Annuaire;
use crate::acte::Main;
use crate::import::{self, Probleme, Rapport, Verification};
use crate::retour;
use crate::storage::colonnes::list_appris;
use crate::storage::historique::Cause;
use crate::storage::lot::{find_contenu, find_lot, insert_lot, list_contenus, take_lot, update_lot};

codes! {
    /// Where an import stands.
    pub enum Etat {
        Verification = "verification" => "vérification en cours",
        Verifie = "verifie" => "vérifié, rien n’est encore écrit",
        Refuse = "refuse" => "à corriger, rien n’est écrit",
        Ecriture = "ecriture" => "écriture en cours",
        Importe = "importe" => "importé",
        Repris = "repris" => "repris : les fiches sont revenues à ce qu’elles étaient, sauf celles qui sont signalées",
    }
}

/// One file being imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    pub id: Id,
    pub fichier: String,
    pub etat: Etat,
    pub rapport: Rapport,
}

/// How far the work on a file is: (done, out of).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Avancement {
    pub fait: usize,
    pub sur: usize,
}

/// The work under way in this process.
#[derive(Clone, Debug, Default)]
pub struct Avancements(Arc<Mutex<HashMap<Id, Avancement>>>);

impl Avancements {
    pub fn get(&self, lot: Id) -> Option<Avancement> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&lot).copied()
    }

    fn set(&self, lot: Id, fait: usize, sur: usize) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(lot, Avancement { fait, sur });
    }

    fn remove(&self, lot: Id) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&lot);
    }
}

/// Keeps a file and starts verifying it.
pub async fn create_lot(annuaire: &Annuaire, equipier: &Equipier, fichier: &str, contenu: Vec<u8>) -> Result<Id> {
    let id = insert_lot(&annuaire.db, equipier.territoire.id, (fichier, &contenu), equipier.compte_id, equipier.now).await?;
    start_verification(annuaire, &equipier.territoire, id, contenu);
    Ok(id)
}

/// Verifies a waiting file once more: its columns are told otherwise.
pub async fn verify_again(annuaire: &Annuaire, equipier: &Equipier, lot: &Lot) -> Result<()> {
    if !take_lot(&annuaire.db, equipier.territoire.id, lot.id, (lot.etat, Etat::Verification)).await? {
        return Err(Error::Conflict("Quelqu’un s’occupe déjà de ce fichier : rechargez la page.".into()));
    }
    let contenu = find_contenu(&annuaire.db, equipier.territoire.id, lot.id).await?.ok_or(Error::NotFound)?;
    start_verification(annuaire, &equipier.territoire, lot.id, contenu);
    Ok(())
}

fn start_verification(annuaire: &Annuaire, territoire: &Arc<Territoire>, id: Id, contenu: Vec<u8>) {
    annuaire.avancements.set(id, 0, 0);
    tokio::spawn(watch(annuaire.clone(), id, verify_lot(annuaire.clone(), territoire.clone(), id, contenu)));
}

/// The work of a file runs beside the requests: what fails there is logged, and the page stops waiting.
async fn watch(annuaire: Annuaire, id: Id, work: impl Future<Output = Result<()>>) {
    if let Err(error) = work.await {
        tracing::error!(%error, import = %id, "import");
    }
    annuaire.avancements.remove(id);
}

async fn verify_lot(annuaire: Annuaire, territoire: Arc<Territoire>, id: Id, contenu: Vec<u8>) -> Result<()> {
    let Verification { rapport, .. } = verify(&annuaire, &territoire, id, contenu).await?;
    let etat = if rapport.is_accepted() { Etat::Verifie } else { Etat::Refuse };
    update_lot(&annuaire.db, territoire.id, id, (etat, Some(&rapport))).await
}

async fn verify(annuaire: &Annuaire, territoire: &Arc<Territoire>, id: Id, contenu: Vec<u8>) -> Result<Verification> {
    let lot = find_lot(&annuaire.db, territoire.id, id).await?.ok_or(Error::NotFound)?;
    let (avancements, territoire) = (annuaire.avancements.clone(), territoire.clone());
    let appris = list_appris(&annuaire.db, territoire.id).await?;
    let work = move || import::verify_with(&contenu, &lot.fichier, (&territoire, &appris), &|fait, sur| avancements.set(id, fait, sur));
    Ok(tokio::task::spawn_blocking(work).await.map_err(anyhow::Error::from)?)
}

/// Starts writing a verified file. Two clicks write it once: the second finds it no longer waiting.
pub async fn accept_lot(annuaire: &Annuaire, equipier: &Equipier, lot: &Lot) -> Result<()> {
    if !take_lot(&annuaire.db, equipier.territoire.id, lot.id, (Etat::Verifie, Etat::Ecriture)).await? {
        return Err(Error::Conflict(format!("Ce fichier est « {} » : il ne peut pas être accepté maintenant.", lot.etat.label())));
    }
    let acte = Acte { auteur: Some(equipier.compte_id), acte: "import accepté", objet: ("import", lot.id), detail: &lot.fichier };
    journal::record_alone(&annuaire.db, equipier.territoire.id, equipier.now, &acte).await?;
    annuaire.avancements.set(lot.id, 0, 0);
    tokio::spawn(watch(annuaire.clone(), lot.id, write_lot(annuaire.clone(), equipier.clone(), lot.id)));
    Ok(())
}

/// Takes back a file that was written. What somebody changed since stays, and is named among the points to look at.
pub async fn revoke_lot(annuaire: &Annuaire, equipier: &Equipier, lot: &Lot) -> Result<()> {
    let territoire = &equipier.territoire;
    if !take_lot(&annuaire.db, territoire.id, lot.id, (Etat::Importe, Etat::Repris)).await? {
        return Err(Error::Conflict(format!("Ce fichier est « {} » : il n’y a rien à reprendre.", lot.etat.label())));
    }
    let main = Main { territoire, auteur_id: Some(equipier.compte_id), auteur: &equipier.nom, cause: Cause::Annulation, now: equipier.now };
    let bilan = retour::revoke(annuaire, main, lot.id).await?;
    let mut rapport = lot.rapport.clone();
    for nom in bilan.laissees {
        rapport.add(Probleme {
            fichier: lot.fichier.clone(),
            ligne: 0,
            colonne: "structure".into(),
            valeur: nom,
            conseil: "cette fiche a changé depuis l’import : elle est laissée telle quelle, relisez-la".into(),
            bloquant: false,
        });
    }
    update_lot(&annuaire.db, territoire.id, lot.id, (Etat::Repris, Some(&rapport))).await
}

async fn write_lot(annuaire: Annuaire, equipier: Equipier, id: Id) -> Result<()> {
    let territoire = equipier.territoire;
    let written = try_write(&annuaire, &territoire, id, (&equipier.nom, equipier.now)).await;
    let etat = if written.is_ok() { Etat::Importe } else { Etat::Verifie };
    update_lot(&annuaire.db, territoire.id, id, (etat, None)).await?;
    written?;
    annuaire.aiguillages.refresh(&annuaire.db, &[territoire], equipier.now).await?;
    Ok(())
}

async fn try_write(annuaire: &Annuaire, territoire: &Arc<Territoire>, id: Id, (auteur, now): (&str, Instant)) -> Result<()> {
    let contenu = find_contenu(&annuaire.db, territoire.id, id).await?.ok_or(Error::NotFound)?;
    let verification = verify(annuaire, territoire, id, contenu).await?;
    import::import_lot(&annuaire.db, territoire, &verification, (id, auteur, now), &|fait, sur| annuaire.avancements.set(id, fait, sur))
        .await
}

/// Takes up the files that a stop interrupted: a verification starts again, a writing waits to be accepted again.
pub async fn resume_lots(annuaire: &Annuaire, territoires: &[Arc<Territoire>]) -> Result<()> {
    for territoire in territoires {
        for (id, _) in list_contenus(&annuaire.db, territoire.id, Etat::Ecriture).await? {
            take_lot(&annuaire.db, territoire.id, id, (Etat::Ecriture, Etat::Verifie)).await?;
        }
        for (id, contenu) in list_contenus(&annuaire.db, territoire.id, Etat::Verification).await? {
            start_verification(annuaire, territoire, id, contenu);
        }
    }
    Ok(())
}
