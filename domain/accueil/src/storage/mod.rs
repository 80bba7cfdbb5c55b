//! The tables `accueil_*`, and the facts that each act leaves.

mod conservation;
mod droits;
mod equite;
mod lecture;
mod liste;
mod rapprochement;
pub mod rechiffrement;
mod reglage;
pub mod reperes;
mod sceau;

use kit::fait::{Fait, insert_fait};
use kit::{Coffre, Db, Id, Instant, Result, journal, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};

use crate::acces::CodeAcces;
use crate::model::{Demande, Foyer, Issue, Motif, NouvelleDemande, Orientation, Origine, PourQui, Sexe, TrancheAge};
use crate::{suivi, trace};
pub(crate) use sceau::Sceau;

pub use conservation::{DemandeSuivie, find_durees, list_suivies, lock_suivie, update_duree};
pub use droits::{
    efface_demande_in, efface_rappel_in, find_demande_by_acces, insert_acces, insert_consentement_in, set_rappel_in, withdraw_consentement,
};
pub use equite::{count_equite, count_equite_of};
pub use lecture::find_demande;
pub use liste::{DemandeEnAttente, DemandeListee, PAGE, find_last_tour, list_demandes, list_en_attente};
pub use rapprochement::{DemandeDeCle, DemandeDeNumero, list_demandes_de_cles, list_demandes_de_numero};
pub use reglage::{find_reglage, list_reglages, set_reglage_in};
pub use sceau::{COLONNES_CHIFFREES, TABLE, reveal};

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
pub async fn insert_demande(db: &Db, coffre: &Coffre, demande: &NouvelleDemande) -> Result<Enregistrement> {
    let tx = db.begin().await?;
    let recorded = insert_demande_in(&tx, coffre, demande).await?;
    // One already there: dropping the transaction gives the number back.
    if !recorded.is_doublon {
        tx.commit().await?;
    }
    Ok(recorded)
}

/// The same, with the secret link of the person who leaves it. One already there keeps the link it had:
/// knowing the key of a form must not open somebody's demande.
pub async fn insert_demande_with_acces(db: &Db, coffre: &Coffre, demande: &NouvelleDemande, code: &CodeAcces) -> Result<Enregistrement> {
    let tx = db.begin().await?;
    let recorded = insert_demande_in(&tx, coffre, demande).await?;
    if !recorded.is_doublon {
        droits::insert_acces(&tx, (demande.territoire_id, recorded.id), code, demande.received_at).await?;
        tx.commit().await?;
    }
    Ok(recorded)
}

/// The same inside a transaction of the caller, who commits it.
pub async fn insert_demande_in(tx: &impl ConnectionTrait, coffre: &Coffre, demande: &NouvelleDemande) -> Result<Enregistrement> {
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
    insert_row(tx, coffre, (id, numero), demande).await?;
    insert_besoins(tx, id, demande).await?;
    insert_orientations(tx, id, demande).await?;
    equite::add_demande(tx, demande).await?;
    droits::insert_consentements(tx, id, demande).await?;
    suivi::storage::create_code_in(tx, coffre, (demande.territoire_id, id)).await?;
    for fait in list_faits(demande) {
        insert_fait(tx, &fait).await?;
    }
    let acte = trace::acte(demande.compte_id, trace::ENREGISTREMENT, id, demande.canal.label());
    journal::record(tx, demande.territoire_id, demande.received_at, &acte).await?;
    Ok(Enregistrement { id, numero, is_doublon: false })
}

async fn insert_row(tx: &impl ConnectionTrait, coffre: &Coffre, (id, numero): (Id, i64), demande: &NouvelleDemande) -> Result<()> {
    let sceau = Sceau { coffre, territoire: demande.territoire_id, id };
    let rappel = &demande.rappel;
    sql::execute(
        tx,
        "INSERT INTO accueil_demande (territoire_id, id, numero, cle, canal, received_at, code_insee, besoin_texte, contraintes, tour,
           pour_qui, tranche_age, sexe, urgence, note, rappel_nom, rappel_telephone, rappel_courriel, rappel_moment,
           issue, motif, compte_id, foyer, origine, duree, version, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, 1, $6)",
        values![
            demande.territoire_id,
            id,
            numero,
            demande.cle.as_str(),
            demande.canal.code(),
            demande.received_at.0,
            demande.commune.to_string(),
            sceau.seal("besoin_texte", demande.besoin_texte.as_deref())?,
            demande.contraintes.codes().join(" "),
            i64::try_from(demande.tour).unwrap_or(i64::MAX),
            demande.pour_qui.map(PourQui::code),
            demande.tranche_age.map(TrancheAge::code),
            demande.sexe.map(Sexe::code),
            demande.urgence.code(),
            sceau.seal("note", demande.note.as_deref())?,
            sceau.seal("rappel_nom", rappel.nom.as_deref())?,
            sceau.seal("rappel_telephone", rappel.telephone.as_deref())?,
            sceau.seal("rappel_courriel", rappel.courriel.as_deref())?,
            sceau.seal("rappel_moment", rappel.moment.as_deref())?,
            demande.issue.map(Issue::code),
            demande.motif.map(Motif::code),
            demande.compte_id,
            demande.contexte.foyer.map(Foyer::code),
            demande.contexte.origine.map(Origine::code),
            demande.contexte.duree
        ],
    )
    .await?;
    Ok(())
}

