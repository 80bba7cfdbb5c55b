//! The tables `accueil_prise_en_charge` and its links.

use kit::fait::{Fait, insert_fait};
use kit::{Db, Id, Instant, Result, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::rules::Horloge;
use super::{Etat, MotifRefus, PriseEnCharge, Repondant};
use crate::model::{Demande, Sexe, TrancheAge};

/// A structure about to be asked.
#[derive(Clone, Debug)]
pub struct Nouvelle {
    pub id: Id,
    pub demande_id: Id,
    pub structure_id: Id,
    pub service_id: Id,
    pub structure_nom: String,
    pub besoin: String,
    pub envoyee_at: Instant,
    pub horloge: Horloge,
}

pub async fn insert_in(tx: &impl ConnectionTrait, territoire: Id, one: &Nouvelle) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO accueil_prise_en_charge (territoire_id, id, demande_id, structure_id, service_id, structure_nom, besoin, etat,
           envoyee_at, ouvertures, rappel_at, echeance_at, preuve_essais, preuve_envois)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'envoyee', $8, 0, $9, $10, 0, 0)",
        values![
            territoire,
            one.id,
            one.demande_id,
            one.structure_id,
            one.service_id,
            one.structure_nom.as_str(),
            one.besoin.as_str(),
            one.envoyee_at.0,
            one.horloge.rappel_at.0,
            one.horloge.echeance_at.0
        ],
    )
    .await?;
    Ok(())
}

pub async fn insert_lien_in(tx: &impl ConnectionTrait, territoire: Id, (empreinte, prise): (&str, Id), now: Instant) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO accueil_prise_en_charge_lien (territoire_id, empreinte, prise_id, created_at) VALUES ($1, $2, $3, $4)",
        values![territoire, empreinte, prise, now.0],
    )
    .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    id: String,
    demande_id: String,
    structure_id: String,
    service_id: String,
    structure_nom: String,
    besoin: String,
    etat: String,
    envoyee_at: i64,
    vue_at: Option<i64>,
    ouvertures: i64,
    repondue_at: Option<i64>,
    repondant: Option<String>,
    motif: Option<String>,
    rappel_at: i64,
    echeance_at: i64,
    relance_at: Option<i64>,
    escalade_at: Option<i64>,
    has_lien: bool,
    preuve: Option<String>,
    preuve_at: Option<i64>,
    preuve_essais: i64,
    preuve_envois: i64,
    navigateur: Option<String>,
}

const SELECT: &str = "
SELECT p.id, p.demande_id, p.structure_id, p.service_id, p.structure_nom, p.besoin, p.etat, p.envoyee_at, p.vue_at, p.ouvertures,
  p.repondue_at, p.repondant, p.motif, p.rappel_at, p.echeance_at, p.relance_at, p.escalade_at,
  EXISTS (SELECT 1 FROM accueil_prise_en_charge_lien l WHERE l.territoire_id = p.territoire_id AND l.prise_id = p.id) AS has_lien,
  p.preuve, p.preuve_at, p.preuve_essais, p.preuve_envois, p.navigateur
FROM accueil_prise_en_charge p
WHERE p.territoire_id = $1 ";

fn read(row: Row) -> Result<PriseEnCharge> {
    Ok(PriseEnCharge {
        id: row.id.parse()?,
        demande_id: row.demande_id.parse()?,
        structure_id: row.structure_id.parse()?,
        service_id: row.service_id.parse()?,
        structure_nom: row.structure_nom,
        besoin: row.besoin,
        etat: Etat::from_code(&row.etat).ok_or_else(|| anyhow::anyhow!("etat {}", row.etat))?,
        envoyee_at: Instant(row.envoyee_at),
        vue_at: row.vue_at.map(Instant),
        ouvertures: row.ouvertures,
        repondue_at: row.repondue_at.map(Instant),
        repondant: row.repondant.as_deref().and_then(Repondant::from_code),
        motif: row.motif.as_deref().and_then(MotifRefus::from_code),
        rappel_at: Instant(row.rappel_at),
        echeance_at: Instant(row.echeance_at),
        relance_at: row.relance_at.map(Instant),
        escalade_at: row.escalade_at.map(Instant),
        has_lien: row.has_lien,
        preuve: row.preuve.zip(row.preuve_at.map(Instant)),
        preuve_essais: row.preuve_essais,
        preuve_envois: row.preuve_envois,
        navigateur: row.navigateur,
    })
}

