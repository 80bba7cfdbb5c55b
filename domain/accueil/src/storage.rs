//! The tables `accueil_*`, and the facts that each act leaves.

use kit::fait::{Fait, insert_fait};
use kit::{Db, Id, Instant, Result, journal, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use territoire::CodeInsee;

use crate::filtre::Filtre;
use crate::model::{Canal, Contraintes, Demande, Issue, Motif, NouvelleDemande, Orientation, PourQui, Rappel, Sexe, TrancheAge, Urgence};
use crate::trace;

/// What recording gave back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enregistrement {
    pub id: Id,
    pub numero: i64,
    /// The same form had already been recorded: nothing was written twice.
    pub is_doublon: bool,
}

#[derive(FromQueryResult)]
struct KnownRow {
    id: String,
    numero: i64,
}

/// Records a demande, its orientations and its facts in one transaction. Sent twice, it is recorded once.
pub async fn insert_demande(db: &Db, demande: &NouvelleDemande) -> Result<Enregistrement> {
    let tx = db.begin().await?;
    let recorded = insert_demande_in(&tx, demande).await?;
    // One already there: dropping the transaction gives the number back.
    if !recorded.is_doublon {
        tx.commit().await?;
    }
    Ok(recorded)
}

/// The same inside a transaction of the caller, who commits it.
pub async fn insert_demande_in(tx: &impl ConnectionTrait, demande: &NouvelleDemande) -> Result<Enregistrement> {
    // Takes the row of the counter first: two identical forms wait for each other here, and the second one finds the first.
    let numero = sql::number(
        tx,
        "INSERT INTO accueil_compteur (territoire_id, nom, valeur) VALUES ($1, 'demande', 1)
         ON CONFLICT (territoire_id, nom) DO UPDATE SET valeur = accueil_compteur.valeur + 1
         RETURNING valeur",
        values![demande.territoire_id],
    )
    .await?;
    let known: Option<KnownRow> = sql::find(
        tx,
        "SELECT id, numero FROM accueil_demande WHERE territoire_id = $1 AND cle = $2",
        values![demande.territoire_id, demande.cle.as_str()],
    )
    .await?;
    if let Some(known) = known {
        return Ok(Enregistrement { id: known.id.parse()?, numero: known.numero, is_doublon: true });
    }
    let id = Id::new(demande.received_at);
    insert_row(tx, id, numero, demande).await?;
    insert_besoins(tx, id, demande).await?;
    insert_orientations(tx, id, demande).await?;
    for fait in list_faits(demande) {
        insert_fait(tx, &fait).await?;
    }
    let acte = trace::acte(demande.compte_id, trace::ENREGISTREMENT, id, demande.canal.label());
    journal::record(tx, demande.territoire_id, demande.received_at, &acte).await?;
    Ok(Enregistrement { id, numero, is_doublon: false })
}

async fn insert_row(tx: &impl ConnectionTrait, id: Id, numero: i64, demande: &NouvelleDemande) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO accueil_demande (territoire_id, id, numero, cle, canal, received_at, code_insee, besoin_texte, contraintes, tour,
           pour_qui, tranche_age, sexe, urgence, note, rappel_nom, rappel_telephone, rappel_courriel, rappel_moment, consentement_at,
           issue, motif, compte_id, version, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, 1, $6)",
        values![
            demande.territoire_id,
            id,
            numero,
            demande.cle.as_str(),
            demande.canal.code(),
            demande.received_at.0,
            demande.commune.to_string(),
            demande.besoin_texte.clone(),
            demande.contraintes.codes().join(" "),
            i64::try_from(demande.tour).unwrap_or(i64::MAX),
            demande.pour_qui.map(PourQui::code),
            demande.tranche_age.map(TrancheAge::code),
            demande.sexe.map(Sexe::code),
            demande.urgence.code(),
            demande.note.clone(),
            demande.rappel.nom.clone(),
            demande.rappel.telephone.clone(),
            demande.rappel.courriel.clone(),
            demande.rappel.moment.clone(),
            demande.consentement_at.map(|at| at.0),
            demande.issue.map(Issue::code),
            demande.motif.map(Motif::code),
            demande.compte_id
        ],
    )
    .await?;
    Ok(())
}

async fn insert_besoins(tx: &impl ConnectionTrait, id: Id, demande: &NouvelleDemande) -> Result<()> {
    let rows = (0_i64..).zip(&demande.besoins).map(|(rang, besoin)| values![demande.territoire_id, id, besoin.as_str(), rang].to_vec());
    sql::upsert_many(tx, &BESOIN, rows.collect()).await
}

