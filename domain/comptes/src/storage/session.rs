//! Sessions and declared posts. Only fingerprints of tokens are kept.

use kit::coffre::Place;
use kit::{Coffre, Db, Id, Instant, Result, sql, values};
use sea_orm::FromQueryResult;

use crate::model::{Moyen, Role, SessionOuverte};
use crate::rules::session::{DUREE, Etat};

/// Somebody who enters, with what decides whether they still may.
pub(crate) struct Entree {
    pub session_id: Id,
    pub compte_id: Id,
    pub nom: String,
    pub roles: Vec<Role>,
    pub etat: Etat,
    pub moyen: Moyen,
    /// The second proof was shown in this session.
    pub has_prouve: bool,
    /// A telephone is set: the second proof is always asked for.
    pub has_totp: bool,
}

/// A session to open.
pub(crate) struct NouvelleSession<'a> {
    /// Fingerprint of its token.
    pub empreinte: &'a str,
    pub appareil: &'a str,
    pub etat: Etat,
    pub moyen: Moyen,
    /// This way in is itself both proofs.
    pub has_prouve: bool,
    /// What the provider wants back at sign-out; empty when no provider vouched.
    pub jeton: &'a str,
}

/// Opens a session. Those that time has closed are swept away.
pub(crate) async fn insert_session(db: &Db, (territoire, compte): (Id, Id), session: &NouvelleSession<'_>, coffre: &Coffre) -> Result<Id> {
    let NouvelleSession { empreinte, appareil, etat, moyen, has_prouve, jeton } = session;
    let id = Id::new(etat.opened_at);
    let jeton = if jeton.is_empty() { String::new() } else { coffre.seal(place(territoire, id), jeton)? };
    let tx = db.begin().await?;
    let long_ago = etat.opened_at.plus_seconds(-DUREE);
    sql::execute(&tx, "DELETE FROM comptes_session WHERE territoire_id = $1 AND opened_at < $2", values![territoire, long_ago.0]).await?;
    sql::execute(
        &tx,
        "INSERT INTO comptes_session
           (territoire_id, empreinte, id, compte_id, opened_at, seen_at, poste, appareil, moyen, second_facteur, jeton_fournisseur)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        values![
            territoire,
            *empreinte,
            id,
            compte,
            etat.opened_at.0,
            etat.seen_at.0,
            etat.is_poste,
            *appareil,
            moyen.code(),
            *has_prouve,
            jeton
        ],
    )
    .await?;
    tx.commit().await?;
    Ok(id)
}

fn place(territoire: Id, session: Id) -> Place {
    Place { table: "comptes_session", colonne: "jeton_fournisseur", territoire, id: session }
}

/// What the provider wants back at sign-out; none for another way in, or when it no longer opens.
pub(crate) async fn find_jeton(db: &Db, coffre: &Coffre, territoire: Id, session: Id) -> Result<Option<String>> {
    let sealed = sql::texts(
        db.read(),
        "SELECT jeton_fournisseur FROM comptes_session WHERE territoire_id = $1 AND id = $2 AND jeton_fournisseur <> ''",
        values![territoire, session],
    )
    .await?;
    Ok(sealed.first().and_then(|sealed| coffre.open(place(territoire, session), sealed).ok()))
}

#[derive(FromQueryResult)]
struct EntreeRow {
    session_id: String,
    compte_id: String,
    nom: String,
    opened_at: i64,
    seen_at: i64,
    poste: bool,
    moyen: String,
    role: Option<String>,
    second_facteur: bool,
    confirme_at: Option<i64>,
}

