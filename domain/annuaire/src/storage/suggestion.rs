//! The table `annuaire_suggestion`.

use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::suggestion::{Objet, Parole, Suggestion, Suite, Traitee};

const ERREUR: &str = "erreur";
const INSCRIPTION: &str = "inscription";

/// Keeps what was said. The same thing said twice of the same record, not yet looked at, is kept once.
pub async fn insert_suggestion(db: &Db, territoire: Id, parole: &Parole, now: Instant) -> Result<()> {
    let (nature, structure, objet, valeur) = match parole {
        Parole::Erreur { structure, objet, valeur } => (ERREUR, Some(structure.to_string()), objet.code(), valeur.clone()),
        Parole::Inscription(made) => (INSCRIPTION, None, INSCRIPTION, serde_json::to_string(made).map_err(anyhow::Error::from)?),
    };
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "INSERT INTO annuaire_suggestion (territoire_id, id, nature, structure_id, objet, valeur, created_at, etat)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8
         WHERE NOT EXISTS (SELECT 1 FROM annuaire_suggestion WHERE territoire_id = $1 AND etat = $8 AND objet = $5 AND valeur = $6
                           AND COALESCE(structure_id, '') = $9)",
        values![
            territoire,
            Id::new(now),
            nature,
            structure.clone(),
            objet,
            valeur,
            now.0,
            Suite::ATraiter.code(),
            structure.unwrap_or_default()
        ],
    )
    .await?;
    Ok(tx.commit().await?)
}

#[derive(FromQueryResult)]
struct SuggestionRow {
    id: String,
    nature: String,
    structure_id: Option<String>,
    objet: String,
    valeur: String,
    created_at: i64,
    etat: String,
}

const COLUMNS: &str = "SELECT id, nature, structure_id, objet, valeur, created_at, etat FROM annuaire_suggestion";

/// Those that wait, the oldest first; 200 at most.
pub async fn list_suggestions(db: &Db, territoire: Id) -> Result<Vec<Suggestion>> {
    let text = format!("{COLUMNS} WHERE territoire_id = $1 AND etat = $2 ORDER BY created_at, id LIMIT 200");
    let rows: Vec<SuggestionRow> = sql::list(db.read(), &text, values![territoire, Suite::ATraiter.code()]).await?;
    Ok(rows.into_iter().map(read).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// How many wait.
pub async fn count_suggestions(db: &Db, territoire: Id) -> Result<i64> {
    let text = "SELECT COUNT(*) FROM annuaire_suggestion WHERE territoire_id = $1 AND etat = $2";
    sql::number(db.read(), text, values![territoire, Suite::ATraiter.code()]).await
}

/// Those that wait about one structure, the oldest first.
pub async fn list_suggestions_of(db: &Db, territoire: Id, structure: Id) -> Result<Vec<Suggestion>> {
    let text = format!("{COLUMNS} WHERE territoire_id = $1 AND structure_id = $2 AND etat = $3 ORDER BY created_at, id LIMIT 200");
    let rows: Vec<SuggestionRow> = sql::list(db.read(), &text, values![territoire, structure, Suite::ATraiter.code()]).await?;
    Ok(rows.into_iter().map(read).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// How many wait about one structure.
pub async fn count_suggestions_of(db: &Db, territoire: Id, structure: Id) -> Result<i64> {
    let text = "SELECT COUNT(*) FROM annuaire_suggestion WHERE territoire_id = $1 AND structure_id = $2 AND etat = $3";
    sql::number(db.read(), text, values![territoire, structure, Suite::ATraiter.code()]).await
}

#[derive(FromQueryResult)]
struct TraiteeRow {
    objet: String,
    valeur: String,
    etat: String,
    raison: Option<String>,
    traitee_at: i64,
    par: Option<String>,
}

/// The last ones settled about one structure, by whom, and why.
pub async fn list_traitees(db: &Db, territoire: Id, structure: Id) -> Result<Vec<Traitee>> {
    let rows: Vec<TraiteeRow> = sql::list(
        db.read(),
        "SELECT s.objet, s.valeur, s.etat, s.raison, s.traitee_at, c.nom AS par FROM annuaire_suggestion s
         LEFT JOIN comptes_compte c ON c.territoire_id = s.territoire_id AND c.id = s.compte_id
         WHERE s.territoire_id = $1 AND s.structure_id = $2 AND s.etat <> $3 AND s.traitee_at IS NOT NULL
         ORDER BY s.traitee_at DESC, s.id DESC LIMIT 10",
        values![territoire, structure, Suite::ATraiter.code()],
    )
    .await?;
    let read = |row: TraiteeRow| {
        let (objet, suite) = (Objet::from_code(&row.objet)?, Suite::from_code(&row.etat)?);
        Some(Traitee { objet, valeur: row.valeur, suite, raison: row.raison, at: Instant(row.traitee_at), par: row.par })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// One suggestion of this territoire.
pub async fn find_suggestion(db: &Db, territoire: Id, id: Id) -> Result<Option<Suggestion>> {
    let row: Option<SuggestionRow> =
        sql::find(db.read(), &format!("{COLUMNS} WHERE territoire_id = $1 AND id = $2"), values![territoire, id]).await?;
    Ok(row.map(read).transpose()?.flatten())
}

fn read(row: SuggestionRow) -> Result<Option<Suggestion>> {
    let parole = match (row.nature.as_str(), row.structure_id, Objet::from_code(&row.objet)) {
        (INSCRIPTION, ..) => Parole::Inscription(serde_json::from_str(&row.valeur).map_err(anyhow::Error::from)?),
        (_, Some(structure), Some(objet)) => Parole::Erreur { structure: structure.parse()?, objet, valeur: row.valeur },
        _ => return Ok(None),
    };
    let suite = Suite::from_code(&row.etat).unwrap_or(Suite::ATraiter);
    Ok(Some(Suggestion { id: row.id.parse()?, parole, created_at: Instant(row.created_at), suite }))
}

/// Says what became of a suggestion, why, and by whom; false when somebody already did.
pub async fn settle(
    tx: &impl ConnectionTrait,
    territoire: Id,
    id: Id,
    (suite, raison, compte): (Suite, Option<&str>, Id),
    now: Instant,
) -> Result<bool> {
    let settled = sql::execute(
        tx,
        "UPDATE annuaire_suggestion SET etat = $3, traitee_at = $4, compte_id = $5, raison = $7
         WHERE territoire_id = $1 AND id = $2 AND etat = $6",
        values![territoire, id, suite.code(), now.0, compte, Suite::ATraiter.code(), raison],
    )
    .await?;
    Ok(settled == 1)
}
