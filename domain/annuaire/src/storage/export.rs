//! The annuaire read from end to end, a page of structures at a time: memory stays flat however large it is.

use std::collections::HashMap;

use kit::{Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

pub use super::fiche_lignes::Complements;
use super::fiche_lignes::{EndroitRow, ServiceRow, StructureRow, list_complements, read_service, read_structure};
use crate::{Service, Structure};

/// A structure, its services, what completes it, and when each was last written.
#[derive(Clone, Debug, PartialEq)]
pub struct StructureDatee {
    pub structure: Structure,
    pub updated_at: Instant,
    pub services: Vec<ServiceDate>,
    pub complements: Complements,
}

/// A service, and when it was last written.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceDate {
    pub service: Service,
    pub updated_at: Instant,
}

#[derive(FromQueryResult)]
struct StructureDateeRow {
    #[sea_orm(nested)]
    structure: StructureRow,
    updated_at: i64,
}

#[derive(FromQueryResult)]
struct ServiceDateRow {
    #[sea_orm(nested)]
    service: ServiceRow,
    #[sea_orm(nested)]
    endroit: EndroitRow,
    updated_at: i64,
}

const STRUCTURES: &str = "
SELECT *
FROM annuaire_structure
WHERE territoire_id = $1 AND id >= $2 AND id <= $3
ORDER BY id
LIMIT $4";

const SERVICES: &str = "
SELECT s.*, l.adresse, l.code_insee, l.latitude, l.longitude, l.horaires
FROM annuaire_service s
JOIN annuaire_lieu l ON l.territoire_id = s.territoire_id AND l.id = s.lieu_id
WHERE s.territoire_id = $1 AND s.structure_id >= $2 AND s.structure_id <= $3
ORDER BY s.structure_id, s.id";

/// After every identifier, in the order of both databases.
const LAST: &str = "g";

/// Structures in the order of their identifiers, from one of them (that one included), with all their services.
pub async fn list_structures_from(db: &impl ConnectionTrait, territoire: Id, from: Option<Id>, limit: u32) -> Result<Vec<StructureDatee>> {
    let from = from.map(|id| id.to_string()).unwrap_or_default();
    let rows: Vec<StructureDateeRow> = sql::list(db, STRUCTURES, values![territoire, from, LAST, i64::from(limit)]).await?;
    with_services(db, territoire, rows).await
}

/// Structures whose identifiers lie between two of them, both included, with all their services.
pub async fn list_structures_between(db: &impl ConnectionTrait, territoire: Id, (first, last): (Id, Id)) -> Result<Vec<StructureDatee>> {
    let rows: Vec<StructureDateeRow> = sql::list(db, STRUCTURES, values![territoire, first, last, i64::from(i32::MAX)]).await?;
    with_services(db, territoire, rows).await
}

async fn with_services(db: &impl ConnectionTrait, territoire: Id, rows: Vec<StructureDateeRow>) -> Result<Vec<StructureDatee>> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(vec![]) };
    let services: Vec<ServiceDateRow> =
        sql::list(db, SERVICES, values![territoire, first.structure.id.as_str(), last.structure.id.as_str()]).await?;
    attach(db, territoire, (rows, services)).await
}

async fn attach(
    db: &impl ConnectionTrait,
    territoire: Id,
    (rows, services): (Vec<StructureDateeRow>, Vec<ServiceDateRow>),
) -> Result<Vec<StructureDatee>> {
    let ids = rows.iter().map(|row| row.structure.id.parse()).collect::<Result<Vec<Id>, _>>()?;
    let mut complements = list_complements(db, territoire, &ids).await?;
    let mut by_structure: HashMap<Id, Vec<ServiceDate>> = HashMap::new();
    for row in services {
        let read = read_one(row)?;
        by_structure.entry(read.service.structure_id).or_default().push(read);
    }
    let read = |row: StructureDateeRow| {
        let updated_at = Instant(row.updated_at);
        let structure = read_structure(row.structure)?;
        let services = by_structure.remove(&structure.id).unwrap_or_default();
        let complements = complements.remove(&structure.id).unwrap_or_default();
        Ok(StructureDatee { structure, updated_at, services, complements })
    };
    rows.into_iter().map(read).collect()
}

fn read_one(row: ServiceDateRow) -> Result<ServiceDate> {
    let lieu = row.endroit.read(row.service.lieu_id.parse()?)?;
    Ok(ServiceDate { service: read_service(row.service, lieu)?, updated_at: Instant(row.updated_at) })
}

/// What to keep of a list, beyond its territoire. A text left empty keeps everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Identifier of a structure.
    pub structure: String,
    /// Code of a need, as it was written on the service.
    pub besoin: String,
    /// Written at that moment or later.
    pub depuis: i64,
}

impl Selection {
    fn besoin_like(&self) -> String {
        if self.besoin.is_empty() { "%".into() } else { format!("% {} %", self.besoin) }
    }
}

/// The services that a page keeps, in the order of their structures: what the two queries below have in common.
/// `$2` structure, `$3` need, `$4` moment, `$5` limit, `$6` offset.
const STRUCTURES_OF_SELECTION: &str = "
SELECT *
FROM annuaire_structure
WHERE territoire_id = $1 AND id IN (
  SELECT structure_id FROM annuaire_service
  WHERE territoire_id = $1 AND ($2 = '' OR structure_id = $2) AND ' ' || besoins || ' ' LIKE $3 AND updated_at >= $4
  ORDER BY structure_id, id LIMIT $5 OFFSET $6)
