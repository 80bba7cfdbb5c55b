//! `maillage bilan`: the bilan of a year as a file, in the format that its name says.

use std::path::Path;

use annuaire::storage::load_aiguillage;
use anyhow::{Context, bail};
use chrono::Datelike;
use observatoire::Tenu;
use observatoire::bilan::{Lecture, Source, read_bilan, write_classeur, write_html, write_pdf};
use observatoire::storage::cumul::catch_up;

use super::arguments::BilanDemande;
use super::demonstration::Lue;
use super::importation::find_territoire;

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
    let (format, now) = (Format::of(&asked.sortie)?, super::clock().now());
    let lue = Lue::open(base, is_named, now).await?;
    let db = &lue.db;
    let territoire = find_territoire(db, asked.territoire.as_deref()).await?;
    while !catch_up(db, territoire.id).await? {}
    let aiguillage = load_aiguillage(db, &territoire, (1, now.day())).await?;
    let annee = asked.annee.unwrap_or(now.day().year() - 1);
    let bilan =
        read_bilan(Source { db, territoire: &territoire, aiguillage: &aiguillage, tenu: &Tenu::default() }, annee, (Lecture::Equipe, now))
            .await?;
    let body = match format {
        Format::Pdf => write_pdf(&bilan).await?,
        Format::Html => write_html(&bilan)?.into_bytes(),
        Format::Xlsx => write_classeur(&bilan)?,
    };
    std::fs::write(&asked.sortie, body).with_context(|| format!("{} ne s’écrit pas", asked.sortie.display()))?;
    println!("Bilan {annee}, {} : {}", territoire.nom, asked.sortie.display());
    lue.close().await
}