async fn insert_orientations(tx: &impl ConnectionTrait, id: Id, demande: &NouvelleDemande) -> Result<()> {
    let rows = (0_i64..).zip(&demande.orientations).map(|(rang, orientation)| orientation_row(id, rang, orientation, demande));
    sql::upsert_many(tx, &ORIENTATION, rows.collect()).await
}

fn orientation_row(id: Id, rang: i64, orientation: &Orientation, demande: &NouvelleDemande) -> Vec<Value> {
    values![
        demande.territoire_id,
        id,
        orientation.service_id,
        orientation.structure_id,
        rang,
        orientation.structure_nom.as_str(),
        orientation.service_nom.as_str(),
        orientation.telephone.clone(),
        orientation.raisons.as_str(),
        orientation.donnee,
        demande.received_at.0
    ]
    .to_vec()
}

const BESOIN: sql::Target = sql::Target {
    table: "accueil_demande_besoin",
    columns: &["territoire_id", "demande_id", "besoin", "rang"],
    key: &["territoire_id", "demande_id", "besoin"],
    replaced: &[],
};
const ORIENTATION: sql::Target = sql::Target {
    table: "accueil_orientation",
    columns: &[
        "territoire_id",
        "demande_id",
        "service_id",
        "structure_id",
        "rang",
        "structure_nom",
        "service_nom",
        "telephone",
        "raisons",
        "donnee",
        "created_at",
    ],
    key: &["territoire_id", "demande_id", "service_id"],
    replaced: &[],
};

/// One fact for the demande, one for each need and its outcome.
fn list_faits(demande: &NouvelleDemande) -> Vec<Fait> {
    let mut faits = vec![fait(demande, "demande", 1, demande.received_at, vec![("canal", demande.canal.code().to_string())])];
    faits.extend(demande.besoins.iter().map(|besoin| fait(demande, "besoin", 1, demande.received_at, vec![("besoin", besoin.clone())])));
    faits.extend(list_faits_of_issue(demande, demande.issue, demande.motif, 1, demande.received_at));
    faits
}

fn list_faits_of_issue(demande: &NouvelleDemande, issue: Option<Issue>, motif: Option<Motif>, quantite: i64, at: Instant) -> Vec<Fait> {
    let Some(issue) = issue else { return vec![] };
    let of_besoin = |besoin: &String| {
        let mut dimensions = vec![("besoin", besoin.clone()), ("issue", issue.code().to_string())];
        dimensions.extend(motif.map(|motif| ("motif", motif.code().to_string())));
        fait(demande, "issue", quantite, at, dimensions)
    };
    demande.besoins.iter().map(of_besoin).collect()
}

fn fait(demande: &NouvelleDemande, code: &'static str, quantite: i64, at: Instant, dimensions: Vec<(&'static str, String)>) -> Fait {
    Fait {
        territoire_id: demande.territoire_id,
        code,
        at,
        code_insee: Some(demande.commune.to_string()),
        sexe: demande.sexe.map(Sexe::code),
        tranche_age: demande.tranche_age.map(TrancheAge::code),
        quantite,
        dimensions,
    }
}

/// Changes how a demande ended, and takes back the fact of the former outcome.
/// Refused when somebody changed it since `version` was read.
pub async fn update_issue(db: &Db, demande: &Demande, (issue, motif): (Issue, Option<Motif>), (auteur, now): (Id, Instant)) -> Result<()> {
    let tx = db.begin().await?;
    let detail = &demande.detail;
    let changed = sql::execute(
        &tx,
        "UPDATE accueil_demande SET issue = $1, motif = $2, version = version + 1, updated_at = $3
         WHERE territoire_id = $4 AND id = $5 AND version = $6",
        values![issue.code(), motif.map(Motif::code), now.0, detail.territoire_id, demande.id, demande.version],
    )
    .await?;
    if changed == 0 {
        return Err(kit::Error::Conflict(
            "Quelqu’un a modifié cette demande entre-temps : rechargez la page, vérifiez l’issue, puis recommencez.".into(),
        ));
    }
    let former = list_faits_of_issue(detail, detail.issue, detail.motif, -1, now);
    for fait in former.into_iter().chain(list_faits_of_issue(detail, Some(issue), motif, 1, now)) {
        insert_fait(&tx, &fait).await?;
    }
    let acte = trace::acte(Some(auteur), trace::ISSUE, demande.id, issue.label());
    journal::record(&tx, detail.territoire_id, now, &acte).await?;
    Ok(tx.commit().await?)
}

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
    consentement_at: Option<i64>,
    issue: Option<String>,
    motif: Option<String>,
    compte_id: Option<String>,
}

