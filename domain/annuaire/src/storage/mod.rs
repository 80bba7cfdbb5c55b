//! The tables `annuaire_*`.

pub mod colonnes;
pub mod doublons;
pub mod fiche;
mod instantane;
pub mod lot;
pub mod seule;

pub use instantane::load_aiguillage;

use std::collections::{HashMap, HashSet};

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use territoire::{CodeInsee, Point};

use crate::aiguillage::Inscription;
use crate::{Categorie, Contact, Creneau, Disponibilite, Intervention, Lieu, Mode, Presentation, Service, Structure};

/// One service, its place and its structure.
#[derive(FromQueryResult)]
struct InscriptionRow {
    structure_id: String,
    source: String,
    structure_source_id: String,
    structure_nom: String,
    categorie: String,
    structure_description: Option<String>,
    siret: Option<String>,
    structure_telephone: Option<String>,
    courriel: Option<String>,
    site_web: Option<String>,
    exemple: bool,
    lieu_id: String,
    adresse: Option<String>,
    code_insee: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
    horaires: Option<String>,
    id: String,
    source_id: String,
    nom: String,
    description: Option<String>,
    besoins: String,
    mode: String,
    couverture: String,
    intervention: String,
    creneaux: String,
    disponibilite: String,
    telephone: Option<String>,
    tarif: Option<String>,
}

const INSCRIPTIONS_OF_STRUCTURE: &str = "
SELECT st.id AS structure_id, st.source, st.source_id AS structure_source_id, st.nom AS structure_nom, st.categorie,
       st.description AS structure_description, st.siret, st.telephone AS structure_telephone, st.courriel, st.site_web, st.exemple,
       l.id AS lieu_id, l.adresse, l.code_insee, l.latitude, l.longitude, l.horaires,
       s.id, s.source_id, s.nom, s.description, s.besoins, s.mode, s.couverture, s.intervention, s.creneaux, s.disponibilite,
       s.telephone, s.tarif
FROM annuaire_service s
JOIN annuaire_structure st ON st.territoire_id = s.territoire_id AND st.id = s.structure_id
JOIN annuaire_lieu l ON l.territoire_id = s.territoire_id AND l.id = s.lieu_id
WHERE s.territoire_id = $1 AND s.structure_id = $2
ORDER BY s.nom, s.id";

/// A structure as a list shows it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct StructureListee {
    pub id: String,
    pub nom: String,
    pub categorie: String,
    pub telephone: Option<String>,
    pub exemple: bool,
    /// How many services it renders.
    pub services: i64,
}

/// Structures whose name contains the words of `texte`, in that order; by name, 100 at most from `offset`.
pub async fn list_structures(db: &Db, territoire: Id, texte: &str, offset: u32) -> Result<Vec<StructureListee>> {
    sql::list(
        db.read(),
        "SELECT st.id, st.nom, st.categorie, st.telephone, st.exemple, COUNT(s.id) AS services
         FROM annuaire_structure st
         LEFT JOIN annuaire_service s ON s.territoire_id = st.territoire_id AND s.structure_id = st.id
         WHERE st.territoire_id = $1 AND st.nom_plie LIKE $2
         GROUP BY st.id, st.nom, st.nom_plie, st.categorie, st.telephone, st.exemple
         ORDER BY st.nom_plie, st.id
         LIMIT 100 OFFSET $3",
        values![territoire, format!("%{}%", kit::text::fold(texte).replace(' ', "%")), i64::from(offset)],
    )
    .await
}

/// How many structures a territoire has.
pub async fn count_structures(db: &Db, territoire: Id) -> Result<i64> {
    sql::number(db.read(), "SELECT COUNT(*) FROM annuaire_structure WHERE territoire_id = $1", values![territoire]).await
}

/// A structure and its services, by name; nothing when this territoire has no such structure.
pub async fn find_structure(db: &Db, territoire: Id, structure: Id) -> Result<Option<(Structure, Vec<Service>)>> {
    let rows: Vec<InscriptionRow> = sql::list(db.read(), INSCRIPTIONS_OF_STRUCTURE, values![territoire, structure]).await?;
    let inscriptions = rows.into_iter().map(read_inscription).collect::<Result<Vec<_>>>()?;
    let found = match inscriptions.first() {
        Some(inscription) => Some(inscription.structure.clone()),
        None => seule::find_structure_seule(db, territoire, structure).await?,
    };
    Ok(found.map(|structure| (structure, inscriptions.into_iter().map(|inscription| inscription.service).collect())))
}

