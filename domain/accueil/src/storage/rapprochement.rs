//! Demandes found again by what is around them: the keys of messages, a telephone number.

use kit::coffre::Coffre;
use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::FromQueryResult;

use super::sceau::Sceau;
use crate::mots::{a_la_commune, libelles_de_besoins};

/// A demande recorded under a key that somebody gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemandeDeCle {
    pub cle: String,
    pub id: Id,
    /// Who recorded it.
    pub compte: Option<Id>,
}

#[derive(FromQueryResult)]
struct CleRow {
    cle: String,
    id: String,
    compte_id: Option<String>,
}

/// The demandes recorded since a moment under keys that begin so.
pub async fn list_demandes_de_cles(db: &Db, territoire: Id, (debut, since): (&str, Instant)) -> Result<Vec<DemandeDeCle>> {
    let rows: Vec<CleRow> = sql::list(
        db.read(),
        "SELECT cle, id, compte_id FROM accueil_demande WHERE territoire_id = $1 AND received_at >= $2 AND cle LIKE $3",
        values![territoire, since.0, format!("{debut}%")],
    )
    .await?;
    let read = |row: CleRow| {
        let compte = row.compte_id.map(|id| id.parse()).transpose()?;
        Ok(DemandeDeCle { cle: row.cle, id: row.id.parse()?, compte })
    };
    rows.into_iter().map(read).collect()
}

/// A demande whose person left the same number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemandeDeNumero {
    pub id: Id,
    pub numero: i64,
    pub received_at: Instant,
    pub code_insee: String,
    /// Codes of the needs.
    pub besoins: Vec<String>,
}

impl DemandeDeNumero {
    /// « Portage de repas, à Rosnay ».
    pub fn quoi(&self) -> String {
        format!("{}, {}", libelles_de_besoins(&self.besoins), a_la_commune(&self.code_insee))
    }
}

#[derive(FromQueryResult)]
struct NumeroRow {
    id: String,
    numero: i64,
    received_at: i64,
    code_insee: String,
    rappel_telephone: Option<String>,
    besoins: Option<String>,
}

/// Numbers read at most, latest first: they are encrypted, and each is opened. Numbers leave three months after the answer.
const NUMEROS: i64 = 3_000;
const PROPOSEES: usize = 5;

/// The latest demandes that left this number, written in any way. Somebody else may have called from there: they are offered, no more.
pub async fn list_demandes_de_numero(db: &Db, coffre: &Coffre, territoire: Id, numero: &str) -> Result<Vec<DemandeDeNumero>> {
    let rows: Vec<NumeroRow> = sql::list(
        db.read(),
        "SELECT d.id, d.numero, d.received_at, d.code_insee, d.rappel_telephone,
           (SELECT MIN(b.besoin) FROM accueil_demande_besoin b WHERE b.territoire_id = d.territoire_id AND b.demande_id = d.id AND b.rang = 0) AS besoins
         FROM accueil_demande d
         WHERE d.territoire_id = $1 AND d.rappel_telephone IS NOT NULL ORDER BY d.received_at DESC LIMIT $2",
        values![territoire, NUMEROS],
    )
    .await?;
    let wanted = kit::telephone::dial(numero);
    let mut found = vec![];
    for row in rows {
        let id: Id = row.id.parse()?;
        let sceau = Sceau { coffre, territoire, id };
        let is_same = row.rappel_telephone.and_then(|stored| coffre.open(sceau.place("rappel_telephone"), &stored).ok());
        if is_same.is_some_and(|typed| typed == numero || kit::telephone::dial(&typed) == wanted) {
            let besoins = row.besoins.into_iter().collect();
            found.push(DemandeDeNumero {
                id,
                numero: row.numero,
                received_at: Instant(row.received_at),
                code_insee: row.code_insee,
                besoins,
            });
        }
        if found.len() == PROPOSEES {
            break;
        }
    }
    Ok(found)
}
