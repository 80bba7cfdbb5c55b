//! A whole record, read and saved as one value; each save leaves a version behind it (`historique`).

use std::collections::{BTreeSet, HashMap, HashSet};

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use super::changement::touch_structure;
use super::fiche_lignes::{self, Parts};
use super::historique::{Trace, find_last_version, insert_version, list_versions_by_hand};
use super::{LIEU, SERVICE, STRUCTURE, lieu_row, service_row, structure_row};
use crate::fiche::{Fiche, compare};

/// A record, and which version of it.
#[derive(Clone, Debug, PartialEq)]
pub struct FicheTenue {
    pub fiche: Fiche,
    /// Grows by one with each save: what a form was filled from.
    pub version: i64,
    /// What was mended by hand, by path: a file does not replace it.
    pub corriges: Vec<String>,
}

/// Whether this territoire has such a structure.
pub async fn has_structure(db: &Db, territoire: Id, structure: Id) -> Result<bool> {
    let text = "SELECT COUNT(*) FROM annuaire_structure WHERE territoire_id = $1 AND id = $2";
    Ok(sql::number(db.read(), text, values![territoire, structure]).await? == 1)
}

/// The record of a structure.
pub async fn find_fiche(db: &impl ConnectionTrait, territoire: Id, structure: Id) -> Result<Option<FicheTenue>> {
    Ok(list_fiches(db, territoire, &[structure]).await?.remove(&structure))
}

/// As many structures as are read at once: PostgreSQL and SQLite take that many parameters.
pub(super) const AT_ONCE: usize = 500;

/// The records of these structures; those that do not exist are absent.
pub async fn list_fiches(db: &impl ConnectionTrait, territoire: Id, structures: &[Id]) -> Result<HashMap<Id, FicheTenue>> {
    let mut found = HashMap::new();
    for part in structures.chunks(AT_ONCE) {
        let named = Named { territoire, ids: part };
        let parts = Parts::read(db, &named).await?;
        found.extend(parts.assemble()?);
    }
    Ok(found)
}

/// Structures named one by one in a query.
pub(super) struct Named<'a> {
    pub territoire: Id,
    pub ids: &'a [Id],
}

impl Named<'_> {
    /// Rows of `SELECT … WHERE territoire_id = $1 AND {column} IN (…)`.
    pub async fn list<T: FromQueryResult>(&self, db: &impl ConnectionTrait, select: &str, column: &str) -> Result<Vec<T>> {
        let holes = sql::holes(2, self.ids.len());
        let values = [Value::from(self.territoire)].into_iter().chain(self.ids.iter().map(|id| Value::from(*id)));
        sql::list(db, &format!("{select} WHERE territoire_id = $1 AND {column} IN ({holes})"), values).await
    }
}

/// Saves a record read at `version`; false when somebody saved it since: nothing is written then.
pub async fn save_fiche(
    tx: &impl ConnectionTrait,
    territoire: Id,
    (avant, apres): (&FicheTenue, &Fiche),
    trace: &Trace<'_>,
    now: Instant,
) -> Result<bool> {
    let changements = compare(Some(&avant.fiche), Some(apres));
    if changements.is_empty() {
        return Ok(true);
    }
    let mut corriges: Vec<String> = avant.corriges.clone();
    if trace.is_by_hand() {
        corriges.extend(changements.iter().filter_map(|one| held_path(&one.chemin)));
    }
    corriges.sort();
    corriges.dedup();
    if !take_version(tx, territoire, (apres.structure.id, avant.version), &corriges).await? {
        return Ok(false);
    }
    write_fiche(tx, territoire, apres, now).await?;
    insert_version(tx, territoire, (apres.structure.id, avant.version + 1), (Some(&avant.fiche), Some(apres)), (trace, now)).await?;
    touch_structure(tx, territoire, apres.structure.id).await?;
    Ok(true)
}

/// What a file no longer replaces, of what changed: a field of the structure, a whole service, a whole place.
fn held_path(chemin: &str) -> Option<String> {
    let parts: Vec<&str> = chemin.split('.').collect();
    match parts.as_slice() {
        ["structure", .., field] => Some((*field).to_string()),
        [kind @ ("services" | "lieux"), id, ..] => Some(format!("{kind}.{id}")),
        _ => None,
    }
}

