//! Everything that is of one territoire, whatever the table: read from the catalogue of the database itself, so that a table
//! made tomorrow is exported and erased without anybody thinking of it.

use std::collections::BTreeSet;

use kit::{Db, Engine, Id, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::colonnes::{Nature, list_colonnes};

/// Where a territoire itself is written: its key is `id`, that of all others `territoire_id`.
const TERRITOIRE: &str = "territoire_territoire";

/// A table that holds rows of territoires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub nom: String,
    /// What an export writes, in order.
    colonnes: Vec<ColonneLue>,
    /// Secrets (passwords, tokens): of no use elsewhere, dangerous anywhere; never exported.
    pub omises: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
struct ColonneLue {
    table_name: String,
    column_name: String,
    data_type: String,
}

#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
struct Lien {
    enfant: String,
    parent: String,
}

const COLONNES_SQLITE: &str = "
SELECT m.name AS table_name, p.name AS column_name, lower(p.type) AS data_type
FROM sqlite_master m JOIN pragma_table_info(m.name) p
WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY 1, p.cid";

const COLONNES_POSTGRES: &str = "
SELECT CAST(table_name AS TEXT) AS table_name, CAST(column_name AS TEXT) AS column_name, CAST(lower(data_type) AS TEXT) AS data_type
FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position";

const LIENS_SQLITE: &str = "
SELECT m.name AS enfant, f.\"table\" AS parent
FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";

const LIENS_POSTGRES: &str = "
SELECT CAST(child.relname AS TEXT) AS enfant, CAST(parent.relname AS TEXT) AS parent
FROM pg_catalog.pg_constraint c
JOIN pg_catalog.pg_class child ON child.oid = c.conrelid
JOIN pg_catalog.pg_class parent ON parent.oid = c.confrelid
WHERE c.contype = 'f' AND child.relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = current_schema())";

/// The tables that hold rows of territoires; each before those it refers to: one erases them in this order.
pub async fn list_tables(db: &Db) -> Result<Vec<Table>> {
    let (colonnes, liens) = match db.engine() {
        Engine::Sqlite => (COLONNES_SQLITE, LIENS_SQLITE),
        Engine::Postgres => (COLONNES_POSTGRES, LIENS_POSTGRES),
    };
    let colonnes: Vec<ColonneLue> = sql::list(db.read(), colonnes, []).await?;
    let liens: Vec<Lien> = sql::list(db.read(), liens, []).await?;
    let noms = colonnes.iter().filter(|one| one.column_name == "territoire_id").map(|one| one.table_name.clone());
    let noms: BTreeSet<String> = noms.chain([TERRITOIRE.to_string()]).collect();
    let secrets: BTreeSet<(String, String)> =
        list_colonnes()?.into_iter().filter(|one| one.nature == Nature::Secret).map(|one| (one.table, one.colonne)).collect();
    let is_secret = |one: &ColonneLue| secrets.contains(&(one.table_name.clone(), one.column_name.clone()));
    let build = |nom: String| {
        let (omises, kept): (Vec<_>, Vec<_>) = colonnes.iter().filter(|one| one.table_name == nom).cloned().partition(is_secret);
        Table { nom, colonnes: kept, omises: omises.into_iter().map(|one| one.column_name).collect() }
    };
    Ok(order(noms, &liens).into_iter().map(build).collect())
}

/// Takes, again and again, those that no remaining one refers to.
fn order(mut left: BTreeSet<String>, liens: &[Lien]) -> Vec<String> {
    let mut ordered = vec![];
    while !left.is_empty() {
        let is_referred = |nom: &String| liens.iter().any(|lien| lien.parent == *nom && lien.enfant != *nom && left.contains(&lien.enfant));
        let free: Vec<String> = left.iter().filter(|nom| !is_referred(nom)).cloned().collect();
        // Tables that refer to each other in a circle: the database itself would refuse them.
        if free.is_empty() {
            ordered.extend(left);
            break;
        }
        left.retain(|nom| !free.contains(nom));
        ordered.extend(free);
    }
    ordered
}

impl Table {
    fn key(&self) -> &'static str {
        if self.nom == TERRITOIRE { "id" } else { "territoire_id" }
    }

    /// The rows of a territoire, one JSON object each; bytes are written in hexadecimal.
    pub async fn list_rows(&self, tx: &impl ConnectionTrait, engine: Engine, territoire: Id) -> Result<Vec<String>> {
        let fields = self.colonnes.iter().map(|one| format!("'{}', {}", one.column_name, one.read(engine))).collect::<Vec<_>>().join(", ");
        let object = match engine {
            Engine::Sqlite => format!("json_object({fields})"),
            Engine::Postgres => format!("CAST(json_build_object({fields}) AS TEXT)"),
        };
        sql::texts(tx, &format!("SELECT {object} FROM {} WHERE {} = $1", self.nom, self.key()), values![territoire]).await
    }

    /// How many rows a territoire has there.
    pub async fn count_rows(&self, db: &impl ConnectionTrait, territoire: Id) -> Result<i64> {
        sql::number(db, &format!("SELECT COUNT(*) FROM {} WHERE {} = $1", self.nom, self.key()), values![territoire]).await
    }
}

impl ColonneLue {
    /// The same value in JSON from both engines: SQLite has no booleans, and neither has bytes.
    fn read(&self, engine: Engine) -> String {
        let name = &self.column_name;
        match (engine, self.data_type.as_str()) {
            (Engine::Sqlite, "bytea") => format!("CASE WHEN {name} IS NULL THEN NULL ELSE lower(hex({name})) END"),
            (Engine::Postgres, "bytea") => format!("encode({name}, 'hex')"),
            (Engine::Sqlite, "boolean") => format!("json(CASE WHEN {name} IS NULL THEN 'null' WHEN {name} THEN 'true' ELSE 'false' END)"),
            _ => name.clone(),
        }
    }
}

/// How many rows a territoire has, in all its tables.
pub async fn count(db: &Db, territoire: Id) -> Result<i64> {
    let mut rows = 0;
    for table in list_tables(db).await? {
        rows += table.count_rows(db.read(), territoire).await?;
    }
    Ok(rows)
}

/// Erases every row of a territoire, and the territoire; gives how many.
pub async fn erase(db: &Db, territoire: Id) -> Result<u64> {
    let tables = list_tables(db).await?;
    let tx = db.begin().await?;
    let mut erased = 0;
    for table in tables {
        erased += sql::execute(&tx, &format!("DELETE FROM {} WHERE {} = $1", table.nom, table.key()), values![territoire]).await?;
    }
    tx.commit().await?;
    Ok(erased)
}
