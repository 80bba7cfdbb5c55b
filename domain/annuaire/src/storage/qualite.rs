//! The table `annuaire_qualite`: the points of each record, freshness aside, and its last verification.

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use territoire::CodeInsee;

use crate::qualite::{ANCIENNE, PALIERS, Qualite, count_manques, list_seuils};

/// A record counted from one of its versions.
#[derive(Clone, Debug)]
pub struct Comptee {
    pub structure: Id,
    pub version: i64,
    pub commune: Option<CodeInsee>,
    pub notes: [u8; 5],
}

#[derive(FromQueryResult)]
struct RevisionRow {
    revision: i64,
    qualite: i64,
}

/// The revision of the annuaire, and the one up to which everything was counted.
pub async fn find_revision(db: &Db, territoire: Id) -> Result<(i64, i64)> {
    let text = "SELECT revision, qualite FROM annuaire_revision WHERE territoire_id = $1";
    let row: Option<RevisionRow> = sql::find(db.read(), text, values![territoire]).await?;
    Ok(row.map_or((0, 0), |row| (row.revision, row.qualite)))
}

pub async fn mark_counted(db: &Db, territoire: Id, revision: i64) -> Result<()> {
    let tx = db.begin().await?;
    let text = "UPDATE annuaire_revision SET qualite = $2 WHERE territoire_id = $1";
    sql::execute(&tx, text, values![territoire, revision]).await?;
    Ok(tx.commit().await?)
}

/// Records saved since they were counted, or never counted; `most` at most.
pub async fn list_en_retard(db: &Db, territoire: Id, most: usize) -> Result<Vec<Id>> {
    let ids = sql::texts(
        db.read(),
        "SELECT st.id FROM annuaire_structure st
         LEFT JOIN annuaire_qualite q ON q.territoire_id = st.territoire_id AND q.structure_id = st.id
         WHERE st.territoire_id = $1 AND (q.version IS NULL OR q.version <> st.version)
         LIMIT $2",
        values![territoire, i64::try_from(most).unwrap_or(i64::MAX)],
    )
    .await?;
    ids.iter().map(|id| id.parse()).collect()
}

const QUALITE: sql::Target = sql::Target {
    table: "annuaire_qualite",
    columns: &["territoire_id", "structure_id", "version", "code_insee", "points", "notes", "manques", "verifiee_at"],
    key: &["territoire_id", "structure_id"],
    // Not the verification: where a row is already there, it has the last one.
    replaced: &["version", "code_insee", "points", "notes", "manques"],
};

#[derive(FromQueryResult)]
struct VerifieeRow {
    structure_id: String,
    at: i64,
}

/// Writes what was counted. A record that left meanwhile is forgotten.
pub async fn save_comptees(db: &Db, territoire: Id, counted: &[Comptee]) -> Result<()> {
    let tx = db.begin().await?;
    let ids: Vec<Id> = counted.iter().map(|one| one.structure).collect();
    let named = super::fiche::Named { territoire, ids: &ids };
    let standing: Vec<StructureRow> = named.list(&tx, "SELECT id FROM annuaire_structure", "id").await?;
    let verifiees: Vec<VerifieeRow> = named.list(&tx, "SELECT structure_id, at FROM annuaire_verification", "structure_id").await?;
    let standing: Vec<Id> = standing.into_iter().map(|row| row.id.parse()).collect::<Result<_>>()?;
    let row = |one: &Comptee| {
        let id = one.structure.to_string();
        let last = verifiees.iter().filter(|row| row.structure_id == id).map(|row| row.at).max();
        let notes = one.notes.map(|points| points.to_string()).join(" ");
        let points: i64 = one.notes.iter().map(|points| i64::from(*points)).sum();
        let commune = one.commune.map(|code| code.to_string()).unwrap_or_default();
        let manques = i64::try_from(count_manques(one.notes)).unwrap_or_default();
        values![territoire, one.structure, one.version, commune, points, notes, manques, last].to_vec()
    };
    let rows: Vec<Vec<Value>> = counted.iter().filter(|one| standing.contains(&one.structure)).map(row).collect();
    sql::upsert_many(&tx, &QUALITE, rows).await?;
    Ok(tx.commit().await?)
}

#[derive(FromQueryResult)]
struct StructureRow {
    id: String,
}

/// Dates the last verification of a record, counted or not yet.
pub async fn mark_verifiee(tx: &impl ConnectionTrait, territoire: Id, structure: Id, at: Instant) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO annuaire_qualite (territoire_id, structure_id, version, code_insee, points, notes, manques, verifiee_at)
         VALUES ($1, $2, 0, '', 0, '', 0, $3)
         ON CONFLICT (territoire_id, structure_id) DO UPDATE SET verifiee_at = excluded.verifiee_at
         WHERE annuaire_qualite.verifiee_at IS NULL OR annuaire_qualite.verifiee_at < excluded.verifiee_at",
        values![territoire, structure, at.0],
    )
    .await?;
    Ok(())
}

/// Which records a board shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choix {
    /// Confirmed by nobody for a year, or never.
    AVerifier,
    /// Something that matters is missing.
    ACompleter,
}

/// What a commune holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct CompteQualite {
    pub code_insee: String,
    pub fiches: i64,
    /// The sum of the scores.
    pub total: i64,
    pub a_verifier: i64,
    pub a_completer: i64,
}

impl CompteQualite {
    pub fn add(&mut self, other: &Self) {
        self.fiches += other.fiches;
        self.total += other.total;
        self.a_verifier += other.a_verifier;
        self.a_completer += other.a_completer;
    }

    /// The score of a record, on average.
    pub fn moyenne(&self) -> i64 {
        (self.total + self.fiches / 2).checked_div(self.fiches).unwrap_or_default()
    }
}

