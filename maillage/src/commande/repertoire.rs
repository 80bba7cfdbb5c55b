//! `maillage repertoire`: all that is made of an edition, as files.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use clap::ValueEnum;
use kit::text::fold;
use kit::{Instant, Result};
use repertoire::contenu::{Contenu, find_edition_of};
use repertoire::facile::MotsTenus;
use repertoire::facile::storage::list_tenus;
use repertoire::rules::zone::Zone;
use tokio::task::JoinHandle;

use super::arguments::RepertoireDemande;
use super::demonstration::Lue;
use super::importation::find_territoire;

/// What may be written of an edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Partie {
    /// Les livrets en PDF, un par bassin et par forme
    Livrets,
    /// Le texte de chaque livret, à mettre en page ailleurs (ODT)
    Textes,
    /// Tous les livrets en un classeur (XLSX)
    Classeur,
    /// L’affiche de chaque commune
    Affiches,
    /// Les fiches faciles à lire, pour chaque besoin qui a une réponse
    Fiches,
}

/// A PDF in the making; none when there is nothing to print.
type Composition = JoinHandle<Result<Option<Vec<u8>>>>;

/// An edition and where it goes; shared by what is composed at the same time.
#[derive(Clone)]
struct Ecriture {
    contenu: Arc<Contenu>,
    /// The words that the territoire keeps for its sheets.
    tenus: Arc<BTreeMap<String, MotsTenus>>,
    sortie: PathBuf,
    adresse: String,
    now: Instant,
}

/// From the base that is asked; from the demo when there is none, and says so.
pub async fn write(base: &str, is_named: bool, (asked, adresse): (&RepertoireDemande, &str)) -> anyhow::Result<()> {
    let now = super::clock().now();
    let lue = Lue::open(base, is_named, now).await?;
    let territoire = find_territoire(&lue.db, asked.territoire.as_deref()).await?;
    let edition = find_edition_of(&lue.db, territoire.id, asked.edition).await?;
    let edition = edition.with_context(|| format!("{} n’a pas d’édition {}", territoire.nom, asked.edition))?;
    let contenu = Contenu::read(&lue.db, &territoire, edition).await?.with_logos(&lue.db).await?;
    let adresse = if adresse.is_empty() { String::new() } else { format!("{adresse}/{}", territoire.slug) };
    let tenus = Arc::new(list_tenus(&lue.db, territoire.id).await?);
    let ecriture = Ecriture { contenu: Arc::new(contenu), tenus, sortie: asked.sortie.clone(), adresse, now };
    for partie in Partie::value_variants().iter().filter(|one| asked.seulement.is_empty() || asked.seulement.contains(one)) {
        ecriture.write(*partie).await?;
    }
    lue.close().await
}

impl Ecriture {
    async fn write(&self, partie: Partie) -> anyhow::Result<()> {
        match partie {
            Partie::Livrets => self.write_livrets().await,
            Partie::Textes => self.write_textes(),
            Partie::Classeur => self.save("classeur.xlsx", &self.contenu.write_classeur()?).map(|path| say(&path, None)),
            Partie::Affiches => self.write_affiches().await,
            Partie::Fiches => self.write_fiches().await,
        }
    }

    async fn write_livrets(&self) -> anyhow::Result<()> {
        for (code, nom) in self.contenu.list_livres() {
            for (forme, imprime) in self.contenu.print_formes(Some(code), (&self.adresse, self.now)).await? {
                let path = self.save(&format!("{}-{}.pdf", name_file(&nom), forme.code()), &imprime.pdf)?;
                say(&path, Some(imprime.pages));
            }
        }
        Ok(())
    }

    fn write_textes(&self) -> anyhow::Result<()> {
        for (code, nom) in self.contenu.list_livres() {
            let odt = self.contenu.write_odt(code, self.now)?;
            say(&self.save(&format!("{}.odt", name_file(&nom)), &odt)?, None);
        }
        Ok(())
    }

    async fn write_affiches(&self) -> anyhow::Result<()> {
        let compose = |commune: &territoire::Commune| {
            let (here, code) = (self.clone(), commune.code.to_string());
            let composed = tokio::spawn(async move { here.contenu.print_affiche(&code, (&here.adresse, here.now)).await });
            (format!("{}-{}.pdf", commune.code, name_file(&commune.nom)), composed)
        };
        self.save_all("affiches", self.contenu.territoire.list_communes().map(compose).collect()).await
    }

    async fn write_fiches(&self) -> anyhow::Result<()> {
        let mut waited = vec![];
        for (code, nom) in self.contenu.list_livres() {
            let zone = Zone::of(&self.contenu.territoire, Some(code));
            for besoin in self.contenu.list_besoins(&zone) {
                let (here, zone) = (self.clone(), zone.clone());
                let composed = tokio::spawn(async move {
                    let imprime = here.contenu.print_fiche((besoin, &zone), (here.tenus.get(&*besoin.code), here.now)).await?;
                    Ok(imprime.map(|imprime| imprime.pdf))
                });
                waited.push((format!("{}-{}.pdf", name_file(&nom), besoin.code), composed));
            }
        }
        self.save_all("fiches-faciles", waited).await
    }

    /// Many small files, in a folder of their own.
    async fn save_all(&self, folder: &str, waited: Vec<(String, Composition)>) -> anyhow::Result<()> {
        let mut count = 0;
        for (name, composed) in waited {
            if let Some(pdf) = composed.await?? {
                self.save(&format!("{folder}/{name}"), &pdf)?;
                count += 1;
            }
        }
        println!("{} : {}", self.sortie.join(folder).display(), ui::format::compte(count, "fichier", "fichiers"));
        Ok(())
    }

    fn save(&self, name: &str, body: &[u8]) -> anyhow::Result<PathBuf> {
        let path = self.sortie.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("le dossier {} ne s’écrit pas", folder.display()))?;
        }
        std::fs::write(&path, body).with_context(|| format!("{} ne s’écrit pas", path.display()))?;
        Ok(path)
    }
}

fn say(path: &std::path::Path, pages: Option<usize>) {
    match pages {
        Some(pages) => println!("{} : {}", path.display(), ui::format::compte(pages, "page", "pages")),
        None => println!("{}", path.display()),
    }
}

fn name_file(nom: &str) -> String {
    let plain = |sign: char| if sign.is_ascii_alphanumeric() { sign } else { '-' };
    fold(nom).chars().map(plain).collect()
}