async fn list(db: &impl ConnectionTrait, condition: &str, values: impl IntoIterator<Item = sea_orm::Value>) -> Result<Vec<PriseEnCharge>> {
    let rows: Vec<Row> = sql::list(db, &format!("{SELECT}{condition}"), values).await?;
    rows.into_iter().map(read).collect()
}

pub async fn find(db: &Db, territoire: Id, id: Id) -> Result<Option<PriseEnCharge>> {
    Ok(list(db.read(), "AND p.id = $2", values![territoire, id]).await?.pop())
}

/// The one that a link opens.
pub async fn find_by_lien(db: &Db, territoire: Id, empreinte: &str) -> Result<Option<PriseEnCharge>> {
    let condition = "AND p.id = (SELECT l.prise_id FROM accueil_prise_en_charge_lien l WHERE l.territoire_id = $1 AND l.empreinte = $2)";
    Ok(list(db.read(), condition, values![territoire, empreinte]).await?.pop())
}

/// Those of a demande, in the order in which they left; read inside the transaction that decides on them.
pub async fn list_of_demande(db: &impl ConnectionTrait, territoire: Id, demande: Id) -> Result<Vec<PriseEnCharge>> {
    list(db, "AND p.demande_id = $2 ORDER BY p.envoyee_at, p.id", values![territoire, demande]).await
}

/// Those for which something may be due.
pub async fn list_due(db: &Db, territoire: Id, now: Instant) -> Result<Vec<PriseEnCharge>> {
    let condition =
        "AND p.etat IN ('envoyee', 'vue') AND p.escalade_at IS NULL AND p.rappel_at <= $2 ORDER BY p.echeance_at, p.id LIMIT 500";
    list(db.read(), condition, values![territoire, now.0]).await
}

/// A structure asked, as the list of the team shows it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct PriseListee {
    pub id: String,
    pub demande_id: String,
    pub numero: i64,
    pub code_insee: String,
    pub besoin: String,
    pub structure_nom: String,
    pub etat: String,
    pub motif: Option<String>,
    pub envoyee_at: i64,
    pub due_at: i64,
    pub relance_at: Option<i64>,
    pub escalade_at: Option<i64>,
}

/// What a list shows: `en_retard` (silent past the end), `en_attente`, `a_choisir` (interested, the person is to choose), a state, or all.
pub async fn list_prises(db: &Db, territoire: Id, filtre: &str, now: Instant) -> Result<Vec<PriseListee>> {
    sql::list(
        db.read(),
        "SELECT p.id, p.demande_id, d.numero, d.code_insee, p.besoin, p.structure_nom, p.etat, p.motif, p.envoyee_at,
           p.echeance_at AS due_at, p.relance_at, p.escalade_at
         FROM accueil_prise_en_charge p
         JOIN accueil_demande d ON d.territoire_id = p.territoire_id AND d.id = p.demande_id
         WHERE p.territoire_id = $1 AND d.efface_at IS NULL
           AND ($2 = '' OR p.etat = $2
             OR ($2 = 'en_attente' AND p.etat IN ('envoyee', 'vue'))
             OR ($2 = 'en_retard' AND p.etat IN ('envoyee', 'vue') AND p.echeance_at <= $3)
             OR ($2 = 'a_choisir' AND p.etat = 'acceptee'))
         ORDER BY CASE WHEN p.etat IN ('envoyee', 'vue') THEN 0 WHEN p.etat = 'acceptee' THEN 1 ELSE 2 END, p.echeance_at, p.id LIMIT 200",
        values![territoire, filtre, now.0],
    )
    .await
}

/// Those whose structure has been silent past the end.
pub const EN_RETARD: &str = "en_retard";
/// Structures interested, among which the person is to choose.
pub const A_CHOISIR: &str = "a_choisir";