async fn insert_besoins(tx: &impl ConnectionTrait, id: Id, demande: &NouvelleDemande) -> Result<()> {
    let rows = (0_i64..).zip(&demande.besoins).map(|(rang, besoin)| {
        let own = demande.issues.iter().find(|one| one.besoin == *besoin);
        let (issue, motif) = (own.map(|one| one.issue.code()), own.and_then(|one| one.motif).map(Motif::code));
        values![demande.territoire_id, id, besoin.as_str(), rang, issue, motif].to_vec()
    });
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
    columns: &["territoire_id", "demande_id", "besoin", "rang", "issue", "motif"],
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
    let mut dimensions = vec![("canal", demande.canal.code().to_string()), ("heure", demande.received_at.paris().format("%H").to_string())];
    dimensions.extend(demande.contexte.origine.map(|origine| ("origine", origine.code().to_string())));
    let mut faits = vec![fait(demande, "demande", 1, demande.received_at, dimensions)];
    faits.extend(demande.besoins.iter().map(|besoin| fait(demande, "besoin", 1, demande.received_at, vec![("besoin", besoin.clone())])));
    faits.extend(list_faits_of_issue(demande, 1, demande.received_at));
    faits
}

/// How each need ends.
fn list_faits_of_issue(demande: &NouvelleDemande, quantite: i64, at: Instant) -> Vec<Fait> {
    let of_besoin = |besoin: &String| {
        let (issue, motif) = demande.issue_of(besoin)?;
        let mut dimensions = vec![("besoin", besoin.clone()), ("issue", issue.code().to_string())];
        dimensions.extend(motif.map(|motif| ("motif", motif.code().to_string())));
        Some(fait(demande, "issue", quantite, at, dimensions))
    };
    demande.besoins.iter().filter_map(of_besoin).collect()
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

/// Changes how a demande ended, every need of it alike, and takes back the facts of the former outcomes.
/// Refused when somebody changed it since `version` was read.
pub async fn update_issue(db: &Db, demande: &Demande, issue: (Issue, Option<Motif>), (auteur, now): (Id, Instant)) -> Result<()> {
    let tx = db.begin().await?;
    update_issue_in(&tx, demande, issue, (Some(auteur), now)).await?;
    Ok(tx.commit().await?)
}

/// The same inside a transaction of the caller; nobody changed it when a structure's answer, or the person, did.
pub async fn update_issue_in(
    tx: &impl ConnectionTrait,
    demande: &Demande,
    (issue, motif): (Issue, Option<Motif>),
    (auteur, now): (Option<Id>, Instant),
) -> Result<()> {
    let detail = &demande.detail;
    // Its facts were counted with what has been erased: they could no longer be taken back.
    if demande.efface_at.is_some() {
        return Err(kit::Error::Conflict("Cette demande a été effacée : son issue ne se modifie plus.".into()));
    }
    let changed = sql::execute(
        tx,
        "UPDATE accueil_demande SET issue = $1, motif = $2, version = version + 1, updated_at = $3,
           promesse_at = CASE WHEN $1 = 'a_rappeler' THEN promesse_at ELSE NULL END
         WHERE territoire_id = $4 AND id = $5 AND version = $6",
        values![issue.code(), motif.map(Motif::code), now.0, detail.territoire_id, demande.id, demande.version],
    )
    .await?;
    if changed == 0 {
        return Err(kit::Error::Conflict(
            "Quelqu’un a modifié cette demande entre-temps : rechargez la page, vérifiez l’issue, puis recommencez.".into(),
        ));
    }
    sql::execute(
        tx,
        "UPDATE accueil_demande_besoin SET issue = NULL, motif = NULL WHERE territoire_id = $1 AND demande_id = $2",
        values![detail.territoire_id, demande.id],
    )
    .await?;
    let after = NouvelleDemande { issue: Some(issue), motif, issues: vec![], ..detail.clone() };
    for fait in list_faits_of_issue(detail, -1, now).into_iter().chain(list_faits_of_issue(&after, 1, now)) {
        insert_fait(tx, &fait).await?;
    }
    let acte = trace::acte(auteur, trace::ISSUE, demande.id, issue.label());
    journal::record(tx, detail.territoire_id, now, &acte).await
}
