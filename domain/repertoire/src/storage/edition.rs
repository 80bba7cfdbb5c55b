//! The tables `repertoire_edition`, `repertoire_rubrique` and `repertoire_page`.

use anyhow::Context;
use chrono::NaiveDate;
use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::model::{Edition, Etat, NaturePage, PageEditoriale, Rubrique};
use crate::rules::cadre::Cadre;

#[derive(FromQueryResult)]
struct EditionRow {
    id: String,
    titre: String,
    annee: i32,
    clot_le: Option<String>,
    campagne_id: Option<String>,
    etat: String,
    created_at: i64,
    figee_at: Option<i64>,
}

impl EditionRow {
    fn read(self) -> Result<Edition> {
        Ok(Edition {
            id: self.id.parse()?,
            titre: self.titre,
            annee: self.annee,
            clot_le: self.clot_le.map(|day| day.parse::<NaiveDate>()).transpose().map_err(anyhow::Error::from)?,
            campagne: self.campagne_id.map(|id| id.parse()).transpose()?,
            etat: Etat::from_code(&self.etat).with_context(|| format!("state {:?} of an edition", self.etat))?,
            created_at: Instant(self.created_at),
            figee_at: self.figee_at.map(Instant),
        })
    }
}

const COLUMNS: &str = "id, titre, annee, clot_le, campagne_id, etat, created_at, figee_at";

/// The last one first.
pub async fn list_editions(db: &Db, territoire: Id) -> Result<Vec<Edition>> {
    let text = format!("SELECT {COLUMNS} FROM repertoire_edition WHERE territoire_id = $1 ORDER BY annee DESC, created_at DESC, id");
    let rows: Vec<EditionRow> = sql::list(db.read(), &text, values![territoire]).await?;
    rows.into_iter().map(EditionRow::read).collect()
}

pub async fn find_edition(db: &Db, territoire: Id, id: Id) -> Result<Option<Edition>> {
    let text = format!("SELECT {COLUMNS} FROM repertoire_edition WHERE territoire_id = $1 AND id = $2");
    let row: Option<EditionRow> = sql::find(db.read(), &text, values![territoire, id]).await?;
    row.map(EditionRow::read).transpose()
}

pub async fn insert_edition(tx: &impl ConnectionTrait, territoire: Id, edition: &Edition) -> Result<()> {
    let text = "INSERT INTO repertoire_edition (territoire_id, id, titre, annee, clot_le, campagne_id, etat, created_at, figee_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let known = values![
        territoire,
        edition.id,
        edition.titre.as_str(),
        edition.annee,
        edition.clot_le.map(|day| day.to_string()),
        edition.campagne,
        edition.etat.code(),
        edition.created_at.0,
        edition.figee_at.map(|at| at.0)
    ];
    sql::execute(tx, text, known).await?;
    Ok(())
}

/// Its title, its year, its closing day and its campaign.
pub async fn update_edition(tx: &impl ConnectionTrait, territoire: Id, edition: &Edition) -> Result<()> {
    let text = "UPDATE repertoire_edition SET titre = $3, annee = $4, clot_le = $5, campagne_id = $6 WHERE territoire_id = $1 AND id = $2";
    let (clot_le, campagne) = (edition.clot_le.map(|day| day.to_string()), edition.campagne);
    sql::execute(tx, text, values![territoire, edition.id, edition.titre.as_str(), edition.annee, clot_le, campagne]).await?;
    Ok(())
}

/// Moves an edition on, from the state that was read; false when somebody else moved it first.
pub async fn move_edition(tx: &impl ConnectionTrait, territoire: Id, id: Id, (from, to): (Etat, Etat), now: Instant) -> Result<bool> {
    let figee_at = (to == Etat::Figee).then_some(now.0);
    let text = "UPDATE repertoire_edition SET etat = $4, figee_at = $5 WHERE territoire_id = $1 AND id = $2 AND etat = $3";
    Ok(sql::execute(tx, text, values![territoire, id, from.code(), to.code(), figee_at]).await? == 1)
}

/// What it says of its territoire, from when it is frozen.
pub async fn save_cadre(tx: &impl ConnectionTrait, territoire: Id, id: Id, cadre: &Cadre) -> Result<()> {
    let written = serde_json::to_string(cadre).map_err(anyhow::Error::from)?;
    let text = "UPDATE repertoire_edition SET cadre = $3 WHERE territoire_id = $1 AND id = $2";
    sql::execute(tx, text, values![territoire, id, written]).await?;
    Ok(())
}

/// None for an edition that was frozen before this was kept.
pub async fn find_cadre(db: &Db, territoire: Id, id: Id) -> Result<Option<Cadre>> {
    let text = "SELECT cadre FROM repertoire_edition WHERE territoire_id = $1 AND id = $2 AND cadre IS NOT NULL";
    let written = sql::texts(db.read(), text, values![territoire, id]).await?;
    Ok(written.first().map(|one| serde_json::from_str(one)).transpose().map_err(anyhow::Error::from)?)
}

/// Tables of what an edition holds until it is frozen.
const CONTENUES: [&str; 7] = [
    "repertoire_rubrique",
    "repertoire_page",
    "repertoire_epreuve_lien",
    "repertoire_epreuve",
    "repertoire_tirage",
    "repertoire_budget",
    "repertoire_prevision",
];

