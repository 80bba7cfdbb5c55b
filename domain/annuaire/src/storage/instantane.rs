//! The whole annuaire of a territoire read into a snapshot: what start-up waits for.

use anyhow::anyhow;
use chrono::NaiveDate;
use kit::{Db, Id, Result, sql, values};
use territoire::{CodeInsee, Point, Territoire};

use crate::aiguillage::{Aiguillage, Batisseur, Inscription};
use crate::{Categorie, Contact, Creneau, Disponibilite, Intervention, Lieu, Modalites, Mode, Service, Structure};

/// A page of services in the order of their structures, after a given one: memory stays flat however large the annuaire.
/// Only what an answer shows, and as one text per service, its parts separated by `$5`: with a value per column, copying
/// 3 million values from the database's thread took most of the start-up of a national annuaire.
const PAGE_OF_INSCRIPTIONS: &str = "
SELECT s.structure_id || $5 || s.id || $5 || st.nom || $5 || st.categorie || $5 || COALESCE(st.telephone, '') || $5 ||
       CASE WHEN st.exemple THEN 'x' ELSE '' END || $5 || COALESCE(l.adresse, '') || $5 || l.code_insee || $5 ||
       COALESCE(CAST(l.latitude AS TEXT), '') || $5 || COALESCE(CAST(l.longitude AS TEXT), '') || $5 || COALESCE(l.horaires, '') || $5 ||
       s.nom || $5 || s.besoins || $5 || s.mode || $5 || s.couverture || $5 || s.intervention || $5 || s.creneaux || $5 ||
       s.disponibilite || $5 || COALESCE(s.telephone, '') || $5 || COALESCE(s.tarif, '')
FROM annuaire_service s
JOIN annuaire_structure st ON st.territoire_id = s.territoire_id AND st.id = s.structure_id
JOIN annuaire_lieu l ON l.territoire_id = s.territoire_id AND l.id = s.lieu_id
WHERE s.territoire_id = $1 AND (s.structure_id > $2 OR (s.structure_id = $2 AND s.id > $3))
  AND NOT EXISTS (
    SELECT 1 FROM annuaire_information i
    WHERE i.territoire_id = s.territoire_id AND i.structure_id = s.structure_id AND (i.service_id IS NULL OR i.service_id = s.id)
      AND i.nature IN ('fermeture', 'suspension') AND i.du <= $6 AND (i.au IS NULL OR i.au >= $6))
ORDER BY s.structure_id, s.id
LIMIT $4";

/// Never typed by anybody: control characters are taken out of every text on its way in (`kit::text::tidy`).
const SEPARATOR: char = '\u{1f}';
const PARTS: usize = 20;
const PAGE: i64 = 8_000;

/// Reads the whole annuaire of a territoire, as it serves on a day: a service suspended or a structure closed for a time is
/// not proposed. The next page is fetched while this one is resolved.
pub async fn load_aiguillage(db: &Db, territoire: &Territoire, (revision, jour): (i64, NaiveDate)) -> Result<Aiguillage> {
    let mut batisseur = Batisseur::new(territoire, revision);
    let mut page = fetch(db.clone(), (territoire.id, jour), (String::new(), String::new())).await?;
    while let Some(last) = page.last() {
        let [structure, service, ..] = split(last)?;
        let next = tokio::spawn(fetch(db.clone(), (territoire.id, jour), (structure.to_string(), service.to_string())));
        for text in &page {
            batisseur.add(&read(split(text)?)?);
        }
        page = next.await.map_err(anyhow::Error::from)??;
    }
    Ok(batisseur.finish())
}

async fn fetch(db: Db, (territoire, jour): (Id, NaiveDate), (structure, service): (String, String)) -> Result<Vec<String>> {
    sql::texts(db.read(), PAGE_OF_INSCRIPTIONS, values![territoire, structure, service, PAGE, SEPARATOR.to_string(), jour.to_string()])
        .await
}

fn split(text: &str) -> Result<[&str; PARTS]> {
    let parts: Vec<&str> = text.split(SEPARATOR).collect();
    Ok(parts.try_into().map_err(|parts: Vec<&str>| anyhow!("{} parts instead of {PARTS}", parts.len()))?)
}

/// What the snapshot does not show (source, descriptions, e-mail…) is not read, and left empty.
fn read(parts: [&str; PARTS]) -> Result<Inscription> {
    let [
        structure_id,
        id,
        structure_nom,
        categorie,
        structure_telephone,
        exemple,
        adresse,
        code_insee,
        latitude,
        longitude,
        horaires,
        nom,
        besoins,
        mode,
        couverture,
        intervention,
        creneaux,
        disponibilite,
        telephone,
        tarif,
    ] = parts;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_string());
    let structure = Structure {
        id: structure_id.parse()?,
        source: String::new(),
        source_id: String::new(),
        nom: structure_nom.to_string(),
        categorie: Categorie::from_code(categorie).unwrap_or(Categorie::Autre),
        description: None,
        siret: None,
        contact: Contact { telephone: some(structure_telephone), ..Contact::default() },
        exemple: !exemple.is_empty(),
    };
    let lieu = Lieu {
        id: structure.id,
        adresse: some(adresse),
        commune: CodeInsee::parse(code_insee).map_err(anyhow::Error::from)?,
        point: latitude.parse().ok().zip(longitude.parse().ok()).and_then(|(latitude, longitude)| Point::new(latitude, longitude)),
        horaires: some(horaires),
    };
    let service = Service {
        id: id.parse()?,
        structure_id: structure.id,
        lieu,
        source_id: String::new(),
        nom: nom.to_string(),
        description: None,
        besoins: besoins.split_whitespace().map(str::to_string).collect(),
        mode: Mode::from_code(mode).unwrap_or(Mode::SurPlace),
        couverture: couverture.parse().map_err(anyhow::Error::from)?,
        intervention: intervention.split_whitespace().filter_map(Intervention::from_code).collect(),
        creneaux: creneaux.split_whitespace().filter_map(Creneau::from_code).collect(),
        disponibilite: Disponibilite::from_code(disponibilite).unwrap_or(Disponibilite::Inconnue),
        telephone: some(telephone),
        tarif: some(tarif),
        modalites: Modalites::default(),
    };
    Ok(Inscription { structure, service })
}