#[derive(FromQueryResult)]
struct RevisionRow {
    territoire_id: String,
    revision: i64,
}

/// The revision of the annuaire of each territoire that has one.
pub async fn list_revisions(db: &Db) -> Result<Vec<(Id, i64)>> {
    let rows: Vec<RevisionRow> = sql::list(db.read(), "SELECT territoire_id, revision FROM annuaire_revision", []).await?;
    rows.into_iter().map(|row| Ok((row.territoire_id.parse()?, row.revision))).collect()
}

fn read_inscription(row: InscriptionRow) -> Result<Inscription> {
    let structure_id: Id = row.structure_id.parse()?;
    let structure = Structure {
        id: structure_id,
        source: row.source,
        source_id: row.structure_source_id,
        nom: row.structure_nom,
        categorie: Categorie::from_code(&row.categorie).unwrap_or(Categorie::Autre),
        description: row.structure_description,
        siret: row.siret,
        contact: Contact { telephone: row.structure_telephone, courriel: row.courriel, site_web: row.site_web },
        exemple: row.exemple,
    };
    let lieu = Lieu {
        id: row.lieu_id.parse()?,
        adresse: row.adresse,
        commune: CodeInsee::parse(&row.code_insee).map_err(anyhow::Error::from)?,
        point: row.latitude.zip(row.longitude).and_then(|(latitude, longitude)| Point::new(latitude, longitude)),
        horaires: row.horaires,
    };
    let service = Service {
        id: row.id.parse()?,
        structure_id,
        lieu,
        source_id: row.source_id,
        nom: row.nom,
        description: row.description,
        besoins: row.besoins.split_whitespace().map(str::to_string).collect(),
        mode: Mode::from_code(&row.mode).unwrap_or(Mode::SurPlace),
        couverture: row.couverture.parse().map_err(anyhow::Error::from)?,
        intervention: row.intervention.split_whitespace().filter_map(Intervention::from_code).collect(),
        creneaux: row.creneaux.split_whitespace().filter_map(Creneau::from_code).collect(),
        disponibilite: Disponibilite::from_code(&row.disponibilite).unwrap_or(Disponibilite::Inconnue),
        telephone: row.telephone,
        tarif: row.tarif,
    };
    Ok(Inscription { structure, service })
}

const STRUCTURE: sql::Target = sql::Target {
    table: "annuaire_structure",
    columns: &[
        "territoire_id",
        "id",
        "source",
        "source_id",
        "nom",
        "nom_plie",
        "categorie",
        "description",
        "siret",
        "telephone",
        "courriel",
        "site_web",
        "exemple",
        "created_at",
        "updated_at",
    ],
    key: &["territoire_id", "id"],
    replaced: &["nom", "nom_plie", "categorie", "description", "siret", "telephone", "courriel", "site_web", "exemple", "updated_at"],
};
const LIEU: sql::Target = sql::Target {
    table: "annuaire_lieu",
    columns: &["territoire_id", "id", "structure_id", "adresse", "code_insee", "latitude", "longitude", "horaires"],
    key: &["territoire_id", "id"],
    replaced: &["adresse", "code_insee", "latitude", "longitude", "horaires"],
};
const SERVICE: sql::Target = sql::Target {
    table: "annuaire_service",
    columns: &[
        "territoire_id",
        "id",
        "structure_id",
        "lieu_id",
        "source_id",
        "nom",
        "description",
        "besoins",
        "mode",
        "couverture",
        "intervention",
        "creneaux",
        "disponibilite",
        "telephone",
        "tarif",
        "updated_at",
    ],
    key: &["territoire_id", "id"],
    replaced: &[
        "lieu_id",
        "nom",
        "description",
        "besoins",
        "mode",
        "couverture",
        "intervention",
        "creneaux",
        "disponibilite",
        "telephone",
        "tarif",
        "updated_at",
    ],
};

