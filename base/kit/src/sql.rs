//! Queries as one readable text, valid on SQLite and PostgreSQL, with `$1`-style parameters.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Query, SimpleExpr};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};

use crate::Result;

/// Rows of a query.
pub async fn list<T: FromQueryResult>(db: &impl ConnectionTrait, text: &str, values: impl IntoIterator<Item = Value>) -> Result<Vec<T>> {
    Ok(T::find_by_statement(statement(db, text, values)).all(db).await?)
}

/// The single text column of a query.
pub async fn texts(db: &impl ConnectionTrait, text: &str, values: impl IntoIterator<Item = Value>) -> Result<Vec<String>> {
    let rows = db.query_all_raw(statement(db, text, values)).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<std::result::Result<_, _>>()?)
}

/// The first row of a query, if there is one.
pub async fn find<T: FromQueryResult>(db: &impl ConnectionTrait, text: &str, values: impl IntoIterator<Item = Value>) -> Result<Option<T>> {
    Ok(T::find_by_statement(statement(db, text, values)).one(db).await?)
}

/// The integer in the first column of the first row, 0 when there is none.
pub async fn number(db: &impl ConnectionTrait, text: &str, values: impl IntoIterator<Item = Value>) -> Result<i64> {
    let row = db.query_one_raw(statement(db, text, values)).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0))
}

/// Runs a statement that writes; gives the number of rows it touched.
pub async fn execute(db: &impl ConnectionTrait, text: &str, values: impl IntoIterator<Item = Value>) -> Result<u64> {
    Ok(db.execute_raw(statement(db, text, values)).await?.rows_affected())
}

fn statement(db: &impl ConnectionTrait, text: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(db.get_database_backend(), text, values)
}

/// Where rows written many at a time go.
pub struct Target {
    pub table: &'static str,
    pub columns: &'static [&'static str],
    /// The columns that say that a row is already there.
    pub key: &'static [&'static str],
    /// What of a row already there is replaced; empty: such a row is left as it is.
    pub replaced: &'static [&'static str],
}

/// PostgreSQL takes 65 535 parameters in a statement, SQLite 32 766.
const PARAMETERS: usize = 16_000;

/// Writes many rows with few statements: what makes an import of 150 000 rows last seconds on both databases.
pub async fn upsert_many(db: &impl ConnectionTrait, target: &Target, rows: Vec<Vec<Value>>) -> Result<()> {
    let mut conflict = on_conflict(target);
    match target.replaced {
        [] => conflict.do_nothing(),
        replaced => conflict.update_columns(replaced.iter().map(|name| Alias::new(*name))),
    };
    write_many(db, target, (rows, conflict)).await
}

/// The same for counters: what is `replaced` is added to what a row already there holds.
pub async fn add_many(db: &impl ConnectionTrait, target: &Target, rows: Vec<Vec<Value>>) -> Result<()> {
    let mut conflict = on_conflict(target);
    for name in target.replaced {
        let column = || Alias::new(*name);
        let added = Expr::col((Alias::new(target.table), column())).add(Expr::col((Alias::new("excluded"), column())));
        conflict.value(column(), added);
    }
    write_many(db, target, (rows, conflict)).await
}

fn on_conflict(target: &Target) -> OnConflict {
    OnConflict::columns(target.key.iter().map(|name| Alias::new(*name)))
}

async fn write_many(db: &impl ConnectionTrait, target: &Target, (rows, conflict): (Vec<Vec<Value>>, OnConflict)) -> Result<()> {
    let mut rows = rows.into_iter().peekable();
    let per_statement = (PARAMETERS / target.columns.len().max(1)).min(500);
    while rows.peek().is_some() {
        let mut insert = Query::insert();
        insert.into_table(Alias::new(target.table)).columns(target.columns.iter().map(|name| Alias::new(*name)));
        for row in rows.by_ref().take(per_statement) {
            insert.values(row.into_iter().map(SimpleExpr::from)).map_err(anyhow::Error::from)?;
        }
        insert.on_conflict(conflict.clone());
        db.execute(&insert).await?;
    }
    Ok(())
}

/// « $3, $4, $5 »: the places of so many values, `first` the number of the first.
pub fn holes(first: usize, count: usize) -> String {
    (first..first + count).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ")
}

/// The parameters of a query, whatever their types: `values![id, 3_i64, "texte"]`.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { [$(sea_orm::Value::from($value)),*] };
}
