//! Structures of which no service is known yet: a mairie, an EHPAD read from a list.

use std::collections::HashSet;

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};
use territoire::{CodeInsee, Point};

use super::{LIEU, STRUCTURE, fiche, lieu_row, structure_row, touch};
use crate::import::StructureSeule;
use crate::{Categorie, Contact, Lieu, Structure};

#[derive(FromQueryResult)]
struct StructureRow {
    id: String,
    source: String,
    source_id: String,
    nom: String,
    categorie: String,
    description: Option<String>,
    siret: Option<String>,
    telephone: Option<String>,
    courriel: Option<String>,
    site_web: Option<String>,
    exemple: bool,
}

/// A structure by itself, whether or not it renders a service.
pub async fn find_structure_seule(db: &Db, territoire: Id, structure: Id) -> Result<Option<Structure>> {
    let row: Option<StructureRow> = sql::find(
        db.read(),
        "SELECT id, source, source_id, nom, categorie, description, siret, telephone, courriel, site_web, exemple
         FROM annuaire_structure WHERE territoire_id = $1 AND id = $2",
        values![territoire, structure],
    )
    .await?;
    row.map(|row| {
        Ok(Structure {
            id: row.id.parse()?,
            source: row.source,
            source_id: row.source_id,
            nom: row.nom,
            categorie: Categorie::from_code(&row.categorie).unwrap_or(Categorie::Autre),
            description: row.description,
            siret: row.siret,
            contact: Contact { telephone: row.telephone, courriel: row.courriel, site_web: row.site_web },
            exemple: row.exemple,
        })
    })
    .transpose()
}

#[derive(FromQueryResult)]
struct LieuRow {
    id: String,
    adresse: Option<String>,
    code_insee: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
    horaires: Option<String>,
}

/// The places of a structure.
pub async fn list_lieux(db: &Db, territoire: Id, structure: Id) -> Result<Vec<Lieu>> {
    let rows: Vec<LieuRow> = sql::list(
        db.read(),
        "SELECT id, adresse, code_insee, latitude, longitude, horaires
         FROM annuaire_lieu WHERE territoire_id = $1 AND structure_id = $2 ORDER BY id",
        values![territoire, structure],
    )
    .await?;
    let read = |row: LieuRow| {
        Ok(Lieu {
            id: row.id.parse()?,
            adresse: row.adresse,
            commune: CodeInsee::parse(&row.code_insee).map_err(anyhow::Error::from)?,
            point: row.latitude.zip(row.longitude).and_then(|(latitude, longitude)| Point::new(latitude, longitude)),
            horaires: row.horaires,
        })
    };
    rows.into_iter().map(read).collect()
}

/// Writes structures and their places; what was already there under the same source's id is replaced, their services stay.
pub async fn save_structures(
    tx: &impl ConnectionTrait,
    territoire: Id,
    structures: &[StructureSeule],
    now: Instant,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<()> {
    let corriges = fiche::list_corriges(tx, territoire).await?;
    let mut lieux = HashSet::new();
    let mut written = 0;
    for part in structures.chunks(1_000) {
        let rows = part.iter().map(|one| structure_row(territoire, &one.structure, (&corriges, now))).collect();
        sql::upsert_many(tx, &STRUCTURE, rows).await?;
        let fresh = part.iter().filter(|one| lieux.insert(one.lieu.id));
        sql::upsert_many(tx, &LIEU, fresh.map(|one| lieu_row(territoire, one.structure.id, &one.lieu)).collect()).await?;
        written += part.len();
        progress(written);
    }
    touch(tx, territoire).await
}
