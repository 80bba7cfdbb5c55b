//! The table `accueil_sans_solution`.

use kit::fait::{Fait, insert_fait};
use kit::{Coffre, Db, Error, Id, Instant, Result, journal, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::Suite;
use super::rules::Ligne;
use crate::model::{Demande, Issue, Motif, Sexe, TrancheAge};
use crate::storage::Sceau;
use crate::trace;

#[derive(FromQueryResult)]
struct LigneRow {
    id: String,
    numero: i64,
    received_at: i64,
    code_insee: String,
    besoin: String,
    motif: Option<String>,
    suite: String,
    leve_nom: Option<String>,
    is_joignable: bool,
}

/// A page shows that many lines: beyond, the oldest wait for those to be dealt with.
const MOST: i64 = 1_000;

/// What has no solution, the latest first.
pub async fn list_lignes(db: &Db, territoire: Id) -> Result<Vec<Ligne>> {
    let rows: Vec<LigneRow> = sql::list(
        db.read(),
        "SELECT d.id, d.numero, d.received_at, d.code_insee, b.besoin, COALESCE(b.motif, d.motif) AS motif, COALESCE(s.suite, 'ouverte') AS suite, s.leve_nom,
           (d.rappel_telephone IS NOT NULL) AS is_joignable
         FROM accueil_demande d
         JOIN accueil_demande_besoin b ON b.territoire_id = d.territoire_id AND b.demande_id = d.id
         LEFT JOIN accueil_sans_solution s ON s.territoire_id = d.territoire_id AND s.demande_id = d.id
         WHERE d.territoire_id = $1 AND COALESCE(b.issue, d.issue) = 'sans_solution'
         ORDER BY d.received_at DESC, d.numero DESC, b.rang LIMIT $2",
        values![territoire, MOST],
    )
    .await?;
    let read = |row: LigneRow| {
        Ok(Ligne {
            demande: row.id.parse()?,
            numero: row.numero,
            received_at: Instant(row.received_at),
            code_insee: row.code_insee,
            besoin: row.besoin,
            motif: row.motif.as_deref().and_then(Motif::from_code),
            suite: Suite::from_code(&row.suite).unwrap_or(Suite::Ouverte),
            levee: row.leve_nom,
            is_joignable: row.is_joignable,
        })
    };
    rows.into_iter().map(read).collect()
}

/// A demande that waits for a service.
#[derive(Clone, Debug, FromQueryResult)]
pub struct AttenteRow {
    pub id: String,
    pub code_insee: String,
    pub contraintes: String,
    pub motif: String,
    pub besoins: String,
    /// The services that were proposed.
    pub connus: String,
}

/// Those that no service was raised for, and that somebody may still be called back about.
pub async fn list_attentes(db: &Db, territoire: Id) -> Result<Vec<AttenteRow>> {
    sql::list(
        db.read(),
        "SELECT d.id, d.code_insee, d.contraintes, COALESCE(d.motif, '') AS motif,
           COALESCE((SELECT string_agg(b.besoin, ' ' ORDER BY b.rang) FROM accueil_demande_besoin b
                     WHERE b.territoire_id = d.territoire_id AND b.demande_id = d.id
                       AND COALESCE(b.issue, d.issue) = 'sans_solution'), '') AS besoins,
           COALESCE((SELECT string_agg(o.service_id, ' ' ORDER BY o.rang) FROM accueil_orientation o
                     WHERE o.territoire_id = d.territoire_id AND o.demande_id = d.id), '') AS connus
         FROM accueil_demande d
         LEFT JOIN accueil_sans_solution s ON s.territoire_id = d.territoire_id AND s.demande_id = d.id
         WHERE d.territoire_id = $1 AND d.efface_at IS NULL AND s.leve_at IS NULL
           AND EXISTS (SELECT 1 FROM accueil_demande_besoin b
                       WHERE b.territoire_id = d.territoire_id AND b.demande_id = d.id AND COALESCE(b.issue, d.issue) = 'sans_solution')
           AND COALESCE(s.suite, 'ouverte') <> 'close'
         ORDER BY d.received_at DESC LIMIT $2",
        values![territoire, MOST],
    )
    .await
}

/// A demande that a structure answers since.
#[derive(Clone, Debug)]
pub struct Levee {
    pub demande: Id,
    pub structure_id: Id,
    pub nom: String,
}

/// False when it was raised before.
pub async fn mark_levee_in(tx: &impl ConnectionTrait, territoire: Id, levee: &Levee, now: Instant) -> Result<bool> {
    let touched = sql::execute(
        tx,
        "INSERT INTO accueil_sans_solution (territoire_id, demande_id, suite, suite_at, leve_at, leve_structure_id, leve_nom)
         VALUES ($1, $2, 'ouverte', $3, $3, $4, $5)
         ON CONFLICT (territoire_id, demande_id) DO UPDATE SET leve_at = $3, leve_structure_id = $4, leve_nom = $5
         WHERE accueil_sans_solution.leve_at IS NULL",
        values![territoire, levee.demande, now.0, levee.structure_id, levee.nom.as_str()],
    )
    .await?;
    Ok(touched == 1)
}

pub async fn find_suite(db: &Db, territoire: Id, demande: Id) -> Result<Suite> {
    let text = "SELECT suite FROM accueil_sans_solution WHERE territoire_id = $1 AND demande_id = $2";
    let found = sql::texts(db.read(), text, values![territoire, demande]).await?.pop();
    Ok(found.and_then(|code| Suite::from_code(&code)).unwrap_or(Suite::Ouverte))
}

/// What was written for the plan of action.
pub async fn find_note(db: &Db, coffre: &Coffre, territoire: Id, demande: Id) -> Result<Option<String>> {
    let text = "SELECT plan_note FROM accueil_demande WHERE territoire_id = $1 AND id = $2 AND plan_note IS NOT NULL";
    let stored = sql::texts(db.read(), text, values![territoire, demande]).await?.pop();
    Ok(Sceau { coffre, territoire, id: demande }.open("plan_note", stored))
}

/// Says what becomes of a demande without a solution; a note goes with what passes to a plan of action.
pub async fn set_suite(
    db: &Db,
    coffre: &Coffre,
    demande: &Demande,
    (suite, note): (Suite, Option<&str>),
    (auteur, now): (Id, Instant),
) -> Result<()> {
    let detail = &demande.detail;
    let territoire = detail.territoire_id;
    let is_unmet = |besoin: &String| detail.issue_of(besoin).is_some_and(|(issue, _)| issue == Issue::SansSolution);
    if demande.efface_at.is_some() || !detail.besoins.iter().any(is_unmet) {
        return Err(Error::Conflict("Cette demande n’est plus sans solution, ou elle a été effacée.".into()));
    }
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "INSERT INTO accueil_sans_solution (territoire_id, demande_id, suite, suite_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (territoire_id, demande_id) DO UPDATE SET suite = $3, suite_at = $4",
        values![territoire, demande.id, suite.code(), now.0],
    )
    .await?;
    let sealed = Sceau { coffre, territoire, id: demande.id }.seal("plan_note", note)?;
    sql::execute(
        &tx,
        "UPDATE accueil_demande SET plan_note = COALESCE($3, plan_note), updated_at = $4 WHERE territoire_id = $1 AND id = $2",
        values![territoire, demande.id, sealed, now.0],
    )
    .await?;
    for besoin in &detail.besoins {
        let fait = Fait {
            territoire_id: territoire,
            code: "suite_sans_solution",
            at: now,
            code_insee: Some(detail.commune.to_string()),
            sexe: detail.sexe.map(Sexe::code),
            tranche_age: detail.tranche_age.map(TrancheAge::code),
            quantite: 1,
            dimensions: vec![("besoin", besoin.clone()), ("suite", suite.code().to_string())],
        };
        insert_fait(&tx, &fait).await?;
    }
    journal::record(&tx, territoire, now, &trace::acte(Some(auteur), trace::SUITE, demande.id, suite.label())).await?;
    Ok(tx.commit().await?)
}
