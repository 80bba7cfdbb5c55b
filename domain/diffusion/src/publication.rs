//! Editions: the files of every form, frozen under a date, each night that something changed and when somebody asks.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use annuaire::storage::export::find_revision;
use anyhow::Context;
use chrono::Timelike;
use flate2::Compression;
use flate2::write::GzEncoder;
use kit::{Instant, Result, secret, tache};
use sha2::{Digest, Sha256};
use territoire::Territoire;
use zip::write::SimpleFileOptions;

use crate::rules::garde::{is_due, list_perimees, name};
use crate::storage::edition::{FichierPublie, delete_edition, insert_edition, insert_fichier, list_editions};
use crate::{Bilan, Diffusion, Edition, Format, Producteur, export};

/// Looks every minute, for ever, whether a territoire has something to publish; not before `delay`: a program that starts has
/// more urgent things to do.
pub async fn keep_published(room: Diffusion, delay: Duration) {
    tokio::time::sleep(delay).await;
    loop {
        for territoire in room.comptes.territoires.list().iter() {
            let producteur = room.producteur(territoire);
            if let Err(error) = publish_today(&room, &producteur, room.comptes.clock.now()).await {
                tracing::error!(cause = format!("{error:#}"), territoire = territoire.slug, "the edition of the night failed");
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Publishes what today asks for, unless another process does.
pub async fn publish_today(room: &Diffusion, producteur: &Producteur, now: Instant) -> Result<Option<Edition>> {
    let territoire = &producteur.territoire;
    let revision = find_revision(room.db.read(), territoire.id).await?;
    let editions = list_editions(room.db.read(), territoire.id).await?;
    if !is_due(&editions, revision, now.paris().hour()) {
        return Ok(None);
    }
    tache::once(&room.db, (&task(territoire), now), publish(room, producteur, now), |edition| edition.nom.clone()).await
}

fn task(territoire: &Territoire) -> String {
    format!("diffusion {}", territoire.id)
}

/// Publishes now, and lets go of what is no longer kept.
pub async fn publish(room: &Diffusion, producteur: &Producteur, now: Instant) -> Result<Edition> {
    let folder = std::env::temp_dir().join(format!("maillage-edition-{}", secret::hex(&secret::random::<8>()?)));
    std::fs::create_dir_all(&folder).context("le dossier de passage d’une édition")?;
    let published = write(room, producteur, (&folder, now)).await;
    std::fs::remove_dir_all(&folder).context("le dossier de passage d’une édition")?;
    published
}

async fn write(room: &Diffusion, producteur: &Producteur, (folder, now): (&Path, Instant)) -> Result<Edition> {
    let territoire = producteur.territoire.id;
    let revision = find_revision(room.db.read(), territoire).await?;
    let mut bilan = Bilan::default();
    for format in Format::ALL {
        bilan = export(&room.db, std::slice::from_ref(producteur), *format, &folder.join(format.code())).await?;
    }
    zip_folder(&folder.join("hsds/tabulaire"), &folder.join("hsds/tabulaire.zip"))?;
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let tx = room.db.begin().await?;
    let mut editions = list_editions(&tx, territoire).await?;
    let edition = Edition {
        nom: name(now.day(), &editions),
        created_at: now.0,
        revision,
        structures: number(bilan.structures),
        services: number(bilan.services),
    };
    insert_edition(&tx, territoire, &edition).await?;
    for (nom, path) in FICHIERS {
        let (fichier, contenu) = compress(&edition.nom, nom, &folder.join(path))?;
        insert_fichier(&tx, territoire, &fichier, contenu).await?;
    }
    editions.insert(0, edition.clone());
    for nom in list_perimees(&editions) {
        delete_edition(&tx, territoire, &nom).await?;
    }
    tx.commit().await?;
    Ok(edition)
}

/// Under which name each file is published, and where the export writes it.
const FICHIERS: [(&str, &str); 8] = [
    ("annuaire.csv", "csv/annuaire.csv"),
    ("annuaire.geojson", "geojson/annuaire.geojson"),
    ("annuaire.xlsx", "xlsx/annuaire.xlsx"),
    ("data-inclusion-services.json", "data-inclusion/services.json"),
    ("data-inclusion-structures.json", "data-inclusion/structures.json"),
    ("hsds-organizations.json", "hsds/organizations.json"),
    ("hsds-services.json", "hsds/services.json"),
    ("hsds-tabulaire.zip", "hsds/tabulaire.zip"),
];

/// The content compressed, and what it is once open.
fn compress(edition: &str, nom: &str, path: &Path) -> anyhow::Result<(FichierPublie, Vec<u8>)> {
    let mut file = File::open(path).with_context(|| path.display().to_string())?;
    let (mut encoder, mut digest) = (GzEncoder::new(vec![], Compression::default()), Sha256::new());
    let (mut octets, mut piece) = (0_i64, vec![0_u8; 65_536]);
    loop {
        let read = file.read(&mut piece)?;
        let Some(bytes) = piece.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        encoder.write_all(bytes)?;
        digest.update(bytes);
        octets += i64::try_from(read)?;
    }
    let empreinte = secret::hex(&digest.finalize());
    Ok((FichierPublie { edition: edition.into(), nom: nom.into(), octets, empreinte }, encoder.finish()?))
}

fn zip_folder(folder: &Path, to: &Path) -> anyhow::Result<()> {
    let mut archive = zip::ZipWriter::new(File::create(to)?);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let nom = path.file_name().unwrap_or_default().to_string_lossy();
        archive.start_file(nom, SimpleFileOptions::default())?;
        std::io::copy(&mut File::open(&path)?, &mut archive)?;
    }
    archive.finish()?;
    Ok(())
}
