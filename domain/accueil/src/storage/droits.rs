//! The rights of the person: their link, their agreements, the erasure of what is about them.

use kit::{Coffre, Db, Id, Instant, Result, journal, sql, values};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::lecture::find_demande;
use super::sceau::Sceau;
use crate::acces::CodeAcces;
use crate::model::{Consentement, Demande, Finalite, NouvelleDemande};
use crate::{prise_en_charge, trace};

pub async fn insert_acces(tx: &impl ConnectionTrait, (territoire, demande): (Id, Id), code: &CodeAcces, now: Instant) -> Result<()> {
    sql::execute(
        tx,
        "INSERT INTO accueil_acces (territoire_id, empreinte, demande_id, created_at) VALUES ($1, $2, $3, $4)",
        values![territoire, code.fingerprint(), demande, now.0],
    )
    .await?;
    Ok(())
}

/// The demande that a link opens.
pub async fn find_demande_by_acces(db: &Db, coffre: &Coffre, territoire: Id, code: &CodeAcces) -> Result<Option<Demande>> {
    let found = sql::texts(
        db.read(),
        "SELECT demande_id FROM accueil_acces WHERE territoire_id = $1 AND empreinte = $2",
        values![territoire, code.fingerprint()],
    )
    .await?;
    match found.first() {
        Some(id) => find_demande(db, coffre, territoire, id.parse()?).await,
        None => Ok(None),
    }
}

/// An agreement given since the demande was recorded.
pub async fn insert_consentement_in(tx: &impl ConnectionTrait, (territoire, demande): (Id, Id), one: &Consentement) -> Result<()> {
    let row = values![territoire, Id::new(one.donne_at), demande, one.finalite.code(), one.texte_montre.as_str(), one.donne_at.0];
    sql::upsert_many(tx, &CONSENTEMENT, vec![row.to_vec()]).await
}

/// How to reach the person, said since the demande was recorded; what is not said again stays.
pub async fn set_rappel_in(
    tx: &impl ConnectionTrait,
    coffre: &Coffre,
    (territoire, demande): (Id, Id),
    (nom, telephone): (Option<&str>, Option<&str>),
) -> Result<()> {
    let sceau = Sceau { coffre, territoire, id: demande };
    sql::execute(
        tx,
        "UPDATE accueil_demande SET rappel_nom = COALESCE($3, rappel_nom), rappel_telephone = COALESCE($4, rappel_telephone),
           version = version + 1
         WHERE territoire_id = $1 AND id = $2 AND efface_at IS NULL",
        values![territoire, demande, sceau.seal("rappel_nom", nom)?, sceau.seal("rappel_telephone", telephone)?],
    )
    .await?;
    Ok(())
}

pub(super) async fn insert_consentements(tx: &impl ConnectionTrait, id: Id, demande: &NouvelleDemande) -> Result<()> {
    let row = |one: &Consentement| {
        let (finalite, texte) = (one.finalite.code(), one.texte_montre.as_str());
        values![demande.territoire_id, Id::new(one.donne_at), id, finalite, texte, one.donne_at.0].to_vec()
    };
    sql::upsert_many(tx, &CONSENTEMENT, demande.consentements.iter().map(row).collect()).await
}

const CONSENTEMENT: sql::Target = sql::Target {
    table: "accueil_consentement",
    columns: &["territoire_id", "id", "demande_id", "finalite", "texte_montre", "donne_at"],
    key: &["territoire_id", "id"],
    replaced: &[],
};

#[derive(FromQueryResult)]
struct ConsentementRow {
    finalite: String,
    texte_montre: String,
    donne_at: i64,
    retire_at: Option<i64>,
}

