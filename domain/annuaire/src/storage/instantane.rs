//! The whole annuaire of a territoire read into a snapshot: what start-up waits for.

use std::collections::HashSet;
use std::sync::Arc;

use anyhow::anyhow;
use chrono::NaiveDate;
use kit::{Db, Id, Result, sql, values};
use territoire::{CodeInsee, Point, Territoire};

use crate::aiguillage::{Aiguillage, Batisseur, Inscription};
use crate::{Categorie, Contact, Creneau, Disponibilite, Intervention, Lieu, Modalites, Mode, Service, Structure};

/// A page of services in the order of their structures, after a given one: memory stays flat however large the annuaire.
fn page_of_all() -> String {
    format!("{INSCRIPTIONS} AND (s.structure_id > $2 OR (s.structure_id = $2 AND s.id > $3)) {IN_ORDER}")
}

/// The same, of one structure.
fn page_of_structure() -> String {
    format!("{INSCRIPTIONS} AND s.structure_id = $2 AND s.id > $3 {IN_ORDER}")
}

/// Only what an answer shows, and as one text per service, its parts separated by `$5`: with a value per column, copying
/// 3 million values from the database's thread took most of the start-up of a national annuaire.
const INSCRIPTIONS: &str = "
SELECT s.structure_id || $5 || s.id || $5 || st.nom || $5 || st.categorie || $5 || COALESCE(st.telephone, '') || $5 ||
       CASE WHEN st.exemple THEN 'x' ELSE '' END || $5 || COALESCE(l.adresse, '') || $5 || l.code_insee || $5 ||
       COALESCE(CAST(l.latitude AS TEXT), '') || $5 || COALESCE(CAST(l.longitude AS TEXT), '') || $5 || COALESCE(l.horaires, '') || $5 ||
       s.nom || $5 || s.besoins || $5 || s.mode || $5 || s.couverture || $5 || s.intervention || $5 || s.creneaux || $5 ||
       s.disponibilite || $5 || COALESCE(s.telephone, '') || $5 || COALESCE(s.tarif, '')
FROM annuaire_service s
JOIN annuaire_structure st ON st.territoire_id = s.territoire_id AND st.id = s.structure_id
JOIN annuaire_lieu l ON l.territoire_id = s.territoire_id AND l.id = s.lieu_id
WHERE s.territoire_id = $1
  AND NOT EXISTS (
    SELECT 1 FROM annuaire_information i
    WHERE i.territoire_id = s.territoire_id AND i.structure_id = s.structure_id AND (i.service_id IS NULL OR i.service_id = s.id)
      AND i.nature IN ('fermeture', 'suspension') AND i.du <= $6 AND (i.au IS NULL OR i.au >= $7))";
const IN_ORDER: &str = "ORDER BY s.structure_id, s.id LIMIT $4";

/// Never typed by anybody: control characters are taken out of every text on its way in (`kit::text::tidy`).
const SEPARATOR: char = '\u{1f}';
const PARTS: usize = 20;
const PAGE: i64 = 8_000;

/// What has begun on the first day and has not ended before the second is away; without a second one, what has no end is.
type Jours = (NaiveDate, Option<NaiveDate>);

/// Sorts after any day that somebody writes.
const SANS_FIN: &str = "9999-12-31";

/// Reads the whole annuaire of a territoire, as it serves on a day: a service suspended or a structure closed for a time is
/// not proposed. The next page is fetched while this one is resolved.
pub async fn load_aiguillage(db: &Db, territoire: &Territoire, (revision, jour): (i64, NaiveDate)) -> Result<Aiguillage> {
    let mut batisseur = Batisseur::new(territoire, revision);
    let mut page = fetch(db.clone(), page_of_all(), (territoire.id, (jour, Some(jour))), (String::new(), String::new())).await?;
    while let Some(last) = page.last() {
        let [structure, service, ..] = split(last)?;
        let next = tokio::spawn(fetch(
            db.clone(),
            page_of_all(),
            (territoire.id, (jour, Some(jour))),
            (structure.to_string(), service.to_string()),
        ));
        for text in &page {
            batisseur.add(&read(split(text)?)?);
        }
        page = next.await.map_err(anyhow::Error::from)??;
    }
    Ok(batisseur.finish())
}

/// The same snapshot less what these structures were, with what they are; everything else is copied.
pub async fn resume_aiguillage(
    db: &Db,
    (territoire, known): (&Arc<Territoire>, Arc<Aiguillage>),
    (revision, jour): (i64, NaiveDate),
    changees: HashSet<Id>,
) -> Result<Aiguillage> {
    resume(db, (territoire, known), (revision, (jour, Some(jour))), changees).await
}

/// The same snapshot with what is away until a known day as if that day had come: a service on leave is not one that was lost. What is
/// away without a term stays away: nobody said that it comes back.
pub async fn resume_with_retours(
    db: &Db,
    (territoire, known): (&Arc<Territoire>, Arc<Aiguillage>),
    jour: NaiveDate,
) -> Result<Arc<Aiguillage>> {
    let text = "SELECT DISTINCT structure_id FROM annuaire_information
         WHERE territoire_id = $1 AND nature IN ('fermeture', 'suspension') AND du <= $2 AND au >= $2";
    let away = sql::texts(db.read(), text, values![territoire.id, jour.to_string()]).await?;
    if away.is_empty() {
        return Ok(known);
    }
    let away = away.iter().map(|id| id.parse()).collect::<Result<HashSet<Id>>>()?;
    let revision = known.revision;
    Ok(Arc::new(resume(db, (territoire, known), (revision, (jour, None)), away).await?))
}

async fn resume(
    db: &Db,
    (territoire, known): (&Arc<Territoire>, Arc<Aiguillage>),
    (revision, jours): (i64, Jours),
    changees: HashSet<Id>,
) -> Result<Aiguillage> {
    let mut read_again = vec![];
    for structure in &changees {
        let mut after = String::new();
        loop {
            let page = fetch(db.clone(), page_of_structure(), (territoire.id, jours), (structure.to_string(), after)).await?;
            let Some(last) = page.last() else { break };
            after = split(last)?[1].to_string();
            for text in &page {
                read_again.push(read(split(text)?)?);
            }
        }
    }
    let territoire = territoire.clone();
    let work = move || {
        let mut batisseur = Batisseur::resume(&territoire, &known, (revision, &changees));
        read_again.iter().for_each(|one| batisseur.add(one));
        batisseur.finish()
    };
    Ok(tokio::task::spawn_blocking(work).await.map_err(anyhow::Error::from)?)
}

async fn fetch(db: Db, text: String, (territoire, (du, au)): (Id, Jours), (structure, service): (String, String)) -> Result<Vec<String>> {
    let au = au.map_or_else(|| SANS_FIN.to_string(), |au| au.to_string());
    sql::texts(db.read(), &text, values![territoire, structure, service, PAGE, SEPARATOR.to_string(), du.to_string(), au]).await
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