/// Whom a token stands for, whether or not time has closed the session: `Etat` says it. A closed account opens nothing,
/// nor does a role that this program does not know.
pub(crate) async fn find_session(db: &Db, territoire: Id, empreinte: &str) -> Result<Option<Entree>> {
    let rows: Vec<EntreeRow> = sql::list(
        db.read(),
        "SELECT s.id AS session_id, c.id AS compte_id, c.nom, s.opened_at, s.seen_at, s.poste, s.moyen, s.second_facteur, r.role, t.confirme_at
         FROM comptes_session s
         JOIN comptes_compte c ON c.territoire_id = s.territoire_id AND c.id = s.compte_id
         LEFT JOIN comptes_totp t ON t.territoire_id = c.territoire_id AND t.compte_id = c.id
         LEFT JOIN comptes_role r ON r.territoire_id = c.territoire_id AND r.compte_id = c.id
         WHERE s.territoire_id = $1 AND s.empreinte = $2 AND c.desactive_at IS NULL
         ORDER BY r.role",
        values![territoire, empreinte],
    )
    .await?;
    let Some(first) = rows.first() else { return Ok(None) };
    Ok(Some(Entree {
        session_id: first.session_id.parse()?,
        compte_id: first.compte_id.parse()?,
        nom: first.nom.clone(),
        moyen: Moyen::from_code(&first.moyen).unwrap_or(Moyen::MotDePasse),
        has_prouve: first.second_facteur,
        has_totp: first.confirme_at.is_some(),
        etat: Etat { opened_at: Instant(first.opened_at), seen_at: Instant(first.seen_at), is_poste: first.poste },
        roles: rows.iter().filter_map(|row| Role::from_code(row.role.as_deref()?)).collect(),
    }))
}

pub(crate) async fn touch_session(db: &Db, territoire: Id, session: Id, now: Instant) -> Result<()> {
    let tx = db.begin().await?;
    sql::execute(&tx, "UPDATE comptes_session SET seen_at = $3 WHERE territoire_id = $1 AND id = $2", values![territoire, session, now.0])
        .await?;
    Ok(tx.commit().await?)
}

/// Closes one session of an account; closes nothing of another's.
pub(crate) async fn close_session(db: &Db, territoire: Id, compte: Id, session: Id) -> Result<bool> {
    let tx = db.begin().await?;
    let closed = sql::execute(
        &tx,
        "DELETE FROM comptes_session WHERE territoire_id = $1 AND compte_id = $2 AND id = $3",
        values![territoire, compte, session],
    )
    .await?;
    tx.commit().await?;
    Ok(closed > 0)
}

/// Closes all the sessions of an account, except the one named.
pub(crate) async fn close_sessions(tx: &impl sea_orm::ConnectionTrait, territoire: Id, compte: Id, except: Option<Id>) -> Result<u64> {
    let kept = except.map(|id| id.to_string()).unwrap_or_default();
    sql::execute(
        tx,
        "DELETE FROM comptes_session WHERE territoire_id = $1 AND compte_id = $2 AND id <> $3",
        values![territoire, compte, kept],
    )
    .await
}

#[derive(FromQueryResult)]
struct SessionRow {
    id: String,
    appareil: String,
    moyen: String,
    opened_at: i64,
    seen_at: i64,
    poste: bool,
}

/// The sessions of an account that are still open, the latest seen first.
pub(crate) async fn list_sessions(db: &Db, territoire: Id, compte: Id, now: Instant) -> Result<Vec<SessionOuverte>> {
    let rows: Vec<SessionRow> = sql::list(
        db.read(),
        "SELECT id, appareil, moyen, opened_at, seen_at, poste FROM comptes_session
         WHERE territoire_id = $1 AND compte_id = $2 ORDER BY seen_at DESC, id",
        values![territoire, compte],
    )
    .await?;
    let open = rows
        .into_iter()
        .filter(|row| Etat { opened_at: Instant(row.opened_at), seen_at: Instant(row.seen_at), is_poste: row.poste }.is_open(now));
    open.map(|row| {
        let moyen = Moyen::from_code(&row.moyen).unwrap_or(Moyen::MotDePasse);
        let (opened_at, seen_at) = (Instant(row.opened_at), Instant(row.seen_at));
        Ok(SessionOuverte { id: row.id.parse()?, appareil: row.appareil, moyen, opened_at, seen_at })
    })
    .collect()
}

/// Declares a browser a post of the ligne unique.
pub(crate) async fn insert_poste(db: &Db, territoire: Id, empreinte: &str, compte: Id, now: Instant) -> Result<()> {
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "INSERT INTO comptes_poste (territoire_id, empreinte, declared_at, compte_id) VALUES ($1, $2, $3, $4)",
        values![territoire, empreinte, now.0, compte],
    )
    .await?;
    Ok(tx.commit().await?)
}

pub(crate) async fn is_poste(db: &Db, territoire: Id, empreinte: &str) -> Result<bool> {
    let count = sql::number(
        db.read(),
        "SELECT COUNT(*) FROM comptes_poste WHERE territoire_id = $1 AND empreinte = $2",
        values![territoire, empreinte],
    )
    .await?;
    Ok(count > 0)
}
