//! Who read and wrote what: lines added in the same transaction as the act, each carrying the fingerprint of the one
//! before. Nothing of what a person confided goes there: what, on which object, by which account.
//! What is kept too long is emptied (`purge`), never taken away: the chain is still read from end to end (`verify`).

mod chaine;
mod purge;

use sea_orm::{ConnectionTrait, FromQueryResult};
use sha2::{Digest, Sha256};

use crate::secret::{hex, random};
use crate::{Db, Id, Instant, Result, sql, values};

pub use chaine::{Verdict, verify};
pub use purge::{Echeances, count_echues, purge};

/// What happened.
#[derive(Clone, Debug)]
pub struct Acte<'a> {
    /// The account; none for the program itself.
    pub auteur: Option<Id>,
    /// In words: « lecture de la demande ».
    pub acte: &'a str,
    /// The kind of object and which one: `("demande", id)`.
    pub objet: (&'a str, Id),
    /// What changed, without what a person confided; often empty.
    pub detail: &'a str,
}

/// One line, as it was written.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Ligne {
    pub numero: i64,
    pub at: i64,
    /// Empty for the program itself.
    pub auteur_id: String,
    pub acte: String,
    pub objet: String,
    pub objet_id: String,
    pub detail: String,
    /// Drawn for this line, so that nobody finds again by trying what was emptied from its fingerprint; empty on the oldest lines.
    pub sel: String,
    /// The line that says that this one was emptied.
    pub purge: Option<i64>,
    pub empreinte: String,
}

#[derive(FromQueryResult)]
struct Tete {
    numero: i64,
    empreinte: String,
}

/// Adds a line. On PostgreSQL, two acts of one territoire take their numbers one after the other.
pub async fn record(tx: &impl ConnectionTrait, territoire: Id, now: Instant, acte: &Acte<'_>) -> Result<()> {
    let tete: Option<Tete> = sql::find(
        tx,
        "INSERT INTO kit_journal_tete (territoire_id, numero, empreinte) VALUES ($1, 1, '')
         ON CONFLICT (territoire_id) DO UPDATE SET numero = kit_journal_tete.numero + 1
         RETURNING numero, empreinte",
        values![territoire],
    )
    .await?;
    let Tete { numero, empreinte: before } = tete.ok_or_else(|| anyhow::anyhow!("the head of the journal"))?;
    let mut ligne = Ligne {
        numero,
        at: now.0,
        auteur_id: acte.auteur.map(|id| id.to_string()).unwrap_or_default(),
        acte: acte.acte.to_string(),
        objet: acte.objet.0.to_string(),
        objet_id: acte.objet.1.to_string(),
        detail: acte.detail.to_string(),
        sel: hex(&random::<16>()?),
        purge: None,
        empreinte: String::new(),
    };
    ligne.empreinte = ligne.seal(&before);
    sql::execute(tx, "UPDATE kit_journal_tete SET empreinte = $2 WHERE territoire_id = $1", values![territoire, ligne.empreinte.as_str()])
        .await?;
    let Ligne { numero, at, auteur_id, acte, objet, objet_id, detail, sel, empreinte, .. } = ligne;
    sql::execute(
        tx,
        "INSERT INTO kit_journal (territoire_id, numero, at, auteur_id, acte, objet, objet_id, detail, sel, empreinte)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![territoire, numero, at, auteur_id, acte, objet, objet_id, detail, sel, empreinte],
    )
    .await?;
    Ok(())
}

/// Adds a line for an act that writes nothing else: a reading.
pub async fn record_alone(db: &Db, territoire: Id, now: Instant, acte: &Acte<'_>) -> Result<()> {
    let tx = db.begin().await?;
    record(&tx, territoire, now, acte).await?;
    Ok(tx.commit().await?)
}

impl Ligne {
    /// Each field is preceded by its length: no two lines are written alike.
    fn seal(&self, before: &str) -> String {
        let (numero, at) = (self.numero.to_string(), self.at.to_string());
        let fields = [before, &numero, &at, &self.auteur_id, &self.acte, &self.objet, &self.objet_id, &self.detail];
        let mut hasher = Sha256::new();
        add_fields(&mut hasher, &fields);
        // The lines written before there was a salt have none in their fingerprint either.
        if !self.sel.is_empty() {
            add_fields(&mut hasher, &[&self.sel]);
        }
        hex(&hasher.finalize())
    }
}

fn add_fields(hasher: &mut Sha256, fields: &[&str]) {
    for field in fields {
        hasher.update(u64::try_from(field.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(field);
    }
}

/// What is looked for; empty: everything.
#[derive(Clone, Debug, Default)]
pub struct Recherche {
    pub auteur: Option<Id>,
    pub objet: Option<(String, Id)>,
    /// Moments, the second excluded.
    pub between: Option<(Instant, Instant)>,
}

/// Lines from the latest, `limite` at most, those before `avant` when it is given.
pub async fn list(db: &Db, territoire: Id, recherche: &Recherche, (avant, limite): (Option<i64>, i64)) -> Result<Vec<Ligne>> {
    let (from, to) = recherche.between.map_or((i64::MIN, i64::MAX), |(from, to)| (from.0, to.0));
    let auteur = recherche.auteur.map(|id| id.to_string()).unwrap_or_default();
    let (objet, objet_id) = recherche.objet.clone().map_or_else(Default::default, |(objet, id)| (objet, id.to_string()));
    sql::list(
        db.read(),
        "SELECT numero, at, auteur_id, acte, objet, objet_id, detail, sel, purge, empreinte FROM kit_journal
         WHERE territoire_id = $1 AND numero < $2 AND at >= $3 AND at < $4
           AND ($5 = '' OR auteur_id = $5) AND ($6 = '' OR objet = $6) AND ($7 = '' OR objet_id = $7)
         ORDER BY numero DESC LIMIT $8",
        values![territoire, avant.unwrap_or(i64::MAX), from, to, auteur, objet, objet_id, limite],
    )
    .await
}
