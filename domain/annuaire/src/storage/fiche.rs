//! The record of a structure as its référent·e keeps it: what is mended by hand, and when it was last said to be right.

use std::collections::HashMap;

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::{Categorie, Contact, Presentation, VerificationFiche, Voie};

/// A record, as the page that mends it shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fiche {
    pub id: Id,
    pub nom: String,
    pub categorie: Categorie,
    pub presentation: Presentation,
    /// Changes with each save: what the form was filled from.
    pub version: i64,
    pub verification: Option<VerificationFiche>,
}

#[derive(FromQueryResult)]
struct FicheRow {
    id: String,
    nom: String,
    categorie: String,
    description: Option<String>,
    telephone: Option<String>,
    courriel: Option<String>,
    site_web: Option<String>,
    version: i64,
}

#[derive(FromQueryResult)]
struct VerificationRow {
    at: i64,
    compte_id: String,
    voie: String,
}

/// Whether this territoire has such a structure.
pub async fn has_structure(db: &Db, territoire: Id, structure: Id) -> Result<bool> {
    let text = "SELECT COUNT(*) FROM annuaire_structure WHERE territoire_id = $1 AND id = $2";
    Ok(sql::number(db.read(), text, values![territoire, structure]).await? == 1)
}

pub async fn find_fiche(db: &Db, territoire: Id, structure: Id) -> Result<Option<Fiche>> {
    let row: Option<FicheRow> = sql::find(
        db.read(),
        "SELECT id, nom, categorie, description, telephone, courriel, site_web, updated_at + COALESCE(corrige_at, 0) AS version
         FROM annuaire_structure WHERE territoire_id = $1 AND id = $2",
        values![territoire, structure],
    )
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Fiche {
        id: row.id.parse()?,
        nom: row.nom,
        categorie: Categorie::from_code(&row.categorie).unwrap_or(Categorie::Autre),
        presentation: Presentation {
            contact: Contact { telephone: row.telephone, courriel: row.courriel, site_web: row.site_web },
            description: row.description,
        },
        version: row.version,
        verification: find_verification(db, territoire, structure).await?,
    }))
}

/// The last time somebody said that the record is right.
pub async fn find_verification(db: &Db, territoire: Id, structure: Id) -> Result<Option<VerificationFiche>> {
    let row: Option<VerificationRow> = sql::find(
        db.read(),
        "SELECT at, compte_id, voie FROM annuaire_verification WHERE territoire_id = $1 AND structure_id = $2 ORDER BY at DESC, id DESC LIMIT 1",
        values![territoire, structure],
    )
    .await?;
    row.map(|row| {
        let voie = Voie::from_code(&row.voie).unwrap_or(Voie::Courriel);
        Ok(VerificationFiche { at: Instant(row.at), compte_id: row.compte_id.parse()?, voie })
    })
    .transpose()
}

pub async fn insert_verification(tx: &impl ConnectionTrait, territoire: Id, structure: Id, verification: &VerificationFiche) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO annuaire_verification (territoire_id, id, structure_id, at, compte_id, voie) VALUES ($1, $2, $3, $4, $5, $6)",
        values![territoire, Id::new(verification.at), structure, verification.at.0, verification.compte_id, verification.voie.code()],
    )
    .await?;
    Ok(())
}

/// Writes what was mended by hand; false when somebody has changed the record since `version`.
pub async fn update_presentation(
    tx: &impl ConnectionTrait,
    territoire: Id,
    (structure, version): (Id, i64),
    presentation: &Presentation,
    now: Instant,
) -> Result<bool> {
    let Presentation { contact, description } = presentation;
    let updated = sql::execute(
        tx,
        "UPDATE annuaire_structure SET telephone = $4, courriel = $5, site_web = $6, description = $7, updated_at = $8,
           corrige_at = CASE WHEN COALESCE(corrige_at, 0) >= $8 THEN corrige_at + 1 ELSE $8 END
         WHERE territoire_id = $1 AND id = $2 AND updated_at + COALESCE(corrige_at, 0) = $3",
        values![
            territoire,
            structure,
            version,
            contact.telephone.clone(),
            contact.courriel.clone(),
            contact.site_web.clone(),
            description.clone(),
            now.0
        ],
    )
    .await?;
    super::touch(tx, territoire).await?;
    Ok(updated == 1)
}

#[derive(FromQueryResult)]
struct CorrigeRow {
    id: String,
    description: Option<String>,
    telephone: Option<String>,
    courriel: Option<String>,
    site_web: Option<String>,
}

/// What was mended by hand, by structure: a file does not undo it.
pub(super) async fn list_corriges(tx: &impl ConnectionTrait, territoire: Id) -> Result<HashMap<Id, Presentation>> {
    let rows: Vec<CorrigeRow> = sql::list(
        tx,
        "SELECT id, description, telephone, courriel, site_web FROM annuaire_structure WHERE territoire_id = $1 AND corrige_at IS NOT NULL",
        values![territoire],
    )
    .await?;
    let read = |row: CorrigeRow| {
        let contact = Contact { telephone: row.telephone, courriel: row.courriel, site_web: row.site_web };
        Ok((row.id.parse()?, Presentation { contact, description: row.description }))
    };
    rows.into_iter().map(read).collect()
}

#[derive(FromQueryResult)]
struct NomRow {
    id: String,
    nom: String,
}

/// Structures among these, by name.
pub async fn list_noms(db: &Db, territoire: Id, structures: &[Id]) -> Result<Vec<(Id, String)>> {
    let named = structures.iter().map(Id::to_string).collect::<Vec<_>>().join(" ");
    let rows: Vec<NomRow> = sql::list(
        db.read(),
        "SELECT id, nom FROM annuaire_structure WHERE territoire_id = $1 AND $2 LIKE '%' || id || '%' ORDER BY nom_plie, id",
        values![territoire, named],
    )
    .await?;
    rows.into_iter().map(|row| Ok((row.id.parse()?, row.nom))).collect()
}
