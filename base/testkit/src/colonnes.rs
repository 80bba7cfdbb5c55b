//! What a database really holds, read from its own catalogue: for tests that look for something everywhere.

use kit::{Db, Engine, Result, sql};
use sea_orm::FromQueryResult;

/// One column, as the database itself describes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, FromQueryResult)]
pub struct ColonneReelle {
    pub table_name: String,
    pub column_name: String,
    /// As the engine names it, in lower case.
    pub data_type: String,
}

impl ColonneReelle {
    pub fn is_text(&self) -> bool {
        self.data_type.contains("text") || self.data_type.contains("char")
    }
}

/// Every column of every table, in order.
pub async fn list_columns(db: &Db) -> Result<Vec<ColonneReelle>> {
    let text = match db.engine() {
        Engine::Sqlite => {
            "SELECT m.name AS table_name, p.name AS column_name, lower(p.type) AS data_type
             FROM sqlite_master m JOIN pragma_table_info(m.name) p
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY 1, 2"
        }
        Engine::Postgres => {
            "SELECT CAST(table_name AS TEXT) AS table_name, CAST(column_name AS TEXT) AS column_name,
               CAST(lower(data_type) AS TEXT) AS data_type
             FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
        }
    };
    sql::list(db.read(), text, []).await
}

/// The text columns that hold `needle` somewhere, as `table.column`, whatever the case.
pub async fn find_text(db: &Db, needle: &str) -> Result<Vec<String>> {
    let mut found = vec![];
    for column in list_columns(db).await?.iter().filter(|column| column.is_text()) {
        let text = format!("SELECT COUNT(*) FROM {} WHERE lower({}) LIKE '%' || lower($1) || '%'", column.table_name, column.column_name);
        if sql::number(db.read(), &text, kit::values![needle]).await? > 0 {
            found.push(format!("{}.{}", column.table_name, column.column_name));
        }
    }
    Ok(found)
}
