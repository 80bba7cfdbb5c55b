//! Subscriptions, what they were told of, and what is to be sent.

use kit::coffre::Place;
use kit::{Coffre, Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::Abonnement;
use crate::rules::changement::Empreintes;

fn place(territoire: Id, id: Id) -> Place {
    Place { table: "diffusion_abonnement", colonne: "secret", territoire, id }
}

#[derive(FromQueryResult)]
struct AbonnementRow {
    id: String,
    adresse: String,
    created_at: i64,
    essais: Option<i32>,
    livre_at: Option<i64>,
    abandonne_at: Option<i64>,
    erreur: Option<String>,
}

/// Subscriptions of a territoire, each with its last delivery.
pub async fn list_abonnements(db: &Db, territoire: Id) -> Result<Vec<Abonnement>> {
    let rows: Vec<AbonnementRow> = sql::list(
        db.read(),
        "SELECT a.id, a.adresse, a.created_at, l.essais, l.livre_at, l.abandonne_at, l.erreur
         FROM diffusion_abonnement a
         LEFT JOIN diffusion_livraison l ON l.territoire_id = a.territoire_id AND l.abonnement_id = a.id AND l.id = (
           SELECT MAX(d.id) FROM diffusion_livraison d WHERE d.territoire_id = a.territoire_id AND d.abonnement_id = a.id)
         WHERE a.territoire_id = $1 ORDER BY a.created_at, a.id",
        values![territoire],
    )
    .await?;
    let read = |row: AbonnementRow| {
        Ok(Abonnement {
            id: row.id.parse()?,
            adresse: row.adresse,
            created_at: Instant(row.created_at),
            essais: row.essais,
            livre_at: row.livre_at.map(Instant),
            abandonne_at: row.abandonne_at.map(Instant),
            erreur: row.erreur.unwrap_or_default(),
        })
    };
    rows.into_iter().map(read).collect()
}

pub async fn count_abonnements(db: &impl ConnectionTrait, territoire: Id) -> Result<i64> {
    sql::number(db, "SELECT COUNT(*) FROM diffusion_abonnement WHERE territoire_id = $1", values![territoire]).await
}

/// Writes a subscription; its secret is encrypted.
pub async fn insert_abonnement(
    tx: &impl ConnectionTrait,
    territoire: Id,
    (adresse, secret): (&str, &str),
    (compte, now): (Id, Instant),
    coffre: &Coffre,
) -> Result<Id> {
    let id = Id::new(now);
    let sealed = coffre.seal(place(territoire, id), secret)?;
    sql::execute(
        tx,
        "INSERT INTO diffusion_abonnement (territoire_id, id, adresse, secret, created_at, compte_id) VALUES ($1, $2, $3, $4, $5, $6)",
        values![territoire, id, adresse, sealed, now.0, compte],
    )
    .await?;
    Ok(id)
}

/// Ends a subscription, with what was still to be sent; false when there is none.
pub async fn delete_abonnement(tx: &impl ConnectionTrait, territoire: Id, id: Id) -> Result<bool> {
    sql::execute(tx, "DELETE FROM diffusion_livraison WHERE territoire_id = $1 AND abonnement_id = $2", values![territoire, id]).await?;
    Ok(sql::execute(tx, "DELETE FROM diffusion_abonnement WHERE territoire_id = $1 AND id = $2", values![territoire, id]).await? == 1)
}

#[derive(FromQueryResult)]
struct SecretRow {
    territoire_id: String,
    id: String,
    secret: String,
}

/// Encrypts again, with the newest key, the secrets that are not; how many, and how many did not open.
pub async fn rechiffrer(db: &Db, coffre: &Coffre) -> Result<(u64, u64)> {
    let (mut done, mut illisibles) = (0, 0);
    let tx = db.begin().await?;
    let text = "SELECT territoire_id, id, secret FROM diffusion_abonnement WHERE secret NOT LIKE $1";
    let rows: Vec<SecretRow> = sql::list(&tx, text, values![format!("{}%", coffre.newest_prefix())]).await?;
    for row in rows {
        let (territoire, id): (Id, Id) = (row.territoire_id.parse()?, row.id.parse()?);
        let Ok(secret) = coffre.open(place(territoire, id), &row.secret) else {
            illisibles += 1;
            continue;
        };
        let sealed = coffre.seal(place(territoire, id), &secret)?;
        let text = "UPDATE diffusion_abonnement SET secret = $3 WHERE territoire_id = $1 AND id = $2";
        sql::execute(&tx, text, values![territoire, id, sealed]).await?;
        done += 1;
    }
    tx.commit().await?;
    Ok((done, illisibles))
}

/// The revision that subscribers have been told of.
pub async fn find_annoncee(db: &impl ConnectionTrait, territoire: Id) -> Result<Option<i64>> {
    let told = "SELECT COALESCE(MAX(revision), -1) FROM diffusion_annonce WHERE territoire_id = $1";
    Ok(Some(sql::number(db, told, values![territoire]).await?).filter(|revision| *revision >= 0))
}

/// Moves the revision told forward; false when another process just did.
pub async fn update_annoncee(tx: &impl ConnectionTrait, territoire: Id, (before, after): (Option<i64>, i64)) -> Result<bool> {
    let touched = match before {
        Some(before) => {
            let text = "UPDATE diffusion_annonce SET revision = $3 WHERE territoire_id = $1 AND revision = $2";
            sql::execute(tx, text, values![territoire, before, after]).await?
        }
        None => {
            let text = "INSERT INTO diffusion_annonce (territoire_id, revision) VALUES ($1, $2) ON CONFLICT (territoire_id) DO NOTHING";
            sql::execute(tx, text, values![territoire, after]).await?
        }
    };
    Ok(touched == 1)
}

#[derive(FromQueryResult)]
struct ConnueRow {
    structure_id: String,
    empreinte: String,
}

pub async fn list_connues(db: &impl ConnectionTrait, territoire: Id) -> Result<Empreintes> {
    let text = "SELECT structure_id, empreinte FROM diffusion_connue WHERE territoire_id = $1";
    let rows: Vec<ConnueRow> = sql::list(db, text, values![territoire]).await?;
    Ok(rows.into_iter().map(|row| (row.structure_id, row.empreinte)).collect())
}

const CONNUE: sql::Target = sql::Target {
    table: "diffusion_connue",
    columns: &["territoire_id", "structure_id", "empreinte"],
    key: &["territoire_id", "structure_id"],
    replaced: &["empreinte"],
};

pub async fn replace_connues(tx: &impl ConnectionTrait, territoire: Id, after: &Empreintes) -> Result<()> {
    sql::execute(tx, "DELETE FROM diffusion_connue WHERE territoire_id = $1", values![territoire]).await?;
    let rows = after.iter().map(|(id, empreinte)| values![territoire, id.as_str(), empreinte.as_str()].to_vec());
    sql::upsert_many(tx, &CONNUE, rows.collect()).await
}

/// Forgets what was told: nobody listens any longer.
pub async fn delete_annonce(tx: &impl ConnectionTrait, territoire: Id) -> Result<()> {
    sql::execute(tx, "DELETE FROM diffusion_connue WHERE territoire_id = $1", values![territoire]).await?;
    sql::execute(tx, "DELETE FROM diffusion_annonce WHERE territoire_id = $1", values![territoire]).await?;
    Ok(())
}

const LIVRAISON: sql::Target = sql::Target {
    table: "diffusion_livraison",
    columns: &["territoire_id", "id", "abonnement_id", "corps", "created_at", "du_at", "essais", "erreur"],
    key: &["territoire_id", "id"],
    replaced: &[],
};

/// Writes what is to be sent to every subscriber.
pub async fn insert_livraisons(tx: &impl ConnectionTrait, territoire: Id, corps: &[String], now: Instant) -> Result<()> {
    let abonnements = sql::texts(tx, "SELECT id FROM diffusion_abonnement WHERE territoire_id = $1", values![territoire]).await?;
    let write = |abonnement: &str, corps: &str| -> Vec<Value> {
        values![territoire, Id::new(now), abonnement, corps, now.0, now.0, 0_i32, ""].to_vec()
    };
    let rows = abonnements.iter().flat_map(|abonnement| corps.iter().map(|corps| write(abonnement, corps)));
    sql::upsert_many(tx, &LIVRAISON, rows.collect()).await
}

/// Something to send, taken for the time of one attempt.
#[derive(Clone, Debug)]
pub struct Livraison {
    pub territoire: Id,
    pub id: Id,
    pub corps: String,
    pub essais: i32,
    pub adresse: String,
    pub secret: String,
}

#[derive(FromQueryResult)]
struct LivraisonRow {
    territoire_id: String,
    id: String,
    corps: String,
    essais: i32,
    du_at: i64,
    adresse: String,
    secret: String,
    abonnement_id: String,
}

/// Takes what is due for a territoire: no other process sends it within `seconds`.
pub async fn take_livraisons(db: &Db, coffre: &Coffre, territoire: Id, (now, seconds): (Instant, i64)) -> Result<Vec<Livraison>> {
    let rows: Vec<LivraisonRow> = sql::list(
        db.read(),
        "SELECT l.territoire_id, l.id, l.corps, l.essais, l.du_at, a.adresse, a.secret, a.id AS abonnement_id
         FROM diffusion_livraison l
         JOIN diffusion_abonnement a ON a.territoire_id = l.territoire_id AND a.id = l.abonnement_id
         WHERE l.territoire_id = $1 AND l.livre_at IS NULL AND l.abandonne_at IS NULL AND l.du_at <= $2
         ORDER BY l.du_at, l.id LIMIT 20",
        values![territoire, now.0],
    )
    .await?;
    let mut taken = vec![];
    for row in rows {
        let (territoire, id): (Id, Id) = (row.territoire_id.parse()?, row.id.parse()?);
        let tx = db.begin().await?;
        let text = "UPDATE diffusion_livraison SET du_at = $3, essais = essais + 1 WHERE territoire_id = $1 AND id = $2 AND du_at = $4";
        let is_ours = sql::execute(&tx, text, values![territoire, id, now.plus_seconds(seconds).0, row.du_at]).await? == 1;
        tx.commit().await?;
        let opened = coffre.open(place(territoire, row.abonnement_id.parse()?), &row.secret);
        if let (true, Ok(secret)) = (is_ours, opened) {
            taken.push(Livraison { territoire, id, corps: row.corps, essais: row.essais + 1, adresse: row.adresse, secret });
        }
    }
    Ok(taken)
}

/// What came of an attempt: taken, to be tried again, or given up.
pub async fn update_livraison(
    db: &Db,
    livraison: &Livraison,
    outcome: std::result::Result<(), &str>,
    (now, next): (Instant, Option<Instant>),
) -> Result<()> {
    let delivered = outcome.is_ok().then_some(now.0);
    let given_up = (outcome.is_err() && next.is_none()).then_some(now.0);
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "UPDATE diffusion_livraison SET livre_at = $3, abandonne_at = $4, du_at = $5, erreur = $6 WHERE territoire_id = $1 AND id = $2",
        values![livraison.territoire, livraison.id, delivered, given_up, next.unwrap_or(now).0, outcome.err().unwrap_or_default()],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Forgets what was delivered or given up before a moment.
pub async fn delete_livraisons_before(db: &Db, territoire: Id, before: Instant) -> Result<u64> {
    let tx = db.begin().await?;
    let text = "DELETE FROM diffusion_livraison WHERE territoire_id = $1 AND created_at < $2 AND (livre_at IS NOT NULL OR abandonne_at IS NOT NULL)";
    let deleted = sql::execute(&tx, text, values![territoire, before.0]).await?;
    tx.commit().await?;
    Ok(deleted)
}