/// Dates an opening of the link.
pub async fn mark_vue(db: &Db, territoire: Id, id: Id, now: Instant) -> Result<()> {
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "UPDATE accueil_prise_en_charge SET vue_at = COALESCE(vue_at, $3), vue_derniere_at = $3, ouvertures = ouvertures + 1,
           etat = CASE WHEN etat = 'envoyee' THEN 'vue' ELSE etat END
         WHERE territoire_id = $1 AND id = $2",
        values![territoire, id, now.0],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Two answers for one demande are written one after the other: each sees what the other decided.
pub async fn lock_demande_in(tx: &impl ConnectionTrait, territoire: Id, demande: Id) -> Result<()> {
    sql::execute(tx, "UPDATE accueil_demande SET numero = numero WHERE territoire_id = $1 AND id = $2", values![territoire, demande])
        .await?;
    Ok(())
}

/// Writes an answer; false when somebody answered before, or nobody is asked any more.
pub async fn answer_in(
    tx: &impl ConnectionTrait,
    (territoire, id): (Id, Id),
    (etat, motif): (Etat, Option<MotifRefus>),
    (repondant, now): (Repondant, Instant),
) -> Result<bool> {
    let touched = sql::execute(
        tx,
        "UPDATE accueil_prise_en_charge SET etat = $3, motif = $4, repondant = $5, repondue_at = $6
         WHERE territoire_id = $1 AND id = $2 AND etat IN ('envoyee', 'vue')",
        values![territoire, id, etat.code(), motif.map(MotifRefus::code), repondant.code(), now.0],
    )
    .await?;
    Ok(touched == 1)
}

/// Moves one from a state to another; false when it was no longer there.
pub async fn move_in(tx: &impl ConnectionTrait, (territoire, id): (Id, Id), (from, to): (Etat, Etat)) -> Result<bool> {
    let touched = sql::execute(
        tx,
        "UPDATE accueil_prise_en_charge SET etat = $4 WHERE territoire_id = $1 AND id = $2 AND etat = $3",
        values![territoire, id, from.code(), to.code()],
    )
    .await?;
    Ok(touched == 1)
}

/// Says that the reminder, or the escalation, is written; false when another process did it.
pub async fn mark_in(tx: &impl ConnectionTrait, (territoire, id): (Id, Id), is_escalade: bool, now: Instant) -> Result<bool> {
    let text = if is_escalade {
        "UPDATE accueil_prise_en_charge SET escalade_at = $3
         WHERE territoire_id = $1 AND id = $2 AND escalade_at IS NULL AND etat IN ('envoyee', 'vue')"
    } else {
        "UPDATE accueil_prise_en_charge SET relance_at = $3
         WHERE territoire_id = $1 AND id = $2 AND relance_at IS NULL AND etat IN ('envoyee', 'vue')"
    };
    Ok(sql::execute(tx, text, values![territoire, id, now.0]).await? == 1)
}

/// A code was sent: it replaces the one before, and its tries begin anew.
pub async fn set_preuve_in(tx: &impl ConnectionTrait, (territoire, id): (Id, Id), empreinte: &str, now: Instant) -> Result<()> {
    sql::execute(
        tx,
        "UPDATE accueil_prise_en_charge SET preuve = $3, preuve_at = $4, preuve_essais = 0, preuve_envois = preuve_envois + 1
         WHERE territoire_id = $1 AND id = $2",
        values![territoire, id, empreinte, now.0],
    )
    .await?;
    Ok(())
}

/// Takes one try of the code in force; false when there is none left. Counted before it is compared: two at once are two.
pub async fn take_essai(db: &Db, (territoire, id): (Id, Id), maximum: i64) -> Result<bool> {
    let tx = db.begin().await?;
    let touched = sql::execute(
        &tx,
        "UPDATE accueil_prise_en_charge SET preuve_essais = preuve_essais + 1
         WHERE territoire_id = $1 AND id = $2 AND preuve IS NOT NULL AND preuve_essais < $3",
        values![territoire, id, maximum],
    )
    .await?;
    tx.commit().await?;
    Ok(touched == 1)
}

/// The browser that gave the code back; the code has served.
pub async fn set_navigateur(db: &Db, (territoire, id): (Id, Id), empreinte: &str) -> Result<()> {
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "UPDATE accueil_prise_en_charge SET navigateur = $3, preuve = NULL, preuve_at = NULL WHERE territoire_id = $1 AND id = $2",
        values![territoire, id, empreinte],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// The person changed their mind, or is erased: nobody is asked any more, and nobody helps by us.
pub async fn withdraw_all_in(tx: &impl ConnectionTrait, territoire: Id, demande: Id) -> Result<()> {
    sql::execute(
        tx,
        "UPDATE accueil_prise_en_charge SET etat = 'retiree', preuve = NULL, preuve_at = NULL, navigateur = NULL
         WHERE territoire_id = $1 AND demande_id = $2 AND etat IN ('envoyee', 'vue', 'acceptee', 'retenue')",
        values![territoire, demande],
    )
    .await?;
    Ok(())
}

/// What led to the person goes; that structures were asked, and what they answered, stays, about nobody.
pub async fn efface_in(tx: &impl ConnectionTrait, territoire: Id, demande: Id) -> Result<()> {
    withdraw_all_in(tx, territoire, demande).await?;
    sql::execute(
        tx,
        "DELETE FROM accueil_prise_en_charge_lien WHERE territoire_id = $1
           AND prise_id IN (SELECT id FROM accueil_prise_en_charge WHERE territoire_id = $1 AND demande_id = $2)",
        values![territoire, demande],
    )
    .await?;
    sql::execute(
        tx,
        "UPDATE accueil_prise_en_charge SET preuve = NULL, preuve_at = NULL, navigateur = NULL WHERE territoire_id = $1 AND demande_id = $2",
        values![territoire, demande],
    )
    .await?;
    Ok(())
}

/// One dated fact of what a structure, or its silence, became: `envoyee`, `acceptee`… or `en_retard`.
pub async fn count_in(
    tx: &impl ConnectionTrait,
    demande: &Demande,
    (one, etat, motif): (&str, &str, Option<MotifRefus>),
    now: Instant,
) -> Result<()> {
    let detail = &demande.detail;
    let mut dimensions = vec![("besoin", one.to_string()), ("etat", etat.to_string())];
    dimensions.extend(motif.map(|motif| ("motif", motif.code().to_string())));
    let fait = Fait {
        territoire_id: detail.territoire_id,
        code: "prise_en_charge",
        at: now,
        code_insee: Some(detail.commune.to_string()),
        sexe: detail.sexe.map(Sexe::code),
        tranche_age: detail.tranche_age.map(TrancheAge::code),
        quantite: 1,
        dimensions,
    };
    insert_fait(tx, &fait).await
}

/// Of the structures asked between two moments whose time to answer is over: how many, and how many answered within it. Those still
/// within their time would make the share look worse, or better, than it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Cohorte {
    pub mures: i64,
    pub a_temps: i64,
    /// Those that took the person in charge, or would.
    pub prises: i64,
}

pub async fn count_cohorte(db: &Db, territoire: Id, (from, until): (Instant, Instant), now: Instant) -> Result<Cohorte> {
    let found = sql::find(
        db.read(),
        "SELECT COUNT(*) AS mures,
           CAST(COALESCE(SUM(CASE WHEN repondue_at <= echeance_at THEN 1 ELSE 0 END), 0) AS BIGINT) AS a_temps,
           CAST(COALESCE(SUM(CASE WHEN repondue_at <= echeance_at AND etat IN ('acceptee', 'retenue', 'close') THEN 1 ELSE 0 END), 0) AS BIGINT)
             AS prises
         FROM accueil_prise_en_charge
         WHERE territoire_id = $1 AND envoyee_at >= $2 AND envoyee_at < $3 AND echeance_at <= $4 AND etat <> 'retiree'",
        values![territoire, from.0, until.0, now.0],
    )
    .await?;
    Ok(found.unwrap_or_default())
}
