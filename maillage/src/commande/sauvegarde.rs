//! `maillage cle creer`, `sauvegarder`, `restaurer`, and the copy made before a migration.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use kit::{Db, Engine};
use sauvegarde::{Cle, Existante, planification, restore_sauvegarde, write_sauvegarde};

use crate::reglages::Reglages;

#[derive(Debug, Args)]
pub struct ObjetCle {
    #[command(subcommand)]
    pub action: ActionCle,
}

#[derive(Debug, Subcommand)]
pub enum ActionCle {
    /// Crée la clé qui chiffre les sauvegardes ; sans elle, elles sont perdues
    Creer {
        /// Fichier à créer
        fichier: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct Sauvegarder {
    /// Dossier, ou fichier à créer
    pub destination: PathBuf,
    /// Fichier de la clé (ou variable MAILLAGE_CLE_SAUVEGARDE)
    #[arg(long, env = "MAILLAGE_CLE_SAUVEGARDE", hide_env = true, value_name = "FICHIER")]
    pub cle: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Restaurer {
    /// Sauvegarde à restaurer
    pub archive: PathBuf,
    /// Fichier de la clé (ou variable MAILLAGE_CLE_SAUVEGARDE)
    #[arg(long, env = "MAILLAGE_CLE_SAUVEGARDE", hide_env = true, value_name = "FICHIER")]
    pub cle: Option<PathBuf>,
    /// Remplace une base qui n’est pas vide ; ce qu’elle contient est mis de côté
    #[arg(long)]
    pub remplacer: bool,
}

pub fn create_cle(asked: &ObjetCle) -> anyhow::Result<()> {
    let ActionCle::Creer { fichier } = &asked.action;
    Cle::create(fichier)?;
    println!("La clé est dans {}.", fichier.display());
    println!("Gardez-en une copie ailleurs que sur cette machine : sans elle, aucune sauvegarde ne pourra être ouverte.");
    Ok(())
}

pub async fn save(base: &str, reglages: &Reglages, asked: Sauvegarder) -> anyhow::Result<()> {
    let cle = reglages.cle_sauvegarde(asked.cle)?;
    let db = open_existing(base).await?;
    let began_at = super::clock().now();
    let outcome = write_sauvegarde(&db, base, &cle, &asked.destination, began_at).await;
    // A base that cannot be written (full, of an older version) can still be saved.
    if let Err(error) = planification::record(&db, began_at, super::clock().now(), &outcome).await {
        eprintln!("La base n’a pas pu noter cette sauvegarde : {error:#}");
    }
    let saved = outcome?;
    println!(
        "Sauvegarde vérifiée : {} ({} octets ; {}, {}).",
        saved.archive.display(),
        saved.octets,
        ui::format::compte(saved.manifeste.tables.len(), "table", "tables"),
        ui::format::compte(usize::try_from(saved.manifeste.lignes())?, "ligne", "lignes")
    );
    Ok(())
}

pub async fn restore(base: &str, reglages: &Reglages, asked: Restaurer) -> anyhow::Result<()> {
    let cle = reglages.cle_sauvegarde(asked.cle)?;
    let existante = if asked.remplacer { Existante::MettreDeCote } else { Existante::Refuser };
    let restored =
        restore_sauvegarde(base, &cle, &asked.archive, existante, super::clock().now()).await.context("rien n’a été remplacé")?;
    println!(
        "Restaurée et comparée : {}, {}, telles que le {}.",
        ui::format::compte(restored.manifeste.tables.len(), "table", "tables"),
        ui::format::compte(usize::try_from(restored.manifeste.lignes())?, "ligne", "lignes"),
        restored.manifeste.cree_a.paris().format("%d/%m/%Y à %H:%M")
    );
    if let Some(aside) = restored.mise_de_cote {
        println!("Ce qui était là est mis de côté : {aside}");
    }
    Ok(())
}

/// Opens a base that must be there: saving one that does not exist would create it.
pub async fn open_existing(base: &str) -> anyhow::Result<Db> {
    let is_file = !base.starts_with("postgres");
    let path = base.trim_start_matches("sqlite://").trim_start_matches("sqlite:");
    if is_file && !Path::new(path).is_file() {
        bail!("la base {base} n’existe pas");
    }
    super::open_as_it_is(base).await
}

/// On PostgreSQL nothing can be put beside the base: the copy before a migration is a backup, when backups are set.
pub async fn save_before_migration(db: &Db, base: &str, reglages: &Reglages) -> anyhow::Result<()> {
    if db.engine() != Engine::Postgres || schema::list_pending(db).await?.is_empty() || schema::is_new(db).await? {
        return Ok(());
    }
    match reglages.plan(base)? {
        Some(plan) => {
            let saved = write_sauvegarde(db, base, &plan.cle, &plan.dossier, super::clock().now()).await?;
            tracing::info!(archive = %saved.archive.display(), "backup before migration");
        }
        None => {
            eprintln!("Le schéma va être mis à jour sans sauvegarde préalable : la partie [sauvegarde] des réglages n’est pas remplie.")
        }
    }
    Ok(())
}
