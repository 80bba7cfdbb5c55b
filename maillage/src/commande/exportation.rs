//! `maillage exporter`: what the annuaire gives to everybody, as files.

use std::path::Path;
use std::sync::Arc;

use anyhow::bail;
use diffusion::Producteur;
use kit::Db;
use territoire::Territoire;

use super::arguments::Exportation;
use super::importation::find_territoire;
use crate::demo;
use crate::reglages::Reglages;

/// From the base that is named, else from the one of the settings; from the demo when there is none, and says so.
pub async fn export(base: &str, is_named: bool, reglages: &Reglages, asked: &Exportation) -> anyhow::Result<()> {
    if asked.demo && is_named {
        bail!("--demo et --base se contredisent : gardez l’un des deux");
    }
    let is_missing = is_missing(base);
    if is_missing && (is_named || reglages.base.is_some()) && !asked.demo {
        bail!("la base {base} n’existe pas");
    }
    if !asked.demo && !is_missing {
        let db = super::open(base).await?;
        schema::migrate(&db, super::clock().now()).await?;
        return write(&db, reglages.origine.as_deref(), asked).await;
    }
    if !asked.demo {
        eprintln!("Il n’y a pas de base ici : ce sont les données de démonstration.");
    }
    let passing = std::env::temp_dir().join(format!("maillage-export-{}", std::process::id()));
    std::fs::create_dir_all(&passing)?;
    let written = export_demo(&passing.join("demo.sqlite").display().to_string(), asked).await;
    std::fs::remove_dir_all(&passing)?;
    written
}

/// Whether a base is a file that does not exist.
pub fn is_missing(base: &str) -> bool {
    find_file(base).is_some_and(|file| !Path::new(file).exists())
}

/// The file of a SQLite base.
fn find_file(base: &str) -> Option<&str> {
    let is_postgres = base.starts_with("postgres:") || base.starts_with("postgresql:");
    let path = base.trim_start_matches("sqlite://").trim_start_matches("sqlite:");
    (!is_postgres).then(|| path.split('?').next().unwrap_or(path))
}

async fn export_demo(path: &str, asked: &Exportation) -> anyhow::Result<()> {
    let (db, now) = (Db::open(path).await?, super::clock().now());
    schema::migrate(&db, now).await?;
    demo::fill_annuaires(&db, now).await?;
    write(&db, None, asked).await?;
    Ok(db.close().await?)
}

async fn write(db: &Db, origine: Option<&str>, asked: &Exportation) -> anyhow::Result<()> {
    let jour = super::clock().now().day();
    let producteurs: Vec<Producteur> = list_territoires(db, asked.territoire.as_deref())
        .await?
        .into_iter()
        .map(|territoire| Producteur { territoire, origine: origine.map(|origine| origine.trim_end_matches('/').to_string()), jour })
        .collect();
    let bilan = diffusion::export(db, &producteurs, asked.format, &asked.sortie).await?;
    println!(
        "{}, {}, dans {} :",
        ui::format::compte(bilan.structures, "structure", "structures"),
        ui::format::compte(bilan.services, "service", "services"),
        asked.sortie.display()
    );
    bilan.fichiers.iter().for_each(|fichier| println!("  {}", fichier.display()));
    Ok(())
}

/// The one that is named, else all those that are open.
async fn list_territoires(db: &Db, slug: Option<&str>) -> anyhow::Result<Vec<Arc<Territoire>>> {
    if let Some(slug) = slug {
        return Ok(vec![find_territoire(db, Some(slug)).await?]);
    }
    let all = territoire::storage::list_territoires(db).await?;
    let open: Vec<_> = all.into_iter().filter(|one| one.fermeture.is_none()).map(Arc::new).collect();
    if open.is_empty() {
        bail!(
            "aucun territoire n’existe encore : créez-en un avec « maillage territoire creer », ou exportez la démonstration avec --demo"
        );
    }
    Ok(open)
}
