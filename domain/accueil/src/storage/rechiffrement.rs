//! Every encrypted text written again with the newest key: by small transactions, so that it can be stopped and taken up.

use kit::{Coffre, Db, Id, Result, sql, values};
use sea_orm::{DatabaseTransaction, FromQueryResult, Value};

use super::sceau::{COLONNES_CHIFFREES, Sceau};
use crate::suivi;

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
    suivi_code: Option<String>,
    plan_note: Option<String>,
    commentaire: Option<String>,
    constats: Option<String>,
}

/// Those after a given one that hold a text which the newest key did not encrypt.
fn write_late() -> String {
    let late = COLONNES_CHIFFREES.map(|colonne| format!("({colonne} IS NOT NULL AND {colonne} NOT LIKE $3)")).join(" OR ");
    format!(
        "SELECT territoire_id, id, version, {} FROM accueil_demande
         WHERE (territoire_id > $1 OR (territoire_id = $1 AND id > $2)) AND ({late}) ORDER BY territoire_id, id LIMIT 100",
        COLONNES_CHIFFREES.join(", ")
    )
}

/// What the newest key wrote takes the place of what was read, in the order of [`COLONNES_CHIFFREES`], from `$5`.
fn write_update() -> String {
    let set: Vec<String> = (5..).zip(COLONNES_CHIFFREES).map(|(rang, colonne)| format!("{colonne} = ${rang}")).collect();
    format!(
        "UPDATE accueil_demande SET suivi_empreinte = COALESCE($4, suivi_empreinte), {}
         WHERE territoire_id = $1 AND id = $2 AND version = $3",
        set.join(", ")
    )
}

/// Writes again what the newest key did not encrypt, and encrypts what was in clear.
pub async fn rechiffrer(db: &Db, coffre: &Coffre) -> Result<Rechiffrement> {
    let mut done = Rechiffrement::default();
    let mut last = (String::new(), String::new());
    loop {
        let tx = db.begin().await?;
        let after = values![last.0.as_str(), last.1.as_str(), format!("{}%", coffre.newest_prefix())];
        let rows: Vec<Row> = sql::list(&tx, &write_late(), after).await?;
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
    // The fingerprint of the code is of a key too.
    let code = row.suivi_code.as_deref().and_then(|stored| read(&sceau, "suivi_code", stored));
    let empreinte = code.map(|code| suivi::storage::fingerprint(coffre, territoire, &code)).transpose()?;
    let stored = [
        row.besoin_texte,
        row.note,
        row.rappel_nom,
        row.rappel_telephone,
        row.rappel_courriel,
        row.rappel_moment,
        row.suivi_code,
        row.plan_note,
        row.commentaire,
        row.constats,
    ];
    let mut is_readable = true;
    let mut written: Vec<Value> = values![territoire, id, row.version, empreinte].to_vec();
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
    sql::execute(tx, &write_update(), written).await?;
    Ok(is_readable)
}

/// What was written in clear, before texts were encrypted, is read as it is.
fn read(sceau: &Sceau, colonne: &'static str, stored: &str) -> Option<String> {
    if !Coffre::is_sealed(stored) {
        return Some(stored.to_string());
    }
    sceau.coffre.open(sceau.place(colonne), stored).ok()
}
