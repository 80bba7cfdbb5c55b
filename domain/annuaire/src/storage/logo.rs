//! The table `annuaire_logo`.

use kit::{Db, Id, Result, secret, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::logo::LogoStructure;

/// The longest side of a logo on a page.
const AFFICHE: i64 = 120;

/// What a page needs to show a logo, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct LogoConnu {
    pub empreinte: String,
    pub largeur: i64,
    pub hauteur: i64,
}

impl LogoConnu {
    /// Its width and height on a page: within a square, never larger than it is.
    pub fn affiche(&self) -> (i64, i64) {
        let longest = self.largeur.max(self.hauteur).max(AFFICHE);
        let fit = |side: i64| (side * AFFICHE / longest).max(1);
        (fit(self.largeur), fit(self.hauteur))
    }
}

#[derive(FromQueryResult)]
struct ContenuRow {
    contenu: Vec<u8>,
    empreinte: String,
}

/// The logo of a structure, when it has one.
pub async fn find_logo(db: &Db, territoire: Id, structure: Id) -> Result<Option<LogoConnu>> {
    let text = "SELECT empreinte, largeur, hauteur FROM annuaire_logo WHERE territoire_id = $1 AND structure_id = $2";
    sql::find(db.read(), text, values![territoire, structure]).await
}

/// Its bytes and their fingerprint, while the structure stands.
pub async fn find_contenu(db: &Db, territoire: Id, structure: Id) -> Result<Option<(Vec<u8>, String)>> {
    let row: Option<ContenuRow> = sql::find(
        db.read(),
        "SELECT l.contenu, l.empreinte FROM annuaire_logo l
         JOIN annuaire_structure st ON st.territoire_id = l.territoire_id AND st.id = l.structure_id
         WHERE l.territoire_id = $1 AND l.structure_id = $2",
        values![territoire, structure],
    )
    .await?;
    Ok(row.map(|row| (row.contenu, row.empreinte)))
}

#[derive(FromQueryResult)]
struct LogoRow {
    structure_id: String,
    contenu: Vec<u8>,
}

/// The bytes of all logos, of structures that stand.
pub async fn list_contenus(db: &impl ConnectionTrait, territoire: Id) -> Result<Vec<(Id, Vec<u8>)>> {
    let text = "SELECT l.structure_id, l.contenu FROM annuaire_logo l
         JOIN annuaire_structure st ON st.territoire_id = l.territoire_id AND st.id = l.structure_id
         WHERE l.territoire_id = $1 ORDER BY l.structure_id";
    let rows: Vec<LogoRow> = sql::list(db, text, values![territoire]).await?;
    rows.into_iter().map(|row| Ok((row.structure_id.parse()?, row.contenu))).collect()
}

/// Replaces the logo of a structure; none: it has no longer any.
pub async fn replace_logo(tx: &impl ConnectionTrait, territoire: Id, structure: Id, logo: Option<&LogoStructure>) -> Result<()> {
    let text = "DELETE FROM annuaire_logo WHERE territoire_id = $1 AND structure_id = $2";
    sql::execute(tx, text, values![territoire, structure]).await?;
    let Some(logo) = logo else { return Ok(()) };
    sql::execute(
        tx,
        "INSERT INTO annuaire_logo (territoire_id, structure_id, contenu, empreinte, largeur, hauteur) VALUES ($1, $2, $3, $4, $5, $6)",
        values![
            territoire,
            structure,
            logo.contenu.clone(),
            secret::fingerprint_of(&logo.contenu),
            i64::from(logo.largeur),
            i64::from(logo.hauteur)
        ],
    )
    .await?;
    Ok(())
}