/// Writes services with their structures and places; what was already there under the same source's id is replaced.
/// Written in the order in which they are read back (`instantane`): neighbours on the disk are neighbours in the reading.
/// `progress` is told how many services have been written.
pub async fn save_inscriptions(
    tx: &impl ConnectionTrait,
    territoire: Id,
    inscriptions: &[Inscription],
    now: Instant,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<()> {
    let (mut structures, mut lieux) = (HashSet::new(), HashSet::new());
    let corriges = fiche::list_corriges(tx, territoire).await?;
    let mut written = 0;
    let mut ordered: Vec<&Inscription> = inscriptions.iter().collect();
    ordered.sort_by_key(|one| (one.structure.id, one.service.id));
    for part in ordered.chunks(1_000) {
        let fresh = part.iter().filter(|one| structures.insert(one.structure.id));
        sql::upsert_many(tx, &STRUCTURE, fresh.map(|one| structure_row(territoire, &one.structure, (&corriges, now))).collect()).await?;
        let fresh = part.iter().filter(|one| lieux.insert(one.service.lieu.id));
        sql::upsert_many(tx, &LIEU, fresh.map(|one| lieu_row(territoire, one.structure.id, &one.service.lieu)).collect()).await?;
        sql::upsert_many(tx, &SERVICE, part.iter().map(|one| service_row(territoire, &one.service, now)).collect()).await?;
        written += part.len();
        progress(written);
    }
    delete_empty_lieux(tx, territoire).await?;
    touch(tx, territoire).await
}

/// A service that moved leaves its former place behind; the place of a structure that has no service yet is its own.
async fn delete_empty_lieux(tx: &impl ConnectionTrait, territoire: Id) -> Result<()> {
    sql::execute(
        tx,
        "DELETE FROM annuaire_lieu WHERE territoire_id = $1
         AND id NOT IN (SELECT lieu_id FROM annuaire_service WHERE territoire_id = $1)
         AND structure_id IN (SELECT structure_id FROM annuaire_service WHERE territoire_id = $1)",
        values![territoire],
    )
    .await?;
    Ok(())
}

/// Tells every process that its snapshot is late.
async fn touch(tx: &impl ConnectionTrait, territoire: Id) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO annuaire_revision (territoire_id, revision) VALUES ($1, 1)
         ON CONFLICT (territoire_id) DO UPDATE SET revision = annuaire_revision.revision + 1",
        values![territoire],
    )
    .await?;
    Ok(())
}

/// What somebody mended by hand stands against what the file says.
fn structure_row(territoire: Id, structure: &Structure, (corriges, now): (&HashMap<Id, Presentation>, Instant)) -> Vec<Value> {
    let of_file = (&structure.contact, &structure.description);
    let (contact, description) = corriges.get(&structure.id).map_or(of_file, |mended| (&mended.contact, &mended.description));
    values![
        territoire,
        structure.id,
        structure.source.as_str(),
        structure.source_id.as_str(),
        structure.nom.as_str(),
        kit::text::fold(&structure.nom),
        structure.categorie.code(),
        description.clone(),
        structure.siret.clone(),
        contact.telephone.clone(),
        contact.courriel.clone(),
        contact.site_web.clone(),
        structure.exemple,
        now.0,
        now.0
    ]
    .to_vec()
}

fn lieu_row(territoire: Id, structure: Id, lieu: &Lieu) -> Vec<Value> {
    let Lieu { id, adresse, commune, point, horaires } = lieu;
    values![
        territoire,
        *id,
        structure,
        adresse.clone(),
        commune.to_string(),
        point.map(|point| point.lat()),
        point.map(|point| point.lon()),
        horaires.clone()
    ]
    .to_vec()
}

fn service_row(territoire: Id, service: &Service, now: Instant) -> Vec<Value> {
    let words = |codes: Vec<&str>| codes.join(" ");
    values![
        territoire,
        service.id,
        service.structure_id,
        service.lieu.id,
        service.source_id.as_str(),
        service.nom.as_str(),
        service.description.clone(),
        service.besoins.join(" "),
        service.mode.code(),
        service.couverture.to_string(),
        words(service.intervention.iter().map(|value| value.code()).collect()),
        words(service.creneaux.iter().map(|value| value.code()).collect()),
        service.disponibilite.code(),
        service.telephone.clone(),
        service.tarif.clone(),
        now.0
    ]
    .to_vec()
}