ORDER BY id";

const SERVICES_OF_SELECTION: &str = "
SELECT s.*, l.adresse, l.code_insee, l.latitude, l.longitude, l.horaires
FROM annuaire_service s
JOIN annuaire_lieu l ON l.territoire_id = s.territoire_id AND l.id = s.lieu_id
WHERE s.territoire_id = $1 AND s.id IN (
  SELECT id FROM annuaire_service
  WHERE territoire_id = $1 AND ($2 = '' OR structure_id = $2) AND ' ' || besoins || ' ' LIKE $3 AND updated_at >= $4
  ORDER BY structure_id, id LIMIT $5 OFFSET $6)
ORDER BY s.structure_id, s.id";

/// A page of services, each under its structure; a structure holds only those of its services that were asked for.
pub async fn list_selection(
    db: &impl ConnectionTrait,
    territoire: Id,
    selection: &Selection,
    (offset, limit): (i64, i64),
) -> Result<Vec<StructureDatee>> {
    if *selection == Selection::default() {
        return list_all(db, territoire, (offset, limit)).await;
    }
    let values = || values![territoire, selection.structure.as_str(), selection.besoin_like(), selection.depuis, limit, offset];
    let rows: Vec<StructureDateeRow> = sql::list(db, STRUCTURES_OF_SELECTION, values()).await?;
    let services = sql::list(db, SERVICES_OF_SELECTION, values()).await?;
    attach(db, territoire, (rows, services)).await
}

#[derive(FromQueryResult)]
struct RangRow {
    id: String,
    structure_id: String,
}

/// The same when everything is asked for: read along one index, whatever the page.
async fn list_all(db: &impl ConnectionTrait, territoire: Id, (offset, limit): (i64, i64)) -> Result<Vec<StructureDatee>> {
    let text = "SELECT id, structure_id FROM annuaire_service WHERE territoire_id = $1 ORDER BY structure_id, id LIMIT $2 OFFSET $3";
    let rangs: Vec<RangRow> = sql::list(db, text, values![territoire, limit, offset]).await?;
    let (Some(first), Some(last)) = (rangs.first(), rangs.last()) else { return Ok(vec![]) };
    let bounds = ((first.structure_id.parse()?, first.id.parse()?), (last.structure_id.parse()?, last.id.parse()?));
    let mut structures = list_structures_between(db, territoire, (bounds.0.0, bounds.1.0)).await?;
    for datee in &mut structures {
        let structure = datee.structure.id;
        datee.services.retain(|date| (bounds.0..=bounds.1).contains(&(structure, date.service.id)));
    }
    structures.retain(|datee| !datee.services.is_empty());
    Ok(structures)
}

pub async fn count_selection(db: &impl ConnectionTrait, territoire: Id, selection: &Selection) -> Result<i64> {
    if *selection == Selection::default() {
        return sql::number(db, "SELECT COUNT(*) FROM annuaire_service WHERE territoire_id = $1", values![territoire]).await;
    }
    sql::number(
        db,
        "SELECT COUNT(*) FROM annuaire_service
         WHERE territoire_id = $1 AND ($2 = '' OR structure_id = $2) AND ' ' || besoins || ' ' LIKE $3 AND updated_at >= $4",
        values![territoire, selection.structure.as_str(), selection.besoin_like(), selection.depuis],
    )
    .await
}

/// A page of structures, in the order of their identifiers, with all their services.
pub async fn list_structures_page(db: &impl ConnectionTrait, territoire: Id, (offset, limit): (i64, i64)) -> Result<Vec<StructureDatee>> {
    let rows: Vec<StructureDateeRow> = sql::list(
        db,
        "SELECT *
         FROM annuaire_structure WHERE territoire_id = $1 ORDER BY id LIMIT $2 OFFSET $3",
        values![territoire, limit, offset],
    )
    .await?;
    with_services(db, territoire, rows).await
}

/// The structure of a service of this territoire.
pub async fn find_structure_of_service(db: &impl ConnectionTrait, territoire: Id, service: Id) -> Result<Option<Id>> {
    let text = "SELECT structure_id FROM annuaire_service WHERE territoire_id = $1 AND id = $2";
    sql::texts(db, text, values![territoire, service]).await?.first().map(|id| id.parse()).transpose()
}

/// The last moment at which something of the annuaire of a territoire was written.
pub async fn find_derniere_ecriture(db: &impl ConnectionTrait, territoire: Id) -> Result<Instant> {
    let text = "SELECT CAST(COALESCE(MAX(updated_at), 0) AS BIGINT) FROM (
         SELECT MAX(updated_at) AS updated_at FROM annuaire_structure WHERE territoire_id = $1
         UNION ALL SELECT MAX(updated_at) FROM annuaire_service WHERE territoire_id = $1) AS ecritures";
    Ok(Instant(sql::number(db, text, values![territoire]).await?))
}

/// How many times the annuaire of a territoire was written.
pub async fn find_revision(db: &impl ConnectionTrait, territoire: Id) -> Result<i64> {
    sql::number(db, "SELECT revision FROM annuaire_revision WHERE territoire_id = $1", values![territoire]).await
}