/// Forgets an edition in preparation, with all that it holds; false when it is no longer in preparation, a structure has answered its
/// proof, or copies were printed or carried for it.
pub async fn delete_edition(tx: &impl ConnectionTrait, territoire: Id, id: Id) -> Result<bool> {
    let held = "UPDATE repertoire_edition SET titre = titre WHERE territoire_id = $1 AND id = $2 AND etat = $3
         AND NOT EXISTS (SELECT 1 FROM repertoire_mouvement m WHERE m.territoire_id = $1 AND m.edition_id = $2)
         AND NOT EXISTS (SELECT 1 FROM repertoire_tirage t WHERE t.territoire_id = $1 AND t.edition_id = $2 AND t.exemplaires > 0)
         AND NOT EXISTS (SELECT 1 FROM repertoire_epreuve e WHERE e.territoire_id = $1 AND e.edition_id = $2 AND e.reponse IS NOT NULL)";
    if sql::execute(tx, held, values![territoire, id, Etat::Preparation.code()]).await? == 0 {
        return Ok(false);
    }
    for table in CONTENUES {
        let text = format!("DELETE FROM {table} WHERE territoire_id = $1 AND edition_id = $2");
        sql::execute(tx, &text, values![territoire, id]).await?;
    }
    sql::execute(tx, "DELETE FROM repertoire_edition WHERE territoire_id = $1 AND id = $2", values![territoire, id]).await?;
    Ok(true)
}

/// Whether no other edition has the year, even since it was read: asked after the line of the journal, which makes others wait.
pub async fn is_annee_libre(tx: &impl ConnectionTrait, territoire: Id, (id, annee): (Id, i32)) -> Result<bool> {
    let text = "SELECT id FROM repertoire_edition WHERE territoire_id = $1 AND annee = $2 AND id <> $3";
    Ok(sql::texts(tx, text, values![territoire, annee, id]).await?.is_empty())
}

/// Holds an edition until the transaction ends; false when it is frozen, even since it was read.
pub async fn hold_ouverte(tx: &impl ConnectionTrait, territoire: Id, id: Id) -> Result<bool> {
    let text = "UPDATE repertoire_edition SET titre = titre WHERE territoire_id = $1 AND id = $2 AND etat <> $3";
    Ok(sql::execute(tx, text, values![territoire, id, Etat::Figee.code()]).await? == 1)
}

#[derive(FromQueryResult)]
struct RubriqueRow {
    titre: String,
    phrase: String,
    besoins: String,
}

/// In the order of the book.
pub async fn list_rubriques(db: &impl ConnectionTrait, territoire: Id, edition: Id) -> Result<Vec<Rubrique>> {
    let text = "SELECT titre, phrase, besoins FROM repertoire_rubrique WHERE territoire_id = $1 AND edition_id = $2 ORDER BY rang";
    let rows: Vec<RubriqueRow> = sql::list(db, text, values![territoire, edition]).await?;
    let read = |row: RubriqueRow| {
        let besoins = row.besoins.split_whitespace().map(str::to_string).collect();
        Rubrique { titre: row.titre, phrase: row.phrase, besoins }
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Replaces all of them.
pub async fn save_rubriques(tx: &impl ConnectionTrait, territoire: Id, edition: Id, rubriques: &[Rubrique]) -> Result<()> {
    let text = "DELETE FROM repertoire_rubrique WHERE territoire_id = $1 AND edition_id = $2";
    sql::execute(tx, text, values![territoire, edition]).await?;
    let rows = (0_i32..)
        .zip(rubriques)
        .map(|(rang, one)| values![territoire, edition, rang, one.titre.as_str(), one.phrase.as_str(), one.besoins.join(" ")].to_vec());
    sql::upsert_many(tx, &RUBRIQUE, rows.collect()).await
}

const RUBRIQUE: sql::Target = sql::Target {
    table: "repertoire_rubrique",
    columns: &["territoire_id", "edition_id", "rang", "titre", "phrase", "besoins"],
    key: &["territoire_id", "edition_id", "rang"],
    replaced: &["titre", "phrase", "besoins"],
};

#[derive(FromQueryResult)]
struct PageRow {
    nature: String,
    titre: String,
    texte: String,
}

/// In the order of the book.
pub async fn list_pages(db: &Db, territoire: Id, edition: Id) -> Result<Vec<PageEditoriale>> {
    let text = "SELECT nature, titre, texte FROM repertoire_page WHERE territoire_id = $1 AND edition_id = $2";
    let rows: Vec<PageRow> = sql::list(db.read(), text, values![territoire, edition]).await?;
    let read = |row: PageRow| Some(PageEditoriale { nature: NaturePage::from_code(&row.nature)?, titre: row.titre, texte: row.texte });
    let mut pages: Vec<PageEditoriale> = rows.into_iter().filter_map(read).collect();
    pages.sort_by_key(|page| page.nature);
    Ok(pages)
}

pub async fn save_pages(tx: &impl ConnectionTrait, territoire: Id, edition: Id, pages: &[PageEditoriale]) -> Result<()> {
    let rows = pages.iter().map(|one| values![territoire, edition, one.nature.code(), one.titre.as_str(), one.texte.as_str()].to_vec());
    sql::upsert_many(tx, &PAGE, rows.collect()).await
}

const PAGE: sql::Target = sql::Target {
    table: "repertoire_page",
    columns: &["territoire_id", "edition_id", "nature", "titre", "texte"],
    key: &["territoire_id", "edition_id", "nature"],
    replaced: &["titre", "texte"],
};
