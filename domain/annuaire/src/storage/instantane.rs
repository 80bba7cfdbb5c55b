//! The whole annuaire of a territoire read into a snapshot: what start-up waits for.

use kit::{Db, Id, Result, sql, values};
use sea_orm::QueryResult;
use territoire::{CodeInsee, Point, Territoire};

use crate::aiguillage::{Aiguillage, Batisseur, Inscription};
use crate::{Categorie, Contact, Creneau, Disponibilite, Intervention, Lieu, Mode, Service, Structure};

/// A page of services in the order of their structures, after a given one: memory stays flat however large the annuaire.
/// Only what an answer shows; columns are read by their position here.
const PAGE_OF_INSCRIPTIONS: &str = "
SELECT s.structure_id, s.id, st.nom, st.categorie, st.telephone, st.exemple,
       l.adresse, l.code_insee, l.latitude, l.longitude, l.horaires,
       s.nom, s.besoins, s.mode, s.couverture, s.intervention, s.creneaux, s.disponibilite, s.telephone, s.tarif
FROM annuaire_service s
JOIN annuaire_structure st ON st.territoire_id = s.territoire_id AND st.id = s.structure_id
JOIN annuaire_lieu l ON l.territoire_id = s.territoire_id AND l.id = s.lieu_id
WHERE s.territoire_id = $1 AND (s.structure_id > $2 OR (s.structure_id = $2 AND s.id > $3))
ORDER BY s.structure_id, s.id
LIMIT $4";

const PAGE: i64 = 8_000;

/// Reads the whole annuaire of a territoire. The next page is fetched while this one is resolved.
pub async fn load_aiguillage(db: &Db, territoire: &Territoire, revision: i64) -> Result<Aiguillage> {
    let mut batisseur = Batisseur::new(territoire, revision);
    let mut page = fetch(db.clone(), territoire.id, (String::new(), String::new())).await?;
    while let Some(last) = page.last() {
        let after = (last.try_get_by_index(0)?, last.try_get_by_index(1)?);
        let next = tokio::spawn(fetch(db.clone(), territoire.id, after));
        for row in page {
            batisseur.add(&read(&row)?);
        }
        page = next.await.map_err(anyhow::Error::from)??;
    }
    Ok(batisseur.finish())
}

async fn fetch(db: Db, territoire: Id, (structure, service): (String, String)) -> Result<Vec<QueryResult>> {
    sql::rows(db.read(), PAGE_OF_INSCRIPTIONS, values![territoire, structure, service, PAGE]).await
}

/// What the snapshot does not show (source, descriptions, e-mail…) is not read, and left empty.
fn read(row: &QueryResult) -> Result<Inscription> {
    let id = |place| -> Result<Id> { row.try_get_by_index::<String>(place)?.parse() };
    let text = |place| row.try_get_by_index::<String>(place);
    let some = |place| row.try_get_by_index::<Option<String>>(place);
    let structure = Structure {
        id: id(0)?,
        source: String::new(),
        source_id: String::new(),
        nom: text(2)?,
        categorie: Categorie::from_code(&text(3)?).unwrap_or(Categorie::Autre),
        description: None,
        siret: None,
        contact: Contact { telephone: some(4)?, ..Contact::default() },
        exemple: row.try_get_by_index(5)?,
    };
    let (latitude, longitude) = (row.try_get_by_index::<Option<f64>>(8)?, row.try_get_by_index::<Option<f64>>(9)?);
    let lieu = Lieu {
        id: structure.id,
        adresse: some(6)?,
        commune: CodeInsee::parse(&text(7)?).map_err(anyhow::Error::from)?,
        point: latitude.zip(longitude).and_then(|(latitude, longitude)| Point::new(latitude, longitude)),
        horaires: some(10)?,
    };
    let service = Service {
        id: id(1)?,
        structure_id: structure.id,
        lieu,
        source_id: String::new(),
        nom: text(11)?,
        description: None,
        besoins: text(12)?.split_whitespace().map(str::to_string).collect(),
        mode: Mode::from_code(&text(13)?).unwrap_or(Mode::SurPlace),
        couverture: text(14)?.parse().map_err(anyhow::Error::from)?,
        intervention: text(15)?.split_whitespace().filter_map(Intervention::from_code).collect(),
        creneaux: text(16)?.split_whitespace().filter_map(Creneau::from_code).collect(),
        disponibilite: Disponibilite::from_code(&text(17)?).unwrap_or(Disponibilite::Inconnue),
        telephone: some(18)?,
        tarif: some(19)?,
    };
    Ok(Inscription { structure, service })
}