#[derive(FromQueryResult)]
struct BesoinRow {
    besoin: String,
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
pub async fn find_demande(db: &Db, territoire: Id, id: Id) -> Result<Option<Demande>> {
    let row: Option<DemandeRow> = sql::find(
        db.read(),
        "SELECT id, numero, version, cle, canal, received_at, code_insee, besoin_texte, contraintes, tour, pour_qui, tranche_age, sexe, urgence,
           note, rappel_nom, rappel_telephone, rappel_courriel, rappel_moment, consentement_at, issue, motif, compte_id
         FROM accueil_demande WHERE territoire_id = $1 AND id = $2",
        values![territoire, id],
    )
    .await?;
    let Some(row) = row else { return Ok(None) };
    let besoins: Vec<BesoinRow> = sql::list(
        db.read(),
        "SELECT besoin FROM accueil_demande_besoin WHERE territoire_id = $1 AND demande_id = $2 ORDER BY rang",
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
    read_demande(territoire, row, besoins.into_iter().map(|row| row.besoin).collect(), orientations).map(Some)
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

fn read_demande(territoire_id: Id, row: DemandeRow, besoins: Vec<String>, orientations: Vec<Orientation>) -> Result<Demande> {
    let detail = NouvelleDemande {
        territoire_id,
        cle: row.cle,
        canal: Canal::from_code(&row.canal).unwrap_or(Canal::Telephone),
        received_at: Instant(row.received_at),
        commune: CodeInsee::parse(&row.code_insee).map_err(anyhow::Error::from)?,
        besoins,
        besoin_texte: row.besoin_texte,
        contraintes: Contraintes::from_codes(row.contraintes.split_whitespace()),
        tour: u64::try_from(row.tour).unwrap_or_default(),
        pour_qui: row.pour_qui.as_deref().and_then(PourQui::from_code),
        tranche_age: row.tranche_age.as_deref().and_then(TrancheAge::from_code),
        sexe: row.sexe.as_deref().and_then(Sexe::from_code),
        urgence: Urgence::from_code(&row.urgence).unwrap_or(Urgence::PasPresse),
        note: row.note,
        rappel: Rappel { nom: row.rappel_nom, telephone: row.rappel_telephone, courriel: row.rappel_courriel, moment: row.rappel_moment },
        consentement_at: row.consentement_at.map(Instant),
        issue: row.issue.as_deref().and_then(Issue::from_code),
        motif: row.motif.as_deref().and_then(Motif::from_code),
        compte_id: row.compte_id.map(|id| id.parse()).transpose()?,
        orientations,
    };
    Ok(Demande { id: row.id.parse()?, numero: row.numero, version: row.version, detail })
}

/// A demande as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemandeListee {
    pub id: Id,
    pub numero: i64,
    pub received_at: Instant,
    pub canal: Canal,
    pub commune: String,
    pub besoins: Vec<String>,
    pub urgence: Urgence,
    pub issue: Option<Issue>,
    pub motif: Option<Motif>,
}

#[derive(FromQueryResult)]
struct ListRow {
    id: String,
    numero: i64,
    received_at: i64,
    canal: String,
    code_insee: String,
    urgence: String,
    issue: Option<String>,
    motif: Option<String>,
    besoins: Option<String>,
}

/// How many demandes a page of the list holds.
pub const PAGE: i64 = 50;

const LIST: &str = "
SELECT d.id, d.numero, d.received_at, d.canal, d.code_insee, d.urgence, d.issue, d.motif,
  (SELECT string_agg(b.besoin, ' ' ORDER BY b.rang) FROM accueil_demande_besoin b
   WHERE b.territoire_id = d.territoire_id AND b.demande_id = d.id) AS besoins
FROM accueil_demande d
WHERE d.territoire_id = $1
  AND ($2 = '' OR d.issue = $2 OR ($2 = 'nouvelle' AND d.issue IS NULL))
  AND ($3 = '' OR d.code_insee = $3)
  AND ($4 = '' OR EXISTS (SELECT 1 FROM accueil_demande_besoin b
                          WHERE b.territoire_id = d.territoire_id AND b.demande_id = d.id AND b.besoin = $4))
  AND ($5 = '' OR d.canal = $5)
  AND d.received_at >= $6 AND d.received_at < $7
ORDER BY d.received_at DESC, d.numero DESC
LIMIT $8 OFFSET $9";

const COUNT: &str = "
SELECT COUNT(*)
FROM accueil_demande d
WHERE d.territoire_id = $1
  AND ($2 = '' OR d.issue = $2 OR ($2 = 'nouvelle' AND d.issue IS NULL))
  AND ($3 = '' OR d.code_insee = $3)
  AND ($4 = '' OR EXISTS (SELECT 1 FROM accueil_demande_besoin b
                          WHERE b.territoire_id = d.territoire_id AND b.demande_id = d.id AND b.besoin = $4))
  AND ($5 = '' OR d.canal = $5)
  AND d.received_at >= $6 AND d.received_at < $7";

/// One page of the demandes that a filter keeps, newest first, and how many it keeps in all. Two queries, whatever the page.
pub async fn list_demandes(db: &Db, territoire: Id, filtre: &Filtre) -> Result<(Vec<DemandeListee>, i64)> {
    let conditions = filter_values(territoire, filtre);
    let total = sql::number(db.read(), COUNT, conditions.clone()).await?;
    let paged = conditions.into_iter().chain(values![PAGE, i64::from(filtre.page) * PAGE]);
    let rows: Vec<ListRow> = sql::list(db.read(), LIST, paged).await?;
    Ok((rows.into_iter().map(read_listed).collect::<Result<_>>()?, total))
}

fn filter_values(territoire: Id, filtre: &Filtre) -> Vec<Value> {
    values![
        territoire,
        filtre.issue_code(),
        filtre.commune.map(|code| code.to_string()).unwrap_or_default(),
        filtre.besoin.clone().unwrap_or_default(),
        filtre.canal.map(Canal::code).unwrap_or_default(),
        filtre.from.map_or(i64::MIN, |at| at.0),
        filtre.until.map_or(i64::MAX, |at| at.0)
    ]
    .to_vec()
}

fn read_listed(row: ListRow) -> Result<DemandeListee> {
    Ok(DemandeListee {
        id: row.id.parse()?,
        numero: row.numero,
        received_at: Instant(row.received_at),
        canal: Canal::from_code(&row.canal).unwrap_or(Canal::Telephone),
        commune: row.code_insee,
        besoins: row.besoins.unwrap_or_default().split_whitespace().map(str::to_string).collect(),
        urgence: Urgence::from_code(&row.urgence).unwrap_or(Urgence::PasPresse),
        issue: row.issue.as_deref().and_then(Issue::from_code),
        motif: row.motif.as_deref().and_then(Motif::from_code),
    })
}

/// The last turn recorded for a need: where the next process goes on from.
pub async fn find_last_tour(db: &Db, territoire: Id, besoin: &str) -> Result<u64> {
    let last = sql::number(
        db.read(),
        "SELECT COALESCE(MAX(d.tour), 0) FROM accueil_demande d
         JOIN accueil_demande_besoin b ON b.territoire_id = d.territoire_id AND b.demande_id = d.id
         WHERE d.territoire_id = $1 AND b.besoin = $2",
        values![territoire, besoin],
    )
    .await?;
    Ok(u64::try_from(last).unwrap_or_default())
}

/// Demandes without a solution that ask the same thing in the same commune for the same reason.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct SansSolutionGroupe {
    pub besoin: String,
    pub code_insee: String,
    pub motif: Option<String>,
    pub demandes: i64,
    /// When the last one came.
    pub derniere: i64,
}

/// What has no solution, the most asked first.
pub async fn list_sans_solution(db: &Db, territoire: Id) -> Result<Vec<SansSolutionGroupe>> {
    sql::list(
        db.read(),
        "SELECT b.besoin, d.code_insee, d.motif, COUNT(*) AS demandes, MAX(d.received_at) AS derniere
         FROM accueil_demande d
         JOIN accueil_demande_besoin b ON b.territoire_id = d.territoire_id AND b.demande_id = d.id
         WHERE d.territoire_id = $1 AND d.issue = 'sans_solution'
         GROUP BY b.besoin, d.code_insee, d.motif
         ORDER BY COUNT(*) DESC, MAX(d.received_at) DESC, b.besoin, d.code_insee, d.motif",
        values![territoire],
    )
    .await
}

impl SansSolutionGroupe {
    pub fn derniere(&self) -> Instant {
        Instant(self.derniere)
    }
}
