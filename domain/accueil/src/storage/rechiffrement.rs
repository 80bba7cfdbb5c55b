//! Every encrypted text written again with the newest key: by small transactions, so that it can be stopped and taken up.

use kit::{Coffre, Db, Id, Result, sql, values};
use sea_orm::{DatabaseTransaction, FromQueryResult, Value};

use super::sceau::{COLONNES_CHIFFREES, Sceau};

/// What was done, in number of demandes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rechiffrement {
    pub rechiffrees: u64,
    /// Left as they are: their key is missing, or they were altered.
    pub illisibles: u64,
}

#[derive(FromQueryResult)]
struct Row {
    territoire_id: String,
    id: String,
    version: i64,
    besoin_texte: Option<String>,
    note: Option<String>,
    rappel_nom: Option<String>,
    rappel_telephone: Option<String>,
    rappel_courriel: Option<String>,
    rappel_moment: Option<String>,
}

/// Those after a given one that hold a text which the newest key did not encrypt.
const LATE: &str = "
SELECT territoire_id, id, version, besoin_texte, note, rappel_nom, rappel_telephone, rappel_courriel, rappel_moment
FROM accueil_demande
WHERE (territoire_id > $1 OR (territoire_id = $1 AND id > $2))
  AND ((besoin_texte IS NOT NULL AND besoin_texte NOT LIKE $3) OR (note IS NOT NULL AND note NOT LIKE $3)
    OR (rappel_nom IS NOT NULL AND rappel_nom NOT LIKE $3) OR (rappel_telephone IS NOT NULL AND rappel_telephone NOT LIKE $3)
    OR (rappel_courriel IS NOT NULL AND rappel_courriel NOT LIKE $3) OR (rappel_moment IS NOT NULL AND rappel_moment NOT LIKE $3))
ORDER BY territoire_id, id
LIMIT 100";

/// Writes again what the newest key did not encrypt, and encrypts what was in clear.
pub async fn rechiffrer(db: &Db, coffre: &Coffre) -> Result<Rechiffrement> {
    let mut done = Rechiffrement::default();
    let mut last = (String::new(), String::new());
    loop {
        let tx = db.begin().await?;
        let after = values![last.0.as_str(), last.1.as_str(), format!("{}%", coffre.newest_prefix())];
        let rows: Vec<Row> = sql::list(&tx, LATE, after).await?;
        let Some(end) = rows.last() else { return Ok(done) };
        last = (end.territoire_id.clone(), end.id.clone());
        for row in rows {
            if rechiffrer_row(&tx, coffre, row).await? {
                done.rechiffrees += 1;
            } else {
                done.illisibles += 1;
            }
        }
        tx.commit().await?;
    }
}

/// Whether every text of the row could be read. A row changed meanwhile, erased perhaps, is left as it has become.
async fn rechiffrer_row(tx: &DatabaseTransaction, coffre: &Coffre, row: Row) -> Result<bool> {
    let (territoire, id): (Id, Id) = (row.territoire_id.parse()?, row.id.parse()?);
    let sceau = Sceau { coffre, territoire, id };
    let stored = [row.besoin_texte, row.note, row.rappel_nom, row.rappel_telephone, row.rappel_courriel, row.rappel_moment];
    let mut is_readable = true;
    let mut written: Vec<Value> = values![territoire, id, row.version].to_vec();
    for (colonne, stored) in COLONNES_CHIFFREES.into_iter().zip(stored) {
        written.push(Value::from(match stored {
            None => None,
            Some(stored) => match read(&sceau, colonne, &stored) {
                Some(text) => sceau.seal(colonne, Some(&text))?,
                None => {
                    is_readable = false;
                    Some(stored)
                }
            },
        }));
    }
    sql::execute(
        tx,
        "UPDATE accueil_demande
         SET besoin_texte = $4, note = $5, rappel_nom = $6, rappel_telephone = $7, rappel_courriel = $8, rappel_moment = $9
         WHERE territoire_id = $1 AND id = $2 AND version = $3",
        written,
    )
    .await?;
    Ok(is_readable)
}

/// What was written in clear, before texts were encrypted, is read as it is.
fn read(sceau: &Sceau, colonne: &'static str, stored: &str) -> Option<String> {
    if !Coffre::is_sealed(stored) {
        return Some(stored.to_string());
    }
    sceau.coffre.open(sceau.place(colonne), stored).ok()
}