pub(super) async fn list_consentements(db: &Db, territoire: Id, demande: Id) -> Result<Vec<Consentement>> {
    let rows: Vec<ConsentementRow> = sql::list(
        db.read(),
        "SELECT finalite, texte_montre, donne_at, retire_at FROM accueil_consentement
         WHERE territoire_id = $1 AND demande_id = $2 ORDER BY donne_at, id",
        values![territoire, demande],
    )
    .await?;
    let read = |row: ConsentementRow| {
        Some(Consentement {
            finalite: Finalite::from_code(&row.finalite)?,
            texte_montre: row.texte_montre,
            donne_at: Instant(row.donne_at),
            retire_at: row.retire_at.map(Instant),
        })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Dates the withdrawal of an agreement and erases what was held by it. Withdrawn twice, it keeps the first date.
/// `auteur` is the account of the team that acts for the person; none when they act themselves.
pub async fn withdraw_consentement(
    db: &Db,
    (territoire, demande): (Id, Id),
    finalite: Finalite,
    (auteur, now): (Option<Id>, Instant),
) -> Result<()> {
    let tx = db.begin().await?;
    sql::execute(
        &tx,
        "UPDATE accueil_consentement SET retire_at = $1
         WHERE territoire_id = $2 AND demande_id = $3 AND finalite = $4 AND retire_at IS NULL",
        values![now.0, territoire, demande, finalite.code()],
    )
    .await?;
    // Without the one, there is nobody to call; without the other, nobody to give it to.
    prise_en_charge::storage::withdraw_all_in(&tx, territoire, demande).await?;
    let rappel = "SELECT COUNT(*) FROM accueil_consentement
                  WHERE territoire_id = $1 AND demande_id = $2 AND finalite = 'rappel' AND retire_at IS NULL";
    if sql::number(&tx, rappel, values![territoire, demande]).await? == 0 {
        efface_rappel_in(&tx, territoire, demande).await?;
    }
    journal::record(&tx, territoire, now, &trace::acte(auteur, trace::RETRAIT, demande, finalite.label())).await?;
    Ok(tx.commit().await?)
}

/// Erases how to reach the person; the rest of the demande stays.
pub async fn efface_rappel_in(tx: &impl ConnectionTrait, territoire: Id, demande: Id) -> Result<()> {
    sql::execute(
        tx,
        "UPDATE accueil_demande SET rappel_nom = NULL, rappel_telephone = NULL, rappel_courriel = NULL, rappel_moment = NULL,
           version = version + 1
         WHERE territoire_id = $1 AND id = $2",
        values![territoire, demande],
    )
    .await?;
    Ok(())
}

/// Erases everything personal of a demande; its number, date, commune, needs, proposals and outcome stay, about nobody.
/// Its facts were written without identity: they are left as they are.
pub async fn efface_demande_in(tx: &impl ConnectionTrait, (territoire, demande): (Id, Id), now: Instant) -> Result<()> {
    sql::execute(
        tx,
        "UPDATE accueil_demande
         SET cle = id, besoin_texte = NULL, note = NULL, rappel_nom = NULL, rappel_telephone = NULL, rappel_courriel = NULL,
           rappel_moment = NULL, suivi_code = NULL, suivi_empreinte = NULL, promesse_at = NULL, plan_note = NULL, commentaire = NULL,
           constats = NULL, consentement_at = NULL, pour_qui = NULL, tranche_age = NULL, sexe = NULL, foyer = NULL, origine = NULL,
           efface_at = COALESCE(efface_at, $1), version = version + 1
         WHERE territoire_id = $2 AND id = $3",
        values![now.0, territoire, demande],
    )
    .await?;
    prise_en_charge::storage::efface_in(tx, territoire, demande).await?;
    let row = values![territoire, demande];
    sql::execute(tx, "DELETE FROM accueil_consentement WHERE territoire_id = $1 AND demande_id = $2", row.clone()).await?;
    sql::execute(tx, "DELETE FROM accueil_qualite WHERE territoire_id = $1 AND demande_id = $2", row.clone()).await?;
    sql::execute(tx, "DELETE FROM accueil_acces WHERE territoire_id = $1 AND demande_id = $2", row).await?;
    Ok(())
}