/// Freshness as SQL: `$2` and `$3` are the moments of the two steps.
fn fraicheur() -> String {
    let [(_, fresh), (_, recent)] = PALIERS;
    format!(
        "CASE WHEN verifiee_at >= $2 THEN {fresh} WHEN verifiee_at >= $3 THEN {recent} WHEN verifiee_at IS NOT NULL THEN {ANCIENNE} ELSE 0 END"
    )
}

/// What each commune holds.
pub async fn count_by_commune(db: &Db, territoire: Id, now: Instant) -> Result<Vec<CompteQualite>> {
    let [fresh, recent] = list_seuils(now);
    let text = format!(
        "SELECT code_insee, COUNT(*) AS fiches, CAST(SUM(points + {}) AS BIGINT) AS total,
           CAST(SUM(CASE WHEN verifiee_at >= $3 THEN 0 ELSE 1 END) AS BIGINT) AS a_verifier,
           CAST(SUM(CASE WHEN manques > 0 THEN 1 ELSE 0 END) AS BIGINT) AS a_completer
         FROM annuaire_qualite WHERE territoire_id = $1 AND version > 0 GROUP BY code_insee ORDER BY code_insee",
        fraicheur()
    );
    sql::list(db.read(), &text, values![territoire, fresh.0, recent.0]).await
}

/// Records and those that nobody has confirmed for a year, scores aside: of all of them, those that were not counted yet too, whose
/// commune is not known here. Those to complete are among the counted ones: `qualite::rattrapage` says whether all are.
pub async fn count_fraicheur(db: &Db, territoire: Id, now: Instant) -> Result<Vec<CompteQualite>> {
    let [_, recent] = list_seuils(now);
    let text = "SELECT COALESCE(q.code_insee, '') AS code_insee, COUNT(*) AS fiches, CAST(0 AS BIGINT) AS total,
           CAST(SUM(CASE WHEN q.verifiee_at >= $2 THEN 0 ELSE 1 END) AS BIGINT) AS a_verifier,
           CAST(SUM(CASE WHEN q.version > 0 AND q.manques > 0 THEN 1 ELSE 0 END) AS BIGINT) AS a_completer
         FROM annuaire_structure st
         LEFT JOIN annuaire_qualite q ON q.territoire_id = st.territoire_id AND q.structure_id = st.id
         WHERE st.territoire_id = $1 GROUP BY COALESCE(q.code_insee, '') ORDER BY 1";
    sql::list(db.read(), text, values![territoire, recent.0]).await
}

/// A record of the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FicheNotee {
    pub structure: Id,
    pub nom: String,
    pub telephone: Option<String>,
    pub code_insee: String,
    pub verifiee_at: Option<Instant>,
    pub qualite: Qualite,
}

#[derive(FromQueryResult)]
struct NoteeRow {
    structure_id: String,
    nom: String,
    telephone: Option<String>,
    code_insee: String,
    notes: String,
    verifiee_at: Option<i64>,
}

/// As many records as a page of the board shows.
pub const PAGE: u32 = 50;

/// Which records, from where.
#[derive(Clone, Debug)]
pub struct Demandees<'a> {
    pub choix: Choix,
    /// None: everywhere.
    pub communes: Option<&'a [String]>,
    pub offset: u32,
    pub most: u32,
}

/// The records to look at, the worst first.
pub async fn list_notees(db: &Db, territoire: Id, asked: &Demandees<'_>, now: Instant) -> Result<Vec<FicheNotee>> {
    let [fresh, recent] = list_seuils(now);
    let which = match asked.choix {
        Choix::AVerifier => "(verifiee_at IS NULL OR verifiee_at < $3)",
        Choix::ACompleter => "manques > 0",
    };
    let communes = asked.communes.unwrap_or_default();
    let holes = sql::holes(6, communes.len());
    let somewhere = if asked.communes.is_some() { format!("AND code_insee IN ({holes})") } else { String::new() };
    let score = fraicheur();
    // Ordered in the index alone, before anything else is read: of 50 records, not of 100 000.
    let text = format!(
        "SELECT n.structure_id, st.nom, st.telephone, n.code_insee, n.notes, n.verifiee_at
         FROM (SELECT structure_id, points + {score} AS score FROM annuaire_qualite
               WHERE territoire_id = $1 AND version > 0 AND {which} {somewhere}
               ORDER BY points + {score}, structure_id LIMIT $4 OFFSET $5) q
         JOIN annuaire_qualite n ON n.territoire_id = $1 AND n.structure_id = q.structure_id
         JOIN annuaire_structure st ON st.territoire_id = $1 AND st.id = q.structure_id
         ORDER BY q.score, q.structure_id"
    );
    let first = values![territoire, fresh.0, recent.0, i64::from(asked.most), i64::from(asked.offset)];
    let values = first.into_iter().chain(communes.iter().map(|code| Value::from(code.as_str())));
    let rows: Vec<NoteeRow> = sql::list(db.read(), &text, values).await?;
    rows.into_iter().map(|row| read(row, now)).collect()
}

fn read(row: NoteeRow, now: Instant) -> Result<FicheNotee> {
    let mut notes = row.notes.split(' ').map(|points| points.parse().unwrap_or_default());
    let contenu = std::array::from_fn(|_| notes.next().unwrap_or_default());
    let verifiee_at = row.verifiee_at.map(Instant);
    Ok(FicheNotee {
        structure: row.structure_id.parse()?,
        nom: row.nom,
        telephone: row.telephone,
        code_insee: row.code_insee,
        verifiee_at,
        qualite: Qualite::with_fraicheur(contenu, (verifiee_at, now)),
    })
}
