//! The tables `annuaire_*`.

pub mod adresse;
pub mod changement;
pub mod colonnes;
pub mod doublons;
pub mod export;
pub mod fiche;
mod fiche_lignes;
pub mod historique;
mod inscription;
mod instantane;
pub mod logo;
pub mod lot;
pub mod qualite;
pub mod recensement;
pub mod redirection;
pub mod suggestion;
pub mod verification;

pub use inscription::save_inscriptions;
pub use instantane::{load_aiguillage, resume_aiguillage, resume_with_retours};

use chrono::NaiveDate;
use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::{Contact, Frais, Lieu, Service, Structure};

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
        "SELECT st.id, st.nom, st.categorie, st.telephone, st.exemple,
                (SELECT COUNT(*) FROM annuaire_service s WHERE s.territoire_id = st.territoire_id AND s.structure_id = st.id) AS services
         FROM (SELECT id, nom_plie FROM annuaire_structure WHERE territoire_id = $1 AND nom_plie LIKE $2
               ORDER BY nom_plie, id LIMIT 100 OFFSET $3) AS page
         JOIN annuaire_structure st ON st.territoire_id = $1 AND st.id = page.id
         ORDER BY page.nom_plie, page.id",
        values![territoire, format!("%{}%", kit::text::fold(texte).replace(' ', "%")), i64::from(offset)],
    )
    .await
}

/// How many structures a territoire has.
pub async fn count_structures(db: &Db, territoire: Id) -> Result<i64> {
    sql::number(db.read(), "SELECT COUNT(*) FROM annuaire_structure WHERE territoire_id = $1", values![territoire]).await
}

#[derive(FromQueryResult)]
struct RevisionRow {
    territoire_id: String,
    revision: i64,
}

/// So many days of temporary information fit between two writes.
const JOURS_PAR_REVISION: i64 = 1_000_000;

/// The revision of the annuaire of each territoire that has one, as of a day: it grows with each write, and on each day when a
/// temporary information begins or has ended.
pub async fn list_revisions(db: &Db, jour: NaiveDate) -> Result<Vec<(Id, i64)>> {
    let rows: Vec<RevisionRow> = sql::list(
        db.read(),
        "SELECT r.territoire_id, r.revision * $2
           + (SELECT COUNT(*) FROM annuaire_information i WHERE i.territoire_id = r.territoire_id AND i.du <= $1)
           + (SELECT COUNT(*) FROM annuaire_information i WHERE i.territoire_id = r.territoire_id AND i.au < $1) AS revision
         FROM annuaire_revision r",
        values![jour.to_string(), JOURS_PAR_REVISION],
    )
    .await?;
    rows.into_iter().map(|row| Ok((row.territoire_id.parse()?, row.revision))).collect()
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
        "publics",
        "frais",
        "aides",
        "conditions",
        "demarche",
        "delai_jours",
        "places",
        "capacite_at",
        "updated_at",
    ],
    key: &["territoire_id", "id"],
    replaced: &[
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
        "publics",
        "frais",
        "aides",
        "conditions",
        "demarche",
        "delai_jours",
        "places",
        "capacite_at",
        "updated_at",
    ],
};

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

fn structure_row(territoire: Id, structure: &Structure, now: Instant) -> Vec<Value> {
    let Contact { telephone, courriel, site_web } = &structure.contact;
    values![
        territoire,
        structure.id,
        structure.source.as_str(),
        structure.source_id.as_str(),
        structure.nom.as_str(),
        kit::text::fold(&structure.nom),
        structure.categorie.code(),
        structure.description.clone(),
        structure.siret.clone(),
        telephone.clone(),
        courriel.clone(),
        site_web.clone(),
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
    let modalites = &service.modalites;
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
        words(modalites.publics.iter().map(|value| value.code()).collect()),
        modalites.frais.map(Frais::code),
        words(modalites.aides.iter().map(|value| value.code()).collect()),
        modalites.conditions.clone(),
        modalites.demarche.clone(),
        modalites.delai_jours.map(i64::from),
        modalites.places.map(i64::from),
        modalites.capacite_at.map(|at| at.0),
        now.0
    ]
    .to_vec()
}
