//! Files being imported: kept in the database until they are accepted, verified and written beside the requests.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use comptes::Equipier;
use kit::{Db, Error, Id, Result, codes, sql, values};
use sea_orm::FromQueryResult;
use territoire::Territoire;

use crate::Annuaire;
use crate::import::{self, Rapport, Verification};

codes! {
    /// Where an import stands.
    pub enum Etat {
        Verification = "verification" => "vérification en cours",
        Verifie = "verifie" => "vérifié, rien n’est encore écrit",
        Refuse = "refuse" => "à corriger, rien n’est écrit",
        Ecriture = "ecriture" => "écriture en cours",
        Importe = "importe" => "importé",
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

#[derive(FromQueryResult)]
struct LotRow {
    id: String,
    fichier: String,
    etat: String,
    rapport: Option<String>,
}

#[derive(FromQueryResult)]
struct ContenuRow {
    contenu: Option<Vec<u8>>,
}

/// Keeps a file and starts verifying it.
pub async fn create_lot(annuaire: &Annuaire, equipier: &Equipier, fichier: &str, contenu: Vec<u8>) -> Result<Id> {
    let id = Id::new(equipier.now);
    let tx = annuaire.db.begin().await?;
    sql::execute(
        &tx,
        "INSERT INTO annuaire_import (territoire_id, id, fichier, contenu, etat, compte_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![equipier.territoire.id, id, fichier, contenu.clone(), Etat::Verification.code(), equipier.compte_id, equipier.now.0],
    )
    .await?;
    tx.commit().await?;
    annuaire.avancements.set(id, 0, 0);
    tokio::spawn(watch(annuaire.clone(), id, verify_lot(annuaire.clone(), equipier.territoire.clone(), id, contenu)));
    Ok(id)
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
    update_etat(&annuaire.db, territoire.id, id, (etat, Some(&rapport))).await
}

async fn verify(annuaire: &Annuaire, territoire: &Arc<Territoire>, id: Id, contenu: Vec<u8>) -> Result<Verification> {
    let lot = find_lot(&annuaire.db, territoire.id, id).await?.ok_or(Error::NotFound)?;
    let (avancements, territoire) = (annuaire.avancements.clone(), territoire.clone());
    let work = move || import::verify(&contenu, &lot.fichier, &territoire, &|fait, sur| avancements.set(id, fait, sur));
    Ok(tokio::task::spawn_blocking(work).await.map_err(anyhow::Error::from)?)
}

/// Starts writing a verified file. Two clicks write it once: the second finds it no longer waiting.
pub async fn accept_lot(annuaire: &Annuaire, equipier: &Equipier, lot: &Lot) -> Result<()> {
    let tx = annuaire.db.begin().await?;
    let taken = sql::execute(
        &tx,
        "UPDATE annuaire_import SET etat = $1 WHERE territoire_id = $2 AND id = $3 AND etat = $4",
        values![Etat::Ecriture.code(), equipier.territoire.id, lot.id, Etat::Verifie.code()],
    )
    .await?;
    tx.commit().await?;
    if taken == 0 {
        return Err(Error::Conflict(format!("Ce fichier est « {} » : il ne peut pas être accepté maintenant.", lot.etat.label())));
    }
    annuaire.avancements.set(lot.id, 0, 0);
    tokio::spawn(watch(annuaire.clone(), lot.id, write_lot(annuaire.clone(), equipier.clone(), lot.id)));
    Ok(())
}

async fn write_lot(annuaire: Annuaire, equipier: Equipier, id: Id) -> Result<()> {
    let territoire = equipier.territoire;
    let written = try_write(&annuaire, &territoire, id, equipier.now).await;
    let etat = if written.is_ok() { Etat::Importe } else { Etat::Verifie };
    update_etat(&annuaire.db, territoire.id, id, (etat, None)).await?;
    written?;
    annuaire.aiguillages.refresh(&annuaire.db, &[territoire]).await?;
    Ok(())
}

async fn try_write(annuaire: &Annuaire, territoire: &Arc<Territoire>, id: Id, now: kit::Instant) -> Result<()> {
    let row: Option<ContenuRow> = sql::find(
        annuaire.db.read(),
        "SELECT contenu FROM annuaire_import WHERE territoire_id = $1 AND id = $2",
        values![territoire.id, id],
    )
    .await?;
    let contenu = row.and_then(|row| row.contenu).ok_or(Error::NotFound)?;
    let verification = verify(annuaire, territoire, id, contenu).await?;
    import::import(&annuaire.db, territoire, &verification, now, &|fait, sur| annuaire.avancements.set(id, fait, sur)).await
}

/// The report stays; the file itself leaves once it is written.
async fn update_etat(db: &Db, territoire: Id, id: Id, (etat, rapport): (Etat, Option<&Rapport>)) -> Result<()> {
    let rapport = rapport.map(serde_json::to_string).transpose().map_err(anyhow::Error::from)?;
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "UPDATE annuaire_import SET etat = $1, rapport = COALESCE($2, rapport), contenu = CASE WHEN $1 = $3 THEN NULL ELSE contenu END
         WHERE territoire_id = $4 AND id = $5",
        values![etat.code(), rapport, Etat::Importe.code(), territoire, id],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// A file of this territoire.
pub async fn find_lot(db: &Db, territoire: Id, id: Id) -> Result<Option<Lot>> {
    let row: Option<LotRow> = sql::find(
        db.read(),
        "SELECT id, fichier, etat, rapport FROM annuaire_import WHERE territoire_id = $1 AND id = $2",
        values![territoire, id],
    )
    .await?;
    row.map(|row| {
        let rapport = row.rapport.as_deref().map(serde_json::from_str).transpose().map_err(anyhow::Error::from)?.unwrap_or_default();
        let etat = Etat::from_code(&row.etat).unwrap_or(Etat::Refuse);
        Ok(Lot { id: row.id.parse()?, fichier: row.fichier, etat, rapport })
    })
    .transpose()
}

/// Takes up the files that a stop interrupted: a verification starts again, a writing waits to be accepted again.
pub async fn resume_lots(annuaire: &Annuaire, territoires: &[Arc<Territoire>]) -> Result<()> {
    let tx = annuaire.db.begin().await?;
    sql::execute(&tx, "UPDATE annuaire_import SET etat = $1 WHERE etat = $2", values![Etat::Verifie.code(), Etat::Ecriture.code()]).await?;
    tx.commit().await?;
    for territoire in territoires {
        let waiting: Vec<LotContenuRow> = sql::list(
            annuaire.db.read(),
            "SELECT id, contenu FROM annuaire_import WHERE territoire_id = $1 AND etat = $2",
            values![territoire.id, Etat::Verification.code()],
        )
        .await?;
        for row in waiting {
            let (id, contenu) = (row.id.parse()?, row.contenu.unwrap_or_default());
            tokio::spawn(watch(annuaire.clone(), id, verify_lot(annuaire.clone(), territoire.clone(), id, contenu)));
        }
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct LotContenuRow {
    id: String,
    contenu: Option<Vec<u8>>,
}
