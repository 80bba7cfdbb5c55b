//! Lists of demandes, and what is counted on them.

use std::collections::HashMap;

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{FromQueryResult, Value};

use crate::filtre::Filtre;
use crate::model::{Canal, Issue, Motif, Urgence};
use crate::suivi::storage::list_promesses;

/// A demande as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemandeListee {
    pub id: Id,
    pub numero: i64,
    pub received_at: Instant,
    pub canal: Canal,
    pub commune: String,
    pub besoins: Vec<String>,
    pub urgence: Urgence,
    pub issue: Option<Issue>,
    pub motif: Option<Motif>,
}

#[derive(FromQueryResult)]
struct ListRow {
    id: String,
    numero: i64,
    received_at: i64,
    canal: String,
    code_insee: String,
    urgence: String,
    issue: Option<String>,
    motif: Option<String>,
    besoins: Option<String>,
}

/// How many demandes a page of the list holds.
pub const PAGE: i64 = 50;

const LIST: &str = "
SELECT d.id, d.numero, d.received_at, d.canal, d.code_insee, d.urgence, d.issue, d.motif,
  (SELECT string_agg(b.besoin, ' ' ORDER BY b.rang) FROM accueil_demande_besoin b
   WHERE b.territoire_id = d.territoire_id AND b.demande_id = d.id) AS besoins
FROM accueil_demande d
WHERE d.territoire_id = $1
  AND ($2 = '' OR d.issue = $2 OR EXISTS (SELECT 1 FROM accueil_demande_besoin b WHERE b.territoire_id = d.territoire_id AND b.demande_id = d.id AND b.issue = $2) OR ($2 = 'nouvelle' AND d.issue IS NULL AND d.efface_at IS NULL))
  AND ($3 = '' OR d.code_insee = $3)
  AND ($4 = '' OR EXISTS (SELECT 1 FROM accueil_demande_besoin b
                          WHERE b.territoire_id = d.territoire_id AND b.demande_id = d.id AND b.besoin = $4))
  AND ($5 = '' OR d.canal = $5)
  AND d.received_at >= $6 AND d.received_at < $7
ORDER BY d.received_at DESC, d.numero DESC
LIMIT $8 OFFSET $9";

const COUNT: &str = "
SELECT COUNT(*)
FROM accueil_demande d
WHERE d.territoire_id = $1
  AND ($2 = '' OR d.issue = $2 OR EXISTS (SELECT 1 FROM accueil_demande_besoin b WHERE b.territoire_id = d.territoire_id AND b.demande_id = d.id AND b.issue = $2) OR ($2 = 'nouvelle' AND d.issue IS NULL AND d.efface_at IS NULL))
  AND ($3 = '' OR d.code_insee = $3)
  AND ($4 = '' OR EXISTS (SELECT 1 FROM accueil_demande_besoin b
                          WHERE b.territoire_id = d.territoire_id AND b.demande_id = d.id AND b.besoin = $4))
  AND ($5 = '' OR d.canal = $5)
  AND d.received_at >= $6 AND d.received_at < $7";

/// One page of the demandes that a filter keeps, newest first, and how many it keeps in all. Two queries, whatever the page.
pub async fn list_demandes(db: &Db, territoire: Id, filtre: &Filtre) -> Result<(Vec<DemandeListee>, i64)> {
    let conditions = filter_values(territoire, filtre);
    let total = sql::number(db.read(), COUNT, conditions.clone()).await?;
    let paged = conditions.into_iter().chain(values![PAGE, i64::from(filtre.page) * PAGE]);
    let rows: Vec<ListRow> = sql::list(db.read(), LIST, paged).await?;
    Ok((rows.into_iter().map(read_listed).collect::<Result<_>>()?, total))
}

fn filter_values(territoire: Id, filtre: &Filtre) -> Vec<Value> {
    values![
        territoire,
        filtre.issue_code(),
        filtre.commune.map(|code| code.to_string()).unwrap_or_default(),
        filtre.besoin.clone().unwrap_or_default(),
        filtre.canal.map(Canal::code).unwrap_or_default(),
        filtre.from.map_or(i64::MIN, |at| at.0),
        filtre.until.map_or(i64::MAX, |at| at.0)
    ]
    .to_vec()
}

fn read_listed(row: ListRow) -> Result<DemandeListee> {
    Ok(DemandeListee {
        id: row.id.parse()?,
        numero: row.numero,
        received_at: Instant(row.received_at),
        canal: Canal::from_code(&row.canal).unwrap_or(Canal::Telephone),
        commune: row.code_insee,
        besoins: row.besoins.unwrap_or_default().split_whitespace().map(str::to_string).collect(),
        urgence: Urgence::from_code(&row.urgence).unwrap_or(Urgence::PasPresse),
        issue: row.issue.as_deref().and_then(Issue::from_code),
        motif: row.motif.as_deref().and_then(Motif::from_code),
    })
}

/// The last turn recorded for a need: where the next process goes on from.
pub async fn find_last_tour(db: &Db, territoire: Id, besoin: &str) -> Result<u64> {
    let last = sql::number(
        db.read(),
        "SELECT COALESCE(MAX(d.tour), 0) FROM accueil_demande d
         JOIN accueil_demande_besoin b ON b.territoire_id = d.territoire_id AND b.demande_id = d.id
         WHERE d.territoire_id = $1 AND b.besoin = $2",
        values![territoire, besoin],
    )
    .await?;
    Ok(u64::try_from(last).unwrap_or_default())
}

/// A demande that waits for somebody of the team: nobody has dealt with it, or it is to be called back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemandeEnAttente {
    pub id: Id,
    pub numero: i64,
    pub canal: Canal,
    pub received_at: Instant,
    pub code_insee: String,
    pub besoins: Vec<String>,
    pub urgence: Urgence,
    /// None: nobody has dealt with it.
    pub issue: Option<Issue>,
    /// When the person was told that they would be called.
    pub promesse: Option<Instant>,
}

/// Those that wait, oldest first, `limite` at most. One that was erased waits no more.
pub async fn list_en_attente(db: &Db, territoire: Id, limite: i64) -> Result<Vec<DemandeEnAttente>> {
    let rows: Vec<ListRow> = sql::list(
        db.read(),
        "SELECT d.id, d.numero, d.received_at, d.canal, d.code_insee, d.urgence, d.issue, d.motif,
           (SELECT string_agg(b.besoin, ' ' ORDER BY b.rang) FROM accueil_demande_besoin b
            WHERE b.territoire_id = d.territoire_id AND b.demande_id = d.id) AS besoins
         FROM accueil_demande d
         WHERE d.territoire_id = $1 AND (d.issue IS NULL OR d.issue = 'a_rappeler') AND d.efface_at IS NULL
         ORDER BY d.received_at, d.numero LIMIT $2",
        values![territoire, limite],
    )
    .await?;
    let promises: HashMap<String, Instant> =
        list_promesses(db, territoire).await?.into_iter().map(|one| (one.id, Instant(one.due_at))).collect();
    let read = |row: ListRow| {
        let promesse = promises.get(&row.id).copied();
        let one = read_listed(row)?;
        Ok(DemandeEnAttente {
            promesse,
            id: one.id,
            numero: one.numero,
            canal: one.canal,
            received_at: one.received_at,
            code_insee: one.commune,
            besoins: one.besoins,
            urgence: one.urgence,
            issue: one.issue,
        })
    };
    rows.into_iter().map(read).collect()
}
