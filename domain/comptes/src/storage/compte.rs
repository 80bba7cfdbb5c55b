//! Accounts, their roles and their invitations.

use kit::{Db, Error, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::model::{Compte, Role};
use crate::rules::mot_de_passe;
use crate::secret::hash;
use crate::storage::referent::delete_all_structures;

/// Creates an account that may sign in at once; refused when the address already has one here, or the password is weak.
pub async fn insert_compte(
    tx: &impl ConnectionTrait,
    territoire: Id,
    (courriel, nom): (&str, &str),
    (password, roles): (&str, &[Role]),
    now: Instant,
) -> Result<Id> {
    let is_administration = roles.contains(&Role::Administration);
    let connu = [nom, courriel.split('@').next().unwrap_or_default()];
    mot_de_passe::check(password, &connu, is_administration).map_err(|refusal| Error::Conflict(refusal.to_string()))?;
    insert(tx, territoire, (courriel, nom), (&hash(password)?, roles), now).await
}

/// Creates an account without a password: an invitation will let its owner choose one.
pub(crate) async fn insert_invite(
    tx: &impl ConnectionTrait,
    territoire: Id,
    who: (&str, &str),
    roles: &[Role],
    now: Instant,
) -> Result<Id> {
    insert(tx, territoire, who, ("", roles), now).await
}

async fn insert(
    tx: &impl ConnectionTrait,
    territoire: Id,
    (courriel, nom): (&str, &str),
    (stored, roles): (&str, &[Role]),
    now: Instant,
) -> Result<Id> {
    if !kit::text::is_courriel(courriel) {
        return Err(Error::Conflict(format!("« {courriel} » n’est pas une adresse électronique : elle s’écrit nom@domaine.fr")));
    }
    let id = Id::new(now);
    let inserted = sql::execute(
        tx,
        "INSERT INTO comptes_compte (territoire_id, id, courriel, nom, mot_de_passe, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (territoire_id, courriel) DO NOTHING",
        values![territoire, id, courriel.to_lowercase(), nom, stored, now.0],
    )
    .await?;
    if inserted == 0 {
        return Err(Error::Conflict(format!("{courriel} a déjà un compte sur ce territoire")));
    }
    replace_roles(tx, territoire, id, roles).await?;
    Ok(id)
}

/// The roles of an account become these.
pub(crate) async fn replace_roles(tx: &impl ConnectionTrait, territoire: Id, compte: Id, roles: &[Role]) -> Result<()> {
    sql::execute(tx, "DELETE FROM comptes_role WHERE territoire_id = $1 AND compte_id = $2", values![territoire, compte]).await?;
    for role in roles {
        sql::execute(
            tx,
            "INSERT INTO comptes_role (territoire_id, compte_id, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            values![territoire, compte, role.code()],
        )
        .await?;
    }
    if roles.contains(&Role::ReferentStructure) { Ok(()) } else { delete_all_structures(tx, territoire, compte).await }
}

/// Closes an account from `at` on, or opens it again.
pub(crate) async fn update_desactive(tx: &impl ConnectionTrait, territoire: Id, compte: Id, at: Option<Instant>) -> Result<()> {
    sql::execute(
        tx,
        "UPDATE comptes_compte SET desactive_at = $3 WHERE territoire_id = $1 AND id = $2",
        values![territoire, compte, at.map(|at| at.0)],
    )
    .await?;
    Ok(())
}

pub(crate) async fn update_mot_de_passe(tx: &impl ConnectionTrait, territoire: Id, compte: Id, stored: &str) -> Result<()> {
    sql::execute(
        tx,
        "UPDATE comptes_compte SET mot_de_passe = $3 WHERE territoire_id = $1 AND id = $2",
        values![territoire, compte, stored],
    )
    .await?;
    Ok(())
}

/// Whether nobody else could still give roles.
pub(crate) async fn is_last_administration(tx: &impl ConnectionTrait, territoire: Id, compte: Id) -> Result<bool> {
    let others = sql::number(
        tx,
        "SELECT COUNT(*) FROM comptes_role r JOIN comptes_compte c ON c.territoire_id = r.territoire_id AND c.id = r.compte_id
         WHERE r.territoire_id = $1 AND r.role = $2 AND r.compte_id <> $3 AND c.desactive_at IS NULL
           AND (c.mot_de_passe <> ''
             OR EXISTS (SELECT 1 FROM comptes_cle_acces k WHERE k.territoire_id = c.territoire_id AND k.compte_id = c.id)
             OR EXISTS (SELECT 1 FROM comptes_identite i WHERE i.territoire_id = c.territoire_id AND i.compte_id = c.id))",
        values![territoire, Role::Administration.code(), compte],
    )
    .await?;
    Ok(others == 0)
}

#[derive(FromQueryResult)]
struct SecretRow {
    id: String,
    mot_de_passe: String,
}

/// The stored password of an open account that has one, by its address.
pub(crate) async fn find_secret(db: &Db, territoire: Id, courriel: &str) -> Result<Option<(Id, String)>> {
    let row: Option<SecretRow> = sql::find(
        db.read(),
        "SELECT id, mot_de_passe FROM comptes_compte
         WHERE territoire_id = $1 AND courriel = $2 AND desactive_at IS NULL AND mot_de_passe <> ''",
        values![territoire, courriel.to_lowercase()],
    )
    .await?;
    row.map(|row| Ok((row.id.parse()?, row.mot_de_passe))).transpose()
}

#[derive(FromQueryResult)]
struct CompteRow {
    id: String,
    courriel: String,
    nom: String,
    desactive_at: Option<i64>,
    is_invite: i32,
}

#[derive(FromQueryResult)]
struct RoleRow {
    compte_id: String,
    role: String,
}

/// All the accounts of a territoire, by name.
pub async fn list_comptes(db: &Db, territoire: Id) -> Result<Vec<Compte>> {
    let rows: Vec<CompteRow> = sql::list(
        db.read(),
        "SELECT id, courriel, nom, desactive_at, CASE WHEN mot_de_passe = ''
           AND NOT EXISTS (SELECT 1 FROM comptes_navigateur n WHERE n.territoire_id = c.territoire_id AND n.compte_id = c.id)
           THEN 1 ELSE 0 END AS is_invite
         FROM comptes_compte c WHERE territoire_id = $1 ORDER BY nom, id",
        values![territoire],
    )
    .await?;
    let roles: Vec<RoleRow> = sql::list(
        db.read(),
        "SELECT compte_id, role FROM comptes_role WHERE territoire_id = $1 ORDER BY compte_id, role",
        values![territoire],
    )
    .await?;
    rows.into_iter().map(|row| assemble(row, &roles)).collect()
}

pub async fn find_compte(db: &Db, territoire: Id, id: Id) -> Result<Option<Compte>> {
    Ok(list_comptes(db, territoire).await?.into_iter().find(|compte| compte.id == id))
}

fn assemble(row: CompteRow, roles: &[RoleRow]) -> Result<Compte> {
    let held = roles.iter().filter(|role| role.compte_id == row.id);
    Ok(Compte {
        id: row.id.parse()?,
        courriel: row.courriel,
        nom: row.nom,
        roles: held.filter_map(|role| Role::from_code(&role.role)).collect(),
        desactive_at: row.desactive_at.map(Instant),
        is_invite: row.is_invite == 1,
    })
}

#[derive(FromQueryResult)]
struct AdresseRow {
    courriel: String,
    nom: String,
}

/// Where somebody is written to, and their name.
pub(crate) async fn find_adresse(tx: &impl ConnectionTrait, territoire: Id, compte: Id) -> Result<Option<(String, String)>> {
    let row: Option<AdresseRow> =
        sql::find(tx, "SELECT courriel, nom FROM comptes_compte WHERE territoire_id = $1 AND id = $2", values![territoire, compte]).await?;
    Ok(row.map(|row| (row.courriel, row.nom)))
}

/// The account of an address, while it is open.
pub(crate) async fn find_ouvert(db: &Db, territoire: Id, courriel: &str) -> Result<Option<Compte>> {
    let ids = sql::texts(
        db.read(),
        "SELECT id FROM comptes_compte WHERE territoire_id = $1 AND courriel = $2 AND desactive_at IS NULL",
        values![territoire, courriel.to_lowercase()],
    )
    .await?;
    let Some(id) = ids.first() else { return Ok(None) };
    find_compte(db, territoire, id.parse()?).await
}

/// A link by which somebody chooses a password; those sent before no longer open anything.
pub(crate) async fn insert_invitation(
    tx: &impl ConnectionTrait,
    territoire: Id,
    compte: Id,
    (empreinte, until): (&str, Instant),
) -> Result<()> {
    sql::execute(tx, "DELETE FROM comptes_invitation WHERE territoire_id = $1 AND compte_id = $2", values![territoire, compte]).await?;
    sql::execute(
        tx,
        "INSERT INTO comptes_invitation (territoire_id, empreinte, compte_id, expires_at) VALUES ($1, $2, $3, $4)",
        values![territoire, empreinte, compte, until.0],
    )
    .await?;
    Ok(())
}

/// Whom an invitation is for, while it lasts and their account is open.
pub(crate) async fn find_invite(db: &Db, territoire: Id, empreinte: &str, now: Instant) -> Result<Option<Compte>> {
    let ids = sql::texts(
        db.read(),
        "SELECT compte_id FROM comptes_invitation WHERE territoire_id = $1 AND empreinte = $2 AND expires_at > $3",
        values![territoire, empreinte, now.0],
    )
    .await?;
    let Some(id) = ids.first() else { return Ok(None) };
    Ok(find_compte(db, territoire, id.parse()?).await?.filter(|compte| compte.desactive_at.is_none()))
}

/// Uses an invitation up: false when somebody just did.
pub(crate) async fn delete_invitation(tx: &impl ConnectionTrait, territoire: Id, empreinte: &str) -> Result<bool> {
    let deleted =
        sql::execute(tx, "DELETE FROM comptes_invitation WHERE territoire_id = $1 AND empreinte = $2", values![territoire, empreinte])
            .await?;
    Ok(deleted == 1)
}
