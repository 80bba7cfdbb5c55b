//! The end of what a line says: who and on whom are emptied, the line stays, with its fingerprint. One more line says which were
//! emptied and carries the fingerprint of them all: a line emptied by somebody else shows.

use sea_orm::ConnectionTrait;
use sha2::{Digest, Sha256};

use super::{Acte, Ligne, add_fields, record};
use crate::secret::hex;
use crate::{Db, Id, Instant, Result, sql, values};

/// The kind of object of the lines that say what was emptied; they are never emptied.
const OBJET: &str = "journal";
const ACTE: &str = "fin de conservation";

/// Which lines are too old.
#[derive(Clone, Debug)]
pub struct Echeances {
    /// The kinds of objects that are nobody: any other is taken for somebody.
    pub sans_personne: &'static [&'static str],
    /// Lines about somebody older than that.
    pub personne: Instant,
    /// The other lines older than that.
    pub autre: Instant,
}

impl Echeances {
    /// `$2` to `$4` of the queries: kinds between spaces, the two moments.
    fn values(&self) -> (String, i64, i64) {
        (format!(" {} ", self.sans_personne.join(" ")), self.personne.0, self.autre.0)
    }
}

/// How many lines are too old; changes nothing.
pub async fn count_echues(db: &Db, territoire: Id, echeances: &Echeances) -> Result<i64> {
    let (kinds, personne, autre) = echeances.values();
    sql::number(
        db.read(),
        "SELECT COUNT(*) FROM kit_journal WHERE territoire_id = $1 AND purge IS NULL AND objet <> $5
         AND at < CASE WHEN $2 LIKE '% ' || objet || ' %' THEN $4 ELSE $3 END",
        values![territoire, kinds, personne, autre, OBJET],
    )
    .await
}

/// As many as a single line says at once.
const AT_ONCE: i64 = 10_000;

/// Empties the lines that are too old; gives how many.
pub async fn purge(db: &Db, territoire: Id, now: Instant, echeances: &Echeances) -> Result<i64> {
    let mut emptied = 0;
    loop {
        let tx = db.begin().await?;
        let vidage = purge_some(&tx, territoire, now, echeances).await?;
        tx.commit().await?;
        emptied += vidage;
        if vidage < AT_ONCE {
            return Ok(emptied);
        }
    }
}

async fn purge_some(tx: &impl ConnectionTrait, territoire: Id, now: Instant, echeances: &Echeances) -> Result<i64> {
    // Takes the journal of this territoire: on PostgreSQL, nobody adds a line meanwhile, nor empties the same ones.
    sql::execute(tx, "UPDATE kit_journal_tete SET numero = numero WHERE territoire_id = $1", values![territoire]).await?;
    let lignes = list_echues(tx, territoire, echeances).await?;
    let mut vidage = Vidage::default();
    lignes.iter().for_each(|ligne| vidage.add(ligne));
    if vidage.count == 0 {
        return Ok(0);
    }
    let detail = vidage.describe();
    record(tx, territoire, now, &Acte { auteur: None, acte: ACTE, objet: (OBJET, territoire), detail: &detail }).await?;
    let (kinds, personne, autre) = echeances.values();
    sql::execute(
        tx,
        "UPDATE kit_journal SET auteur_id = '', objet_id = '', detail = '', sel = '',
           purge = (SELECT numero FROM kit_journal_tete WHERE territoire_id = $1)
         WHERE territoire_id = $1 AND purge IS NULL AND objet <> $5 AND numero <= $6
         AND at < CASE WHEN $2 LIKE '% ' || objet || ' %' THEN $4 ELSE $3 END",
        values![territoire, kinds, personne, autre, OBJET, vidage.last],
    )
    .await?;
    Ok(vidage.count)
}

async fn list_echues(tx: &impl ConnectionTrait, territoire: Id, echeances: &Echeances) -> Result<Vec<Ligne>> {
    let (kinds, personne, autre) = echeances.values();
    sql::list(
        tx,
        "SELECT numero, at, auteur_id, acte, objet, objet_id, detail, sel, purge, empreinte FROM kit_journal
         WHERE territoire_id = $1 AND purge IS NULL AND objet <> $5
         AND at < CASE WHEN $2 LIKE '% ' || objet || ' %' THEN $4 ELSE $3 END
         ORDER BY numero LIMIT $6",
        values![territoire, kinds, personne, autre, OBJET, AT_ONCE],
    )
    .await
}

/// Lines emptied together.
#[derive(Default)]
pub(super) struct Vidage {
    hasher: Sha256,
    count: i64,
    first: i64,
    last: i64,
}

impl Vidage {
    /// Takes in what stays of a line once it is emptied.
    pub fn add(&mut self, ligne: &Ligne) {
        add_fields(&mut self.hasher, &[&ligne.numero.to_string(), &ligne.at.to_string(), &ligne.acte, &ligne.objet, &ligne.empreinte]);
        self.count += 1;
        self.first = if self.count == 1 { ligne.numero } else { self.first };
        self.last = ligne.numero;
    }

    pub fn first(&self) -> Option<i64> {
        (self.count > 0).then_some(self.first)
    }

    /// What the line that says so holds.
    fn describe(&self) -> String {
        let empreinte = hex(&self.hasher.clone().finalize());
        format!("{} ligne(s) vidée(s), de la n° {} à la n° {} ; empreinte {empreinte}", self.count, self.first, self.last)
    }

    pub fn is_said_by(&self, ligne: &Ligne) -> bool {
        ligne.objet == OBJET && ligne.acte == ACTE && ligne.detail == self.describe()
    }
}
