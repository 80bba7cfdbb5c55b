//! A demande read back, with what was proposed.

use kit::{Coffre, Db, Id, Instant, Result, sql, values};
use sea_orm::FromQueryResult;
use territoire::CodeInsee;

use super::droits::list_consentements;
use super::sceau::Sceau;
use crate::model::{
    Canal, Consentement, Contexte, Contraintes, Demande, Foyer, Issue, IssueDeBesoin, Motif, NouvelleDemande, Orientation, Origine,
    PourQui, Rappel, Sexe, TrancheAge, Urgence,
};

#[derive(FromQueryResult)]
struct DemandeRow {
    id: String,
    numero: i64,
    version: i64,
    cle: String,
    canal: String,
    received_at: i64,
    code_insee: String,
    besoin_texte: Option<String>,
    contraintes: String,
    tour: i64,
    pour_qui: Option<String>,
    tranche_age: Option<String>,
    sexe: Option<String>,
    urgence: String,
    note: Option<String>,
    rappel_nom: Option<String>,
    rappel_telephone: Option<String>,
    rappel_courriel: Option<String>,
    rappel_moment: Option<String>,
    foyer: Option<String>,
    origine: Option<String>,
    duree: Option<i32>,
    efface_at: Option<i64>,
    issue: Option<String>,
    motif: Option<String>,
    compte_id: Option<String>,
}

#[derive(FromQueryResult)]
struct BesoinRow {
    besoin: String,
    issue: Option<String>,
    motif: Option<String>,
}

#[derive(FromQueryResult)]
struct OrientationRow {
    service_id: String,
    structure_id: String,
    structure_nom: String,
    service_nom: String,
    telephone: Option<String>,
    raisons: String,
    donnee: bool,
}

/// A demande and all that hangs on it.
pub async fn find_demande(db: &Db, coffre: &Coffre, territoire: Id, id: Id) -> Result<Option<Demande>> {
    let row: Option<DemandeRow> = sql::find(
        db.read(),
        "SELECT id, numero, version, cle, canal, received_at, code_insee, besoin_texte, contraintes, tour, pour_qui, tranche_age, sexe, urgence,
           note, rappel_nom, rappel_telephone, rappel_courriel, rappel_moment, foyer, origine, duree, efface_at, issue, motif, compte_id
         FROM accueil_demande WHERE territoire_id = $1 AND id = $2",
        values![territoire, id],
    )
    .await?;
    let Some(row) = row else { return Ok(None) };
    let besoins: Vec<BesoinRow> = sql::list(
        db.read(),
        "SELECT besoin, issue, motif FROM accueil_demande_besoin WHERE territoire_id = $1 AND demande_id = $2 ORDER BY rang",
        values![territoire, id],
    )
    .await?;
    let orientations: Vec<OrientationRow> = sql::list(
        db.read(),
        "SELECT service_id, structure_id, structure_nom, service_nom, telephone, raisons, donnee
         FROM accueil_orientation WHERE territoire_id = $1 AND demande_id = $2 ORDER BY rang",
        values![territoire, id],
    )
    .await?;
    let orientations = orientations.into_iter().map(read_orientation).collect::<Result<_>>()?;
    let consentements = list_consentements(db, territoire, id).await?;
    read_demande(&Sceau { coffre, territoire, id }, row, (besoins, consentements), orientations).map(Some)
}

fn read_orientation(row: OrientationRow) -> Result<Orientation> {
    Ok(Orientation {
        service_id: row.service_id.parse()?,
        structure_id: row.structure_id.parse()?,
        structure_nom: row.structure_nom,
        service_nom: row.service_nom,
        telephone: row.telephone,
        raisons: row.raisons,
        donnee: row.donnee,
    })
}

fn read_issue(row: &BesoinRow) -> Option<IssueDeBesoin> {
    let issue = row.issue.as_deref().and_then(Issue::from_code)?;
    Some(IssueDeBesoin { besoin: row.besoin.clone(), issue, motif: row.motif.as_deref().and_then(Motif::from_code) })
}

fn read_demande(
    sceau: &Sceau,
    row: DemandeRow,
    (besoins, consentements): (Vec<BesoinRow>, Vec<Consentement>),
    orientations: Vec<Orientation>,
) -> Result<Demande> {
    let detail = NouvelleDemande {
        territoire_id: sceau.territoire,
        cle: row.cle,
        canal: Canal::from_code(&row.canal).unwrap_or(Canal::Telephone),
        received_at: Instant(row.received_at),
        commune: CodeInsee::parse(&row.code_insee).map_err(anyhow::Error::from)?,
        issues: besoins.iter().filter_map(read_issue).collect(),
        besoins: besoins.into_iter().map(|row| row.besoin).collect(),
        besoin_texte: sceau.open("besoin_texte", row.besoin_texte),
        contraintes: Contraintes::from_codes(row.contraintes.split_whitespace()),
        tour: u64::try_from(row.tour).unwrap_or_default(),
        pour_qui: row.pour_qui.as_deref().and_then(PourQui::from_code),
        tranche_age: row.tranche_age.as_deref().and_then(TrancheAge::from_code),
        sexe: row.sexe.as_deref().and_then(Sexe::from_code),
        urgence: Urgence::from_code(&row.urgence).unwrap_or(Urgence::PasPresse),
        note: sceau.open("note", row.note),
        contexte: Contexte {
            foyer: row.foyer.as_deref().and_then(Foyer::from_code),
            origine: row.origine.as_deref().and_then(Origine::from_code),
            duree: row.duree,
        },
        rappel: Rappel {
            nom: sceau.open("rappel_nom", row.rappel_nom),
            telephone: sceau.open("rappel_telephone", row.rappel_telephone),
            courriel: sceau.open("rappel_courriel", row.rappel_courriel),
            moment: sceau.open("rappel_moment", row.rappel_moment),
        },
        consentements,
        issue: row.issue.as_deref().and_then(Issue::from_code),
        motif: row.motif.as_deref().and_then(Motif::from_code),
        compte_id: row.compte_id.map(|id| id.parse()).transpose()?,
        orientations,
    };
    Ok(Demande { id: row.id.parse()?, numero: row.numero, version: row.version, efface_at: row.efface_at.map(Instant), detail })
}