async fn take_version(tx: &impl ConnectionTrait, territoire: Id, (structure, version): (Id, i64), corriges: &[String]) -> Result<bool> {
    let taken = sql::execute(
        tx,
        "UPDATE annuaire_structure SET version = version + 1, corriges = $4 WHERE territoire_id = $1 AND id = $2 AND version = $3",
        values![territoire, structure, version, corriges.join(" ")],
    )
    .await?;
    Ok(taken == 1)
}

/// Writes a structure that does not exist, or no longer: one that comes back goes on from its last version.
pub async fn insert_fiche(tx: &impl ConnectionTrait, territoire: Id, fiche: &Fiche, trace: &Trace<'_>, now: Instant) -> Result<()> {
    let id = fiche.structure.id;
    write_fiche(tx, territoire, fiche, now).await?;
    let version = find_last_version(tx, territoire, id).await? + 1;
    let held = find_held(tx, territoire, id).await?.into_iter().collect::<Vec<_>>().join(" ");
    let known = values![territoire, id, version, held];
    sql::execute(tx, "UPDATE annuaire_structure SET version = $3, corriges = $4 WHERE territoire_id = $1 AND id = $2", known).await?;
    insert_version(tx, territoire, (id, version), (None, Some(fiche)), (trace, now)).await?;
    touch_structure(tx, territoire, id).await
}

/// What was mended by hand of a record before it went away, as its history tells it: a file still does not replace it.
async fn find_held(tx: &impl ConnectionTrait, territoire: Id, structure: Id) -> Result<BTreeSet<String>> {
    let versions = list_versions_by_hand(tx, territoire, structure).await?;
    let changements = versions.iter().flat_map(|one| compare(one.avant.as_ref(), one.apres.as_ref()));
    Ok(changements.filter_map(|one| held_path(&one.chemin)).collect())
}

async fn write_fiche(tx: &impl ConnectionTrait, territoire: Id, fiche: &Fiche, now: Instant) -> Result<()> {
    let id = fiche.structure.id;
    sql::upsert_many(tx, &STRUCTURE, vec![structure_row(territoire, &fiche.structure, now)]).await?;
    let reseaux = values![territoire, id, fiche.reseaux.join(" ")];
    sql::execute(tx, "UPDATE annuaire_structure SET reseaux = $3 WHERE territoire_id = $1 AND id = $2", reseaux).await?;
    sql::upsert_many(tx, &LIEU, fiche.lieux.values().map(|lieu| lieu_row(territoire, id, lieu)).collect()).await?;
    sql::upsert_many(tx, &SERVICE, fiche.services.values().map(|service| service_row(territoire, service, now)).collect()).await?;
    delete_others(tx, "annuaire_service", (territoire, id), &fiche.services.keys().copied().collect()).await?;
    delete_others(tx, "annuaire_lieu", (territoire, id), &fiche.lieux.keys().copied().collect()).await?;
    fiche_lignes::replace(tx, territoire, fiche).await
}

/// Rows of the structure that its record no longer has.
async fn delete_others(tx: &impl ConnectionTrait, table: &str, (territoire, structure): (Id, Id), kept: &HashSet<Id>) -> Result<()> {
    let select = format!("SELECT id FROM {table} WHERE territoire_id = $1 AND structure_id = $2");
    for id in sql::texts(tx, &select, values![territoire, structure]).await? {
        if !kept.contains(&id.parse()?) {
            sql::execute(tx, &format!("DELETE FROM {table} WHERE territoire_id = $1 AND id = $2"), values![territoire, id]).await?;
        }
    }
    Ok(())
}

/// Erases a structure and all that hangs on it; its versions stay.
pub async fn delete_fiche(tx: &impl ConnectionTrait, territoire: Id, structure: Id) -> Result<()> {
    for table in DEPENDANTES {
        let text = format!("DELETE FROM {table} WHERE territoire_id = $1 AND structure_id = $2");
        sql::execute(tx, &text, values![territoire, structure]).await?;
    }
    sql::execute(tx, "DELETE FROM annuaire_structure WHERE territoire_id = $1 AND id = $2", values![territoire, structure]).await?;
    touch_structure(tx, territoire, structure).await
}

/// Tables whose rows belong to a structure, in the order in which they can be emptied.
const DEPENDANTES: [&str; 9] = [
    "annuaire_service",
    "annuaire_lieu",
    "annuaire_identifiant",
    "annuaire_interlocuteur",
    "annuaire_regime",
    "annuaire_information",
    "annuaire_verification",
    "annuaire_redirection",
    "annuaire_qualite",
];

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
