//! The tables `repertoire_epreuve` and `repertoire_epreuve_lien`.

use std::collections::BTreeMap;

use anyhow::Context;
use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{Avis, Dite, Epreuve, VoieReponse};

const OUI: &str = "oui";
const NON: &str = "non";

#[derive(FromQueryResult)]
struct EpreuveRow {
    structure_id: String,
    lettres: i64,
    ecrite_at: Option<i64>,
    vue_at: Option<i64>,
    reponse: Option<String>,
    voie: Option<String>,
    repondue_at: Option<i64>,
    remarque: Option<String>,
    empreinte: Option<String>,
    telephone: Option<String>,
}

impl EpreuveRow {
    fn read(self) -> Result<(Id, Epreuve)> {
        let said = (self.reponse, self.voie, self.repondue_at, self.empreinte);
        let dite = match said {
            (Some(reponse), Some(voie), Some(at), Some(empreinte)) => Some(Dite {
                reponse: Avis::from_code(&reponse).with_context(|| format!("answer {reponse:?} of a proof"))?,
                voie: VoieReponse::from_code(&voie).with_context(|| format!("way {voie:?} of an answer"))?,
                at: Instant(at),
                remarque: self.remarque,
                empreinte,
            }),
            _ => None,
        };
        let epreuve = Epreuve {
            lettres: self.lettres,
            ecrite_at: self.ecrite_at.map(Instant),
            vue_at: self.vue_at.map(Instant),
            dite,
            telephone: self.telephone.map(|said| said == OUI),
        };
        Ok((self.structure_id.parse()?, epreuve))
    }
}

const COLUMNS: &str = "structure_id, lettres, ecrite_at, vue_at, reponse, voie, repondue_at, remarque, empreinte, telephone";

/// Those of an edition that something is known of.
pub async fn list_epreuves(db: &Db, territoire: Id, edition: Id) -> Result<BTreeMap<Id, Epreuve>> {
    let text = format!("SELECT {COLUMNS} FROM repertoire_epreuve WHERE territoire_id = $1 AND edition_id = $2");
    let rows: Vec<EpreuveRow> = sql::list(db.read(), &text, values![territoire, edition]).await?;
    rows.into_iter().map(EpreuveRow::read).collect()
}

/// The proof of a structure; the default one when nothing is known.
pub async fn find_epreuve(db: &Db, territoire: Id, (edition, structure): (Id, Id)) -> Result<Epreuve> {
    let text = format!("SELECT {COLUMNS} FROM repertoire_epreuve WHERE territoire_id = $1 AND edition_id = $2 AND structure_id = $3");
    let row: Option<EpreuveRow> = sql::find(db.read(), &text, values![territoire, edition, structure]).await?;
    Ok(row.map(EpreuveRow::read).transpose()?.map(|(_, epreuve)| epreuve).unwrap_or_default())
}

/// Marks that one more letter is written; false when somebody else has just written it.
pub async fn mark_ecrite(
    tx: &impl ConnectionTrait,
    territoire: Id,
    (edition, structure): (Id, Id),
    (known, now): (i64, Instant),
) -> Result<bool> {
    let text = "INSERT INTO repertoire_epreuve (territoire_id, edition_id, structure_id, lettres, ecrite_at) VALUES ($1, $2, $3, 1, $5)
         ON CONFLICT (territoire_id, edition_id, structure_id)
         DO UPDATE SET lettres = repertoire_epreuve.lettres + 1, ecrite_at = $5 WHERE repertoire_epreuve.lettres = $4";
    Ok(sql::execute(tx, text, values![territoire, edition, structure, known, now.0]).await? == 1)
}

/// Opened by its link: the first time is kept.
pub async fn mark_vue(tx: &impl ConnectionTrait, territoire: Id, (edition, structure): (Id, Id), now: Instant) -> Result<()> {
    let text = "UPDATE repertoire_epreuve SET vue_at = $4
         WHERE territoire_id = $1 AND edition_id = $2 AND structure_id = $3 AND vue_at IS NULL";
    sql::execute(tx, text, values![territoire, edition, structure, now.0]).await?;
    Ok(())
}

/// Keeps the last answer, whoever gave the one before; `telephone` as it was when nothing is said of it.
pub async fn save_reponse(
    tx: &impl ConnectionTrait,
    territoire: Id,
    (edition, structure): (Id, Id),
    (dite, telephone): (&Dite, Option<bool>),
) -> Result<()> {
    let text = "INSERT INTO repertoire_epreuve (territoire_id, edition_id, structure_id, lettres, reponse, voie, repondue_at, remarque, empreinte, telephone)
         VALUES ($1, $2, $3, 0, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (territoire_id, edition_id, structure_id)
         DO UPDATE SET reponse = $4, voie = $5, repondue_at = $6, remarque = $7, empreinte = $8,
                       telephone = COALESCE($9, repertoire_epreuve.telephone)";
    let telephone = telephone.map(|may| if may { OUI } else { NON });
    let (reponse, voie) = (dite.reponse.code(), dite.voie.code());
    let said =
        values![territoire, edition, structure, reponse, voie, dite.at.0, dite.remarque.as_deref(), dite.empreinte.as_str(), telephone];
    sql::execute(tx, text, said).await?;
    Ok(())
}

/// Keeps what a letter's code opens; those that open nothing any more go at the same time.
pub async fn insert_lien(
    tx: &impl ConnectionTrait,
    territoire: Id,
    (empreinte, edition, structure): (&str, Id, Id),
    (now, until): (Instant, Instant),
) -> Result<()> {
    let text = "DELETE FROM repertoire_epreuve_lien WHERE territoire_id = $1 AND edition_id = $2 AND expires_at <= $3";
    sql::execute(tx, text, values![territoire, edition, now.0]).await?;
    let text =
        "INSERT INTO repertoire_epreuve_lien (territoire_id, empreinte, edition_id, structure_id, expires_at) VALUES ($1, $2, $3, $4, $5)";
    sql::execute(tx, text, values![territoire, empreinte, edition, structure, until.0]).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct LienRow {
    edition_id: String,
    structure_id: String,
}

/// The edition and the structure that a link opens, while it is open.
pub async fn find_lien(db: &Db, territoire: Id, empreinte: &str, now: Instant) -> Result<Option<(Id, Id)>> {
    let text =
        "SELECT edition_id, structure_id FROM repertoire_epreuve_lien WHERE territoire_id = $1 AND empreinte = $2 AND expires_at > $3";
    let row: Option<LienRow> = sql::find(db.read(), text, values![territoire, empreinte, now.0]).await?;
    row.map(|row| Ok((row.edition_id.parse()?, row.structure_id.parse()?))).transpose()
}
