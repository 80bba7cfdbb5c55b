//! `maillage territoire lister | changer | exporter | fermer | rouvrir`: the life of a territoire once it exists.

use std::path::Path;

use anyhow::{Context, anyhow, bail};
use comptes::storage::close_all_sessions;
use kit::journal::{self, Acte};
use kit::{Coffre, Db, Instant};
use territoire::storage::{close, find_exporte_at, list_territoires, reopen, replace_logo, update_apparence};
use territoire::{Fermeture, Logo, Territoire};

use super::arguments::{ActionTerritoire, ExportTerritoire, FermetureTerritoire, NouvelleApparence};
use super::importation::find_territoire;
use crate::exportation::export;

/// All but the creation.
pub async fn act(db: Db, asked: ActionTerritoire, coffre: impl FnOnce() -> anyhow::Result<Coffre>) -> anyhow::Result<()> {
    let now = super::clock().now();
    schema::migrate(&db, now).await?;
    match asked {
        ActionTerritoire::Creer(asked) => super::creation::create_territoire(db, asked).await,
        ActionTerritoire::Lister => list(&db).await,
        ActionTerritoire::Changer(asked) => change(&db, &asked, now).await,
        ActionTerritoire::Exporter(asked) => export_one(&db, &asked, coffre, now).await,
        ActionTerritoire::Fermer(asked) => close_one(&db, &asked, now).await,
        ActionTerritoire::Rouvrir { slug } => reopen_one(&db, &slug, now).await,
    }
}

async fn list(db: &Db) -> anyhow::Result<()> {
    for territoire in list_territoires(db).await? {
        let communes = ui::format::compte(territoire.communes.len(), "commune", "communes");
        println!("{:<24} {} ({communes}){}", territoire.slug, territoire.nom, describe_fermeture(territoire.fermeture));
    }
    Ok(())
}

fn describe_fermeture(fermeture: Option<Fermeture>) -> String {
    fermeture.map_or_else(String::new, |one| {
        format!(" – fermé le {}, effacé à partir du {}", ui::format::date(one.ferme_at.day()), ui::format::date(one.efface_at.day()))
    })
}

async fn change(db: &Db, asked: &NouvelleApparence, now: Instant) -> anyhow::Result<()> {
    let mut territoire = Territoire::clone(&*find_territoire(db, Some(&asked.slug)).await?);
    let replace = |kept: &mut String, asked: &Option<String>| {
        if let Some(asked) = asked {
            kept.clone_from(asked);
        }
    };
    replace(&mut territoire.nom, &asked.nom);
    replace(&mut territoire.couleurs.principale, &asked.couleur);
    replace(&mut territoire.couleurs.accent, &asked.accent);
    if let Some(telephone) = &asked.telephone {
        territoire.ligne.telephone = Some(kit::telephone::read(telephone).map_err(|sentence| anyhow!(sentence))?);
    }
    if let Some(horaires) = &asked.horaires {
        annuaire::rules::horaires::check(horaires).map_err(|sentence| anyhow!(sentence))?;
        territoire.ligne.horaires = Some(horaires.clone());
    }
    let logo = asked.logo.as_deref().map(read_logo).transpose()?;
    let tx = db.begin().await?;
    update_apparence(&tx, &territoire).await?;
    if logo.is_some() {
        replace_logo(&tx, territoire.id, logo.as_ref()).await?;
    }
    journal::record(&tx, territoire.id, now, &acte(&territoire, "changement d’apparence", "")).await?;
    tx.commit().await?;
    println!("{} : c’est fait ; les sites en cours le montrent en quelques secondes.", territoire.nom);
    Ok(())
}

fn read_logo(file: &Path) -> anyhow::Result<Logo> {
    let contenu = std::fs::read(file).with_context(|| format!("le fichier {} ne s’ouvre pas", file.display()))?;
    Ok(Logo::parse(contenu)?)
}

fn acte<'a>(territoire: &Territoire, acte: &'a str, detail: &'a str) -> Acte<'a> {
    Acte { auteur: None, acte, objet: ("territoire", territoire.id), detail }
}

async fn export_one(
    db: &Db,
    asked: &ExportTerritoire,
    coffre: impl FnOnce() -> anyhow::Result<Coffre>,
    now: Instant,
) -> anyhow::Result<()> {
    let territoire = find_territoire(db, Some(&asked.slug)).await?;
    let coffre = asked.en_clair.then(coffre).transpose()?;
    let manifeste = export(db, &territoire, &asked.sortie, coffre.as_ref(), now).await?;
    println!(
        "{} : {} dans {}, lisibles par vous seul.",
        territoire.nom,
        ui::format::compte(manifeste.lignes(), "ligne exportée", "lignes exportées"),
        asked.sortie.display()
    );
    if !asked.en_clair {
        println!("Ce que les personnes ont confié y reste chiffré ; --en-clair l’ouvre.");
    }
    Ok(())
}

const DAY: i64 = 86_400;
/// An export older than that misses too much.
const EXPORT_FRESH: i64 = 7 * DAY;

async fn close_one(db: &Db, asked: &FermetureTerritoire, now: Instant) -> anyhow::Result<()> {
    let territoire = find_territoire(db, Some(&asked.slug)).await?;
    if territoire.fermeture.is_some() {
        bail!("{} est déjà fermé{}", territoire.nom, describe_fermeture(territoire.fermeture));
    }
    let exported = find_exporte_at(db, territoire.id).await?;
    if exported.is_none_or(|at| now.0 - at.0 > EXPORT_FRESH) {
        bail!("exportez d’abord : « maillage territoire exporter {} --sortie DOSSIER », dans les sept jours qui précèdent", asked.slug);
    }
    let fermeture = Fermeture { ferme_at: now, efface_at: now.plus_seconds(i64::from(asked.jours) * DAY) };
    let rows = ui::format::compte(schema::territoire::count(db, territoire.id).await?, "ligne", "lignes");
    let until = ui::format::date(fermeture.efface_at.day());
    if !asked.appliquer {
        println!(
            "{} : le site répondrait « fermé », toutes les sessions seraient closes, {rows} effacées à partir du {until}.",
            territoire.nom
        );
        println!("Rien n’a été fait : relancez avec --appliquer.");
        return Ok(());
    }
    let tx = db.begin().await?;
    close(&tx, territoire.id, fermeture).await?;
    close_all_sessions(&tx, territoire.id).await?;
    journal::record(&tx, territoire.id, now, &acte(&territoire, "fermeture du territoire", &format!("effacement à partir du {until}")))
        .await?;
    tx.commit().await?;
    println!(
        "{} est fermé. {rows} seront effacées à partir du {until} ; d’ici là, « maillage territoire rouvrir » défait tout.",
        territoire.nom
    );
    Ok(())
}

async fn reopen_one(db: &Db, slug: &str, now: Instant) -> anyhow::Result<()> {
    let territoire = find_territoire(db, Some(slug)).await?;
    if territoire.fermeture.is_none() {
        bail!("{} n’est pas fermé", territoire.nom);
    }
    let tx = db.begin().await?;
    reopen(&tx, territoire.id).await?;
    journal::record(&tx, territoire.id, now, &acte(&territoire, "réouverture du territoire", "")).await?;
    tx.commit().await?;
    println!("{} est rouvert ; chacun se connecte à nouveau.", territoire.nom);
    Ok(())
}
