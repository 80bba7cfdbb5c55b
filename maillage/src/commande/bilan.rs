//! `maillage bilan`: the bilan of a year as a file, in the format that its name says.

use std::path::Path;

use annuaire::storage::load_aiguillage;
use anyhow::{Context, bail};
use chrono::Datelike;
use kit::Db;
use observatoire::Tenu;
use observatoire::bilan::{Lecture, Source, read_bilan, write_classeur, write_html, write_pdf};
use observatoire::storage::cumul::catch_up;

use super::arguments::BilanDemande;
use super::importation::find_territoire;
use crate::demo;

/// What a file name may end with.
#[derive(Clone, Copy)]
enum Format {
    Pdf,
    Html,
    Xlsx,
}

impl Format {
    fn of(sortie: &Path) -> anyhow::Result<Self> {
        match sortie.extension().and_then(|extension| extension.to_str()) {
            Some("pdf") => Ok(Self::Pdf),
            Some("html") => Ok(Self::Html),
            Some("xlsx") => Ok(Self::Xlsx),
            _ => bail!("le nom {} ne dit pas de format : finissez-le par .pdf, .html ou .xlsx", sortie.display()),
        }
    }
}

/// From the base that is asked; from the demo when there is none, and says so.
pub async fn write(base: &str, is_named: bool, asked: &BilanDemande) -> anyhow::Result<()> {
    let format = Format::of(&asked.sortie)?;
    if !super::exportation::is_missing(base) {
        return write_from(super::open(base).await?, format, asked).await;
    }
    if is_named {
        bail!("la base {base} n’existe pas");
    }
    eprintln!("Il n’y a pas de base ici : ce sont les données de démonstration.");
    let passing = std::env::temp_dir().join(format!("maillage-bilan-{}", std::process::id()));
    std::fs::create_dir_all(&passing)?;
    let written = write_demo(&passing.join("demo.sqlite").display().to_string(), format, asked).await;
    std::fs::remove_dir_all(&passing)?;
    written
}

async fn write_demo(path: &str, format: Format, asked: &BilanDemande) -> anyhow::Result<()> {
    let (db, now) = (Db::open(path).await?, super::clock().now());
    schema::migrate(&db, now).await?;
    demo::fill_annuaires(&db, now).await?;
    for territoire in territoire::storage::list_territoires(&db).await? {
        demo::record_passe(&db, &territoire, now).await?;
    }
    write_from(db, format, asked).await
}

async fn write_from(db: Db, format: Format, asked: &BilanDemande) -> anyhow::Result<()> {
    let now = super::clock().now();
    schema::migrate(&db, now).await?;
    let territoire = find_territoire(&db, asked.territoire.as_deref()).await?;
    while !catch_up(&db, territoire.id).await? {}
    let aiguillage = load_aiguillage(&db, &territoire, (1, now.day())).await?;
    let annee = asked.annee.unwrap_or(now.day().year() - 1);
    let bilan = read_bilan(
        Source { db: &db, territoire: &territoire, aiguillage: &aiguillage, tenu: &Tenu::default() },
        annee,
        (Lecture::Equipe, now),
    )
    .await?;
    let body = match format {
        Format::Pdf => write_pdf(&bilan).await?,
        Format::Html => write_html(&bilan)?.into_bytes(),
        Format::Xlsx => write_classeur(&bilan)?,
    };
    std::fs::write(&asked.sortie, body).with_context(|| format!("{} ne s’écrit pas", asked.sortie.display()))?;
    println!("Bilan {annee}, {} : {}", territoire.nom, asked.sortie.display());
    Ok(db.close().await?)
}
