//! Structures as the search of duplicates compares them: all of a territoire, or those that could be one of them.

use kit::{Db, Id, Result, sql, values};
use sea_orm::FromQueryResult;
use territoire::{CodeInsee, Point};

use crate::Categorie;
use crate::doublons::Candidat;

/// A structure and what names it in its file.
#[derive(Clone, Debug, PartialEq)]
pub struct StructureComparee {
    pub candidat: Candidat,
    pub source: String,
    pub source_id: String,
}

#[derive(FromQueryResult)]
struct CandidatRow {
    id: String,
    source: String,
    source_id: String,
    nom: String,
    categorie: String,
    siret: Option<String>,
    telephone: Option<String>,
    courriel: Option<String>,
    site_web: Option<String>,
    adresse: Option<String>,
    code_insee: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    horaires: Option<String>,
}

/// Every structure of a territoire, with the first of its places.
pub async fn list_candidats(db: &Db, territoire: Id) -> Result<Vec<StructureComparee>> {
    let rows: Vec<CandidatRow> = sql::list(
        db.read(),
        "SELECT st.id, st.source, st.source_id, st.nom, st.categorie, st.siret, st.telephone, st.courriel, st.site_web,
                l.adresse, l.code_insee, l.latitude, l.longitude, l.horaires
         FROM annuaire_structure st
         LEFT JOIN annuaire_lieu l ON l.territoire_id = st.territoire_id AND l.structure_id = st.id
           AND l.id = (SELECT MIN(first.id) FROM annuaire_lieu first WHERE first.territoire_id = st.territoire_id AND first.structure_id = st.id)
         WHERE st.territoire_id = $1
         ORDER BY st.id",
        values![territoire],
    )
    .await?;
    rows.into_iter().map(read).collect()
}

/// The structures that share with this one a telephone, a SIRET, a name or a commune; itself included.
pub async fn list_candidats_near(db: &Db, territoire: Id, structure: Id) -> Result<Vec<StructureComparee>> {
    let rows: Vec<CandidatRow> = sql::list(
        db.read(),
        "SELECT st.id, st.source, st.source_id, st.nom, st.categorie, st.siret, st.telephone, st.courriel, st.site_web,
                l.adresse, l.code_insee, l.latitude, l.longitude, l.horaires
         FROM annuaire_structure st
         LEFT JOIN annuaire_lieu l ON l.territoire_id = st.territoire_id AND l.structure_id = st.id
           AND l.id = (SELECT MIN(first.id) FROM annuaire_lieu first WHERE first.territoire_id = st.territoire_id AND first.structure_id = st.id)
         WHERE st.territoire_id = $1 AND st.id IN (
           SELECT $2
           UNION SELECT near.id FROM annuaire_structure own
             JOIN annuaire_structure near ON near.territoire_id = own.territoire_id AND near.telephone = own.telephone
             WHERE own.territoire_id = $1 AND own.id = $2
           UNION SELECT near.id FROM annuaire_structure own
             JOIN annuaire_structure near ON near.territoire_id = own.territoire_id AND near.siret = own.siret
             WHERE own.territoire_id = $1 AND own.id = $2
           UNION SELECT near.id FROM annuaire_structure own
             JOIN annuaire_structure near ON near.territoire_id = own.territoire_id AND near.nom_plie = own.nom_plie
             WHERE own.territoire_id = $1 AND own.id = $2
           UNION SELECT near.structure_id FROM annuaire_lieu own
             JOIN annuaire_lieu near ON near.territoire_id = own.territoire_id AND near.code_insee = own.code_insee
             WHERE own.territoire_id = $1 AND own.structure_id = $2)
         ORDER BY st.id",
        values![territoire, structure],
    )
    .await?;
    rows.into_iter().map(read).collect()
}

fn read(row: CandidatRow) -> Result<StructureComparee> {
    let candidat = Candidat {
        id: row.id.parse()?,
        nom: row.nom,
        categorie: Categorie::from_code(&row.categorie).unwrap_or(Categorie::Autre),
        siret: row.siret,
        telephone: row.telephone,
        courriel: row.courriel,
        site_web: row.site_web,
        adresse: row.adresse,
        commune: row.code_insee.as_deref().and_then(|code| CodeInsee::parse(code).ok()),
        point: row.latitude.zip(row.longitude).and_then(|(latitude, longitude)| Point::new(latitude, longitude)),
        horaires: row.horaires,
    };
    Ok(StructureComparee { candidat, source: row.source, source_id: row.source_id })
}
