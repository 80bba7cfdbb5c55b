//! `maillage conservation`: what is kept too long, listed; then erased. Numbers and dates, never a name.

use accueil::conservation::{apply, list_echues};
use accueil::rules::conservation::{Objet, check_mois};
use accueil::storage::{find_durees, update_duree};
use anyhow::anyhow;
use comptes::rules::conservation::LignesJournal;
use kit::{Db, Instant};
use territoire::Territoire;

use super::arguments::{ActionConservation, Conservation};
use super::importation::find_territoire;
use crate::conservation::{count_lignes, is_to_erase, purge_journal};

pub async fn act(db: Db, asked: Conservation) -> anyhow::Result<()> {
    let now = super::clock().now();
    schema::migrate(&db, now).await?;
    if let Some(ActionConservation::Regler { objet, mois }) = &asked.action {
        return update(&db, asked.territoire.as_deref(), objet, *mois).await;
    }
    let all = territoire::storage::list_territoires(&db).await?;
    if asked.territoire.is_some() {
        find_territoire(&db, asked.territoire.as_deref()).await?;
    }
    for territoire in all.iter().filter(|one| asked.territoire.as_deref().is_none_or(|slug| one.slug == slug)) {
        treat(&db, territoire, asked.appliquer, now).await?;
    }
    if !asked.appliquer {
        println!("Rien n’a été effacé : relancez avec --appliquer pour le faire.");
    }
    Ok(())
}

async fn treat(db: &Db, territoire: &Territoire, is_applied: bool, now: Instant) -> anyhow::Result<()> {
    let durees = find_durees(db, territoire.id).await?;
    println!("{} – demande : {} mois, rappel : {} mois", territoire.nom, durees.demande, durees.rappel);
    let echues = list_echues(db, territoire.id, now).await?;
    let mut left = 0;
    for echue in &echues {
        let (suivie, echeance) = echue;
        let (received, last) = (ui::format::date(suivie.received_at.day()), ui::format::date(suivie.suivi.dernier_contact.day()));
        println!("  n° {}, reçue le {received}, dernier contact le {last} : {}", suivie.numero, echeance.label());
        if is_applied && !apply(db, territoire.id, echue, now).await? {
            left += 1;
            println!("    laissée : quelqu’un vient de la modifier");
        }
    }
    let durees = comptes::storage::conservation::find_durees(db, territoire.id).await?;
    let lignes = if is_applied { purge_journal(db, territoire.id, now).await? } else { count_lignes(db, territoire.id, now).await? };
    let verb = if is_applied { ("ligne du journal vidée", "lignes du journal vidées") } else { ("ligne échue", "lignes échues") };
    println!(
        "  journal : {} mois ({} quand personne n’y est désigné) ; {}",
        durees.personne,
        durees.autre,
        ui::format::compte(lignes, verb.0, verb.1)
    );
    let verb = if is_applied { ("demande traitée", "demandes traitées") } else { ("demande échue", "demandes échues") };
    println!("  {}", ui::format::compte(echues.len() - left, verb.0, verb.1));
    if is_to_erase(territoire, now) {
        let rows = schema::territoire::count(db, territoire.id).await?;
        if is_applied {
            schema::territoire::erase(db, territoire.id).await?;
        }
        let verb = if is_applied { ("ligne effacée", "lignes effacées") } else { ("ligne à effacer", "lignes à effacer") };
        println!("  territoire fermé : {}", ui::format::compte(rows, verb.0, verb.1));
    }
    Ok(())
}

async fn update(db: &Db, territoire: Option<&str>, objet: &str, mois: u32) -> anyhow::Result<()> {
    let territoire = find_territoire(db, territoire).await?;
    let label = if let Some(lignes) = LignesJournal::from_code(objet) {
        comptes::storage::conservation::update_duree(db, territoire.id, lignes, lignes.check(mois)?).await?;
        lignes.label()
    } else {
        let known = format!("{}, {}", Objet::codes(), LignesJournal::codes());
        let objet = Objet::from_code(objet).ok_or_else(|| anyhow!("« {objet} » n’a pas de durée : choisissez parmi {known}"))?;
        update_duree(db, territoire.id, objet, check_mois(mois)?).await?;
        objet.label()
    };
    println!("{} : {mois} mois pour {label}", territoire.nom);
    Ok(())
}
