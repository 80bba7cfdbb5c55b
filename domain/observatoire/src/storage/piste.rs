//! The tables `observatoire_piste` and `observatoire_piste_etape`.

use chrono::NaiveDate;
use kit::{Db, Error, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use crate::pistes::model::{Avant, Etape, EtatPiste, Etendue, NatureEtape, Piste, Portee};
use crate::pistes::rules::Suivante;

#[derive(FromQueryResult)]
struct PisteRow {
    id: String,
    besoin: String,
    portee: String,
    communes: String,
    raison: String,
    pilote_id: String,
    etat: String,
    etape: String,
    etape_le: String,
    ouverte_at: i64,
    close_at: Option<i64>,
    avant_du: String,
    avant_demandes: i64,
    avant_sans_solution: i64,
    avant_structures: String,
}

const COLUMNS: &str = "id, besoin, portee, communes, raison, pilote_id, etat, etape, etape_le, ouverte_at, close_at, avant_du,
  avant_demandes, avant_sans_solution, avant_structures";

impl PisteRow {
    fn read(self) -> Result<Piste> {
        let words = |text: &str| text.split_whitespace().map(str::to_string).collect::<Vec<_>>();
        let structures = self.avant_structures.split_whitespace().map(str::parse).collect::<Result<_>>()?;
        Ok(Piste {
            id: self.id.parse()?,
            besoin: self.besoin,
            etendue: Etendue { portee: Portee::from_code(&self.portee).unwrap_or(Portee::Communes), communes: words(&self.communes) },
            raison: self.raison,
            pilote: self.pilote_id.parse()?,
            etat: EtatPiste::from_code(&self.etat).unwrap_or(EtatPiste::Ouverte),
            etape: self.etape,
            etape_le: read_day(&self.etape_le)?,
            ouverte_at: Instant(self.ouverte_at),
            close_at: self.close_at.map(Instant),
            avant: Avant {
                du: read_day(&self.avant_du)?,
                demandes: self.avant_demandes,
                sans_solution: self.avant_sans_solution,
                structures,
            },
        })
    }
}

fn read_day(text: &str) -> Result<NaiveDate> {
    Ok(text.parse().map_err(anyhow::Error::from)?)
}

pub async fn list_pistes(db: &Db, territoire: Id) -> Result<Vec<Piste>> {
    let text = format!("SELECT {COLUMNS} FROM observatoire_piste WHERE territoire_id = $1");
    let rows: Vec<PisteRow> = sql::list(db.read(), &text, values![territoire]).await?;
    rows.into_iter().map(PisteRow::read).collect()
}

pub async fn find_piste(db: &Db, territoire: Id, id: Id) -> Result<Option<Piste>> {
    let text = format!("SELECT {COLUMNS} FROM observatoire_piste WHERE territoire_id = $1 AND id = $2");
    let row: Option<PisteRow> = sql::find(db.read(), &text, values![territoire, id]).await?;
    row.map(PisteRow::read).transpose()
}

/// Opens a piste; its reason is the first line of its history.
pub async fn insert_piste(tx: &impl ConnectionTrait, territoire: Id, piste: &Piste, auteur: Id) -> Result<()> {
    let avant = &piste.avant;
    sql::execute(
        tx,
        "INSERT INTO observatoire_piste (territoire_id, id, besoin, portee, communes, raison, pilote_id, etat, etape, etape_le, ouverte_at,
           avant_du, avant_demandes, avant_sans_solution, avant_structures)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        values![
            territoire,
            piste.id,
            piste.besoin.as_str(),
            piste.etendue.portee.code(),
            piste.etendue.communes.join(" "),
            piste.raison.as_str(),
            piste.pilote,
            piste.etat.code(),
            piste.etape.as_str(),
            piste.etape_le.to_string(),
            piste.ouverte_at.0,
            avant.du.to_string(),
            avant.demandes,
            avant.sans_solution,
            avant.structures.iter().map(Id::to_string).collect::<Vec<_>>().join(" ")
        ],
    )
    .await?;
    let etape = Etape { at: piste.ouverte_at, compte: auteur, nature: NatureEtape::Ouverture, texte: piste.raison.clone() };
    insert_etape(tx, (territoire, piste.id), &etape).await
}

/// Writes what was done and what comes next; refused once the piste is closed.
pub async fn add_etape(tx: &impl ConnectionTrait, (territoire, piste): (Id, Id), etape: &Etape, suite: &Suivante) -> Result<()> {
    let touched = sql::execute(
        tx,
        "UPDATE observatoire_piste SET pilote_id = $3, etape = $4, etape_le = $5 WHERE territoire_id = $1 AND id = $2 AND etat = 'ouverte'",
        values![territoire, piste, suite.pilote, suite.etape.as_str(), suite.etape_le.to_string()],
    )
    .await?;
    refuse_closed(touched)?;
    insert_etape(tx, (territoire, piste), etape).await
}

/// Ends a piste; refused when it is ended already.
pub async fn close_piste(tx: &impl ConnectionTrait, (territoire, piste): (Id, Id), etat: EtatPiste, etape: &Etape) -> Result<()> {
    let touched = sql::execute(
        tx,
        "UPDATE observatoire_piste SET etat = $3, close_at = $4 WHERE territoire_id = $1 AND id = $2 AND etat = 'ouverte'",
        values![territoire, piste, etat.code(), etape.at.0],
    )
    .await?;
    refuse_closed(touched)?;
    insert_etape(tx, (territoire, piste), etape).await
}

fn refuse_closed(touched: u64) -> Result<()> {
    if touched == 1 { Ok(()) } else { Err(Error::Conflict("Cette piste est déjà close : rouvrez sa page pour voir comment.".into())) }
}

/// Its line of the piste is locked by the act that comes with it, so that two acts take two numbers.
async fn insert_etape(tx: &impl ConnectionTrait, (territoire, piste): (Id, Id), etape: &Etape) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO observatoire_piste_etape (territoire_id, piste_id, rang, at, compte_id, nature, texte)
         SELECT $1, $2, COALESCE(MAX(rang), 0) + 1, $3, $4, $5, $6 FROM observatoire_piste_etape WHERE territoire_id = $1 AND piste_id = $2",
        values![territoire, piste, etape.at.0, etape.compte, etape.nature.code(), etape.texte.as_str()],
    )
    .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct EtapeRow {
    at: i64,
    compte_id: String,
    nature: String,
    texte: String,
}

/// The history of a piste, from its opening on.
pub async fn list_etapes(db: &Db, territoire: Id, piste: Id) -> Result<Vec<Etape>> {
    let rows: Vec<EtapeRow> = sql::list(
        db.read(),
        "SELECT at, compte_id, nature, texte FROM observatoire_piste_etape WHERE territoire_id = $1 AND piste_id = $2 ORDER BY rang",
        values![territoire, piste],
    )
    .await?;
    let read = |row: EtapeRow| {
        let nature = NatureEtape::from_code(&row.nature).unwrap_or(NatureEtape::Faite);
        Ok(Etape { at: Instant(row.at), compte: row.compte_id.parse()?, nature, texte: row.texte })
    };
    rows.into_iter().map(read).collect()
}
