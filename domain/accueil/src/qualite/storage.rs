//! The table `accueil_qualite`; the comment stands encrypted in `accueil_demande`.

use kit::fait::{Fait, insert_fait};
use kit::{Coffre, Db, Error, Id, Instant, Result, journal, sql, values};
use sea_orm::FromQueryResult;

use super::{AppelQualite, ReponseQualite, Solution};
use crate::model::{Demande, Sexe, TrancheAge};
use crate::storage::Sceau;
use crate::trace;

/// A demande to call about.
#[derive(Clone, Debug, FromQueryResult)]
pub struct AAppeler {
    pub id: String,
    pub numero: i64,
    pub received_at: i64,
    pub code_insee: String,
    pub besoin: String,
}

/// Those of the window whose person agreed to be called, left a number, and was not called yet; the oldest first.
pub async fn list_a_appeler(db: &Db, territoire: Id, (from, until): (Instant, Instant)) -> Result<Vec<AAppeler>> {
    sql::list(
        db.read(),
        "SELECT d.id, d.numero, d.received_at, d.code_insee,
           COALESCE((SELECT b.besoin FROM accueil_demande_besoin b WHERE b.territoire_id = d.territoire_id AND b.demande_id = d.id
                     ORDER BY b.rang LIMIT 1), '') AS besoin
         FROM accueil_demande d
         WHERE d.territoire_id = $1 AND d.received_at >= $2 AND d.received_at <= $3 AND d.issue = 'orientee'
           AND d.efface_at IS NULL AND d.rappel_telephone IS NOT NULL
           AND EXISTS (SELECT 1 FROM accueil_consentement c WHERE c.territoire_id = d.territoire_id AND c.demande_id = d.id
                       AND c.retire_at IS NULL)
           AND NOT EXISTS (SELECT 1 FROM accueil_qualite q WHERE q.territoire_id = d.territoire_id AND q.demande_id = d.id)
         ORDER BY d.received_at, d.numero",
        values![territoire, from.0, until.0],
    )
    .await
}

/// What the calls of a time said: how many were made, answered, found a solution (whole, partly), and the sum of the marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct BilanQualite {
    pub appels: i64,
    pub reponses: i64,
    pub solutions: i64,
    pub partielles: i64,
    pub notees: i64,
    pub notes: i64,
}

pub async fn count_bilan(db: &Db, territoire: Id, since: Instant) -> Result<BilanQualite> {
    let found = sql::find(
        db.read(),
        "SELECT COUNT(*) AS appels,
           CAST(COALESCE(SUM(CASE WHEN reponse = 'repondu' THEN 1 ELSE 0 END), 0) AS BIGINT) AS reponses,
           CAST(COALESCE(SUM(CASE WHEN solution = 'oui' THEN 1 ELSE 0 END), 0) AS BIGINT) AS solutions,
           CAST(COALESCE(SUM(CASE WHEN solution = 'en_partie' THEN 1 ELSE 0 END), 0) AS BIGINT) AS partielles,
           COUNT(satisfaction) AS notees, CAST(COALESCE(SUM(satisfaction), 0) AS BIGINT) AS notes
         FROM accueil_qualite WHERE territoire_id = $1 AND at >= $2",
        values![territoire, since.0],
    )
    .await?;
    Ok(found.unwrap_or_default())
}

#[derive(FromQueryResult)]
struct Row {
    reponse: String,
    solution: Option<String>,
    structure_id: Option<String>,
    satisfaction: Option<i64>,
    commentaire: Option<String>,
}

/// What the person of a demande said.
pub async fn find_appel(db: &Db, coffre: &Coffre, territoire: Id, demande: Id) -> Result<Option<AppelQualite>> {
    let row: Option<Row> = sql::find(
        db.read(),
        "SELECT q.reponse, q.solution, q.structure_id, q.satisfaction, d.commentaire
         FROM accueil_qualite q JOIN accueil_demande d ON d.territoire_id = q.territoire_id AND d.id = q.demande_id
         WHERE q.territoire_id = $1 AND q.demande_id = $2",
        values![territoire, demande],
    )
    .await?;
    Ok(row.and_then(|row| {
        Some(AppelQualite {
            reponse: ReponseQualite::from_code(&row.reponse)?,
            solution: row.solution.as_deref().and_then(Solution::from_code),
            structure: row.structure_id.and_then(|id| id.parse().ok()),
            satisfaction: row.satisfaction.and_then(|note| u8::try_from(note).ok()),
            commentaire: Sceau { coffre, territoire, id: demande }.open("commentaire", row.commentaire),
        })
    }))
}

/// Writes what was said, once: two people calling the same person is a refusal for the second.
pub async fn insert_appel(db: &Db, coffre: &Coffre, demande: &Demande, appel: &AppelQualite, (auteur, now): (Id, Instant)) -> Result<()> {
    let detail = &demande.detail;
    let territoire = detail.territoire_id;
    let tx = db.begin().await?;
    let written = sql::execute(
        &tx,
        "INSERT INTO accueil_qualite (territoire_id, demande_id, at, compte_id, reponse, solution, structure_id, satisfaction)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (territoire_id, demande_id) DO NOTHING",
        values![
            territoire,
            demande.id,
            now.0,
            auteur,
            appel.reponse.code(),
            appel.solution.map(Solution::code),
            appel.structure,
            appel.satisfaction.map(i64::from)
        ],
    )
    .await?;
    if written == 0 || demande.efface_at.is_some() {
        return Err(Error::Conflict("Cet appel a déjà été noté, ou la demande a été effacée.".into()));
    }
    let sealed = Sceau { coffre, territoire, id: demande.id }.seal("commentaire", appel.commentaire.as_deref())?;
    let set = "UPDATE accueil_demande SET commentaire = $3 WHERE territoire_id = $1 AND id = $2";
    sql::execute(&tx, set, values![territoire, demande.id, sealed]).await?;
    let mut dimensions = vec![("reponse", appel.reponse.code().to_string())];
    dimensions.extend(appel.solution.map(|one| ("solution", one.code().to_string())));
    dimensions.extend(appel.satisfaction.map(|note| ("satisfaction", note.to_string())));
    dimensions.extend(detail.besoins.first().map(|besoin| ("besoin", besoin.clone())));
    let fait = Fait {
        territoire_id: territoire,
        code: "appel_qualite",
        at: now,
        code_insee: Some(detail.commune.to_string()),
        sexe: detail.sexe.map(Sexe::code),
        tranche_age: detail.tranche_age.map(TrancheAge::code),
        quantite: 1,
        dimensions,
    };
    insert_fait(&tx, &fait).await?;
    journal::record(&tx, territoire, now, &trace::acte(Some(auteur), trace::QUALITE, demande.id, appel.reponse.label())).await?;
    Ok(tx.commit().await?)
}
