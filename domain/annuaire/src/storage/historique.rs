//! The table `annuaire_version`: what each save of a record was, by whom and why.

use kit::{Db, Id, Instant, Result, codes, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::fiche::Fiche;

codes! {
    /// Why a record changed.
    pub enum Cause {
        Import = "import" => "un fichier importé",
        Equipe = "equipe" => "l’équipe",
        Structure = "structure" => "la structure elle-même",
        Campagne = "campagne" => "une campagne de recensement",
        Epreuve = "epreuve" => "la relecture du répertoire imprimé",
        Suggestion = "suggestion" => "une suggestion acceptée",
        Fusion = "fusion" => "une fusion de doublons",
        Annulation = "annulation" => "une annulation",
    }
}

/// Who saves, and why.
#[derive(Clone, Copy, Debug)]
pub struct Trace<'a> {
    pub auteur_id: Option<Id>,
    /// Their name, as the history shows it.
    pub auteur: &'a str,
    pub cause: Cause,
    /// The file, or the merge, that it belongs to: what is taken back together.
    pub lot: Option<Id>,
}

impl Trace<'_> {
    /// Whether a file does not replace it afterwards.
    pub fn is_by_hand(&self) -> bool {
        self.cause != Cause::Import && self.lot.is_none()
    }
}

/// One save.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    pub id: Id,
    pub structure_id: Id,
    pub version: i64,
    pub at: Instant,
    pub auteur: String,
    pub cause: Cause,
    /// The file, or the merge, that it belongs to.
    pub lot: Option<Id>,
    pub avant: Option<Fiche>,
    /// None also for a structure that a file created: its record is what it is today.
    pub apres: Option<Fiche>,
}

pub(crate) async fn insert_version(
    tx: &impl ConnectionTrait,
    territoire: Id,
    (structure, version): (Id, i64),
    (avant, apres): (Option<&Fiche>, Option<&Fiche>),
    (trace, now): (&Trace<'_>, Instant),
) -> Result<()> {
    let write = |fiche: Option<&Fiche>| fiche.map(serde_json::to_string).transpose().map_err(anyhow::Error::from);
    let row = values![
        territoire,
        Id::new(now),
        structure,
        version,
        now.0,
        trace.auteur_id.map(|id| id.to_string()),
        trace.auteur,
        trace.cause.code(),
        trace.lot.map(|id| id.to_string()),
        write(avant)?,
        write(apres)?
    ];
    sql::upsert_many(tx, &VERSION, vec![row.to_vec()]).await
}

/// Structures that a file created: one row each, without their record.
pub(super) async fn insert_creations(
    tx: &impl ConnectionTrait,
    territoire: Id,
    structures: &[Id],
    (trace, now): (&Trace<'_>, Instant),
) -> Result<()> {
    let none: Option<String> = None;
    let (auteur_id, lot) = (trace.auteur_id.map(|id| id.to_string()), trace.lot.map(|id| id.to_string()));
    let rows = structures.iter().map(|structure| {
        let what = (trace.auteur, trace.cause.code(), lot.clone(), none.clone());
        values![territoire, Id::new(now), *structure, 1_i64, now.0, auteur_id.clone(), what.0, what.1, what.2, what.3.clone(), what.3]
            .to_vec()
    });
    sql::upsert_many(tx, &VERSION, rows.collect()).await
}

const VERSION: sql::Target = sql::Target {
    table: "annuaire_version",
    columns: &["territoire_id", "id", "structure_id", "version", "at", "auteur_id", "auteur", "cause", "lot_id", "avant", "apres"],
    key: &["territoire_id", "id"],
    replaced: &[],
};

#[derive(FromQueryResult)]
struct VersionRow {
    id: String,
    structure_id: String,
    version: i64,
    at: i64,
    auteur: String,
    cause: String,
    lot_id: Option<String>,
    avant: Option<String>,
    apres: Option<String>,
}

const COLUMNS: &str = "SELECT id, structure_id, version, at, auteur, cause, lot_id, avant, apres FROM annuaire_version";

/// As many saves as a page shows.
pub const PAGE: u32 = 30;

/// The saves of a record, the last first.
pub async fn list_versions(db: &Db, territoire: Id, structure: Id, page: u32) -> Result<Vec<Version>> {
    let offset = i64::from(page.saturating_mul(PAGE));
    let text = format!("{COLUMNS} WHERE territoire_id = $1 AND structure_id = $2 ORDER BY version DESC, id DESC LIMIT {PAGE} OFFSET $3");
    let rows: Vec<VersionRow> = sql::list(db.read(), &text, values![territoire, structure, offset]).await?;
    rows.into_iter().map(read_version).collect()
}

/// One save of a structure of this territoire.
pub async fn find_version(db: &Db, territoire: Id, (structure, version): (Id, Id)) -> Result<Option<Version>> {
    let text = format!("{COLUMNS} WHERE territoire_id = $1 AND structure_id = $2 AND id = $3");
    let row: Option<VersionRow> = sql::find(db.read(), &text, values![territoire, structure, version]).await?;
    row.map(read_version).transpose()
}

/// The number of the last save of a structure, whether or not it still stands; 0 when there was none.
pub(super) async fn find_last_version(tx: &impl ConnectionTrait, territoire: Id, structure: Id) -> Result<i64> {
    let text = "SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) FROM annuaire_version WHERE territoire_id = $1 AND structure_id = $2";
    sql::number(tx, text, values![territoire, structure]).await
}

/// The saves that somebody made by hand (`Trace::is_by_hand`), the first first.
pub(super) async fn list_versions_by_hand(tx: &impl ConnectionTrait, territoire: Id, structure: Id) -> Result<Vec<Version>> {
    let text = format!("{COLUMNS} WHERE territoire_id = $1 AND structure_id = $2 AND cause <> $3 AND lot_id IS NULL ORDER BY version, id");
    let rows: Vec<VersionRow> = sql::list(tx, &text, values![territoire, structure, Cause::Import.code()]).await?;
    rows.into_iter().map(read_version).collect()
}

/// The saves of a batch, a file or a merge, the last first.
pub async fn list_versions_of_lot(db: &impl ConnectionTrait, territoire: Id, lot: Id) -> Result<Vec<Version>> {
    let text = format!("{COLUMNS} WHERE territoire_id = $1 AND lot_id = $2 ORDER BY id DESC");
    let rows: Vec<VersionRow> = sql::list(db, &text, values![territoire, lot]).await?;
    rows.into_iter().map(read_version).collect()
}

fn read_version(row: VersionRow) -> Result<Version> {
    let read = |text: Option<String>| text.as_deref().map(serde_json::from_str).transpose().map_err(anyhow::Error::from);
    Ok(Version {
        id: row.id.parse()?,
        structure_id: row.structure_id.parse()?,
        version: row.version,
        at: Instant(row.at),
        auteur: row.auteur,
        cause: Cause::from_code(&row.cause).unwrap_or(Cause::Equipe),
        lot: row.lot_id.as_deref().map(str::parse).transpose()?,
        avant: read(row.avant)?,
        apres: read(row.apres)?,
    })
}
