//! Of which structures somebody is référent·e. What a structure is, the annuaire knows; here it is an identifier.

use kit::{Db, Id, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::model::{Compte, Role};
use crate::storage::list_comptes;

/// Binds an account to a structure; it holds the role from then on.
pub async fn insert_referent(tx: &impl ConnectionTrait, territoire: Id, compte: Id, structure: Id) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO comptes_role (territoire_id, compte_id, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        values![territoire, compte, Role::ReferentStructure.code()],
    )
    .await?;
    sql::execute(
        tx,
        "INSERT INTO comptes_referent (territoire_id, compte_id, structure_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        values![territoire, compte, structure],
    )
    .await?;
    Ok(())
}

/// Unbinds an account from a structure. The role stays: without a structure it opens none.
/// Those of a structure become those of another one: the two were one.
pub async fn move_referents(tx: &impl ConnectionTrait, territoire: Id, (from, to): (Id, Id)) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO comptes_referent (territoire_id, compte_id, structure_id)
         SELECT territoire_id, compte_id, $3 FROM comptes_referent WHERE territoire_id = $1 AND structure_id = $2
         ON CONFLICT (territoire_id, compte_id, structure_id) DO NOTHING",
        values![territoire, from, to],
    )
    .await?;
    sql::execute(tx, "DELETE FROM comptes_referent WHERE territoire_id = $1 AND structure_id = $2", values![territoire, from]).await?;
    Ok(())
}

pub async fn delete_referent(tx: &impl ConnectionTrait, territoire: Id, compte: Id, structure: Id) -> Result<()> {
    sql::execute(
        tx,
        "DELETE FROM comptes_referent WHERE territoire_id = $1 AND compte_id = $2 AND structure_id = $3",
        values![territoire, compte, structure],
    )
    .await?;
    Ok(())
}

/// Somebody who is no longer référent·e is bound to nothing: given the role again, they start from nothing.
pub(super) async fn delete_all_structures(tx: &impl ConnectionTrait, territoire: Id, compte: Id) -> Result<()> {
    sql::execute(tx, "DELETE FROM comptes_referent WHERE territoire_id = $1 AND compte_id = $2", values![territoire, compte]).await?;
    Ok(())
}

/// Whether this structure is theirs.
pub async fn is_referent(db: &Db, territoire: Id, compte: Id, structure: Id) -> Result<bool> {
    Ok(list_structures_of(db, territoire, compte).await?.contains(&structure))
}

/// The structures of an account.
pub async fn list_structures_of(db: &Db, territoire: Id, compte: Id) -> Result<Vec<Id>> {
    let ids = sql::texts(
        db.read(),
        "SELECT structure_id FROM comptes_referent WHERE territoire_id = $1 AND compte_id = $2 ORDER BY structure_id",
        values![territoire, compte],
    )
    .await?;
    ids.iter().map(|id| id.parse()).collect()
}

#[derive(FromQueryResult)]
struct ReferenceRow {
    compte_id: String,
    structure_id: String,
}

/// Every account that is bound, and to which structures.
pub async fn list_references(db: &Db, territoire: Id) -> Result<Vec<(Id, Id)>> {
    let text = "SELECT compte_id, structure_id FROM comptes_referent WHERE territoire_id = $1 ORDER BY compte_id, structure_id";
    let rows: Vec<ReferenceRow> = sql::list(db.read(), text, values![territoire]).await?;
    rows.into_iter().map(|row| Ok((row.compte_id.parse()?, row.structure_id.parse()?))).collect()
}

/// The accounts bound to a structure, by name; those that are closed too.
pub async fn list_referents(db: &Db, territoire: Id, structure: Id) -> Result<Vec<Compte>> {
    let ids = sql::texts(
        db.read(),
        "SELECT compte_id FROM comptes_referent WHERE territoire_id = $1 AND structure_id = $2",
        values![territoire, structure],
    )
    .await?;
    let all = list_comptes(db, territoire).await?;
    Ok(all.into_iter().filter(|compte| ids.contains(&compte.id.to_string())).collect())
}
