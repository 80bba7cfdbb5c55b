//! The files of each form, written structure after structure: nothing of them is held in memory.

mod classeur;
mod liste;
mod tabulaire;

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use annuaire::storage::export::StructureDatee;
use anyhow::{Context, Result};

use crate::rules::{data_inclusion, geojson, hsds, tableau};
use crate::{Format, Producteur};
use classeur::Classeur;
use liste::Liste;
use tabulaire::Tabulaire;

/// The files of one form, being written in a folder.
pub struct Ecrivain {
    sortie: Sortie,
}

enum Sortie {
    DataInclusion { structures: Liste, services: Liste },
    Hsds { organizations: Liste, services: Liste, tabulaire: Box<Tabulaire> },
    Csv { rows: Box<csv::Writer<BufWriter<File>>>, path: PathBuf },
    Xlsx(Box<Classeur>),
    Geojson(Liste),
}

/// The mark by which French spreadsheets read UTF-8.
const UTF8: &[u8] = "\u{feff}".as_bytes();

impl Ecrivain {
    /// Begins the files; those of the same name are replaced.
    pub fn open(format: Format, folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("le dossier {} ne se crée pas", folder.display()))?;
        let list = |name: &str| Liste::open(folder.join(name), "[", "]");
        let sortie = match format {
            Format::DataInclusion => Sortie::DataInclusion { structures: list("structures.json")?, services: list("services.json")? },
            Format::Hsds => Sortie::Hsds {
                organizations: list("organizations.json")?,
                services: list("services.json")?,
                tabulaire: Box::new(Tabulaire::open(&folder.join("tabulaire"))?),
            },
            Format::Csv => open_csv(folder.join("annuaire.csv"))?,
            Format::Xlsx => Sortie::Xlsx(Box::new(Classeur::open(folder.join("annuaire.xlsx"))?)),
            Format::Geojson => {
                Sortie::Geojson(Liste::open(folder.join("annuaire.geojson"), "{\"type\":\"FeatureCollection\",\"features\":[", "]}")?)
            }
        };
        Ok(Self { sortie })
    }

    /// Writes a structure and its services; `datee` has already left behind what stays here.
    pub fn push(&mut self, producteur: &Producteur, datee: &StructureDatee) -> Result<()> {
        match &mut self.sortie {
            Sortie::DataInclusion { structures, services } => {
                structures.push(&data_inclusion::structure(producteur, datee))?;
                datee.services.iter().try_for_each(|date| services.push(&data_inclusion::service(producteur, datee, date)))
            }
            Sortie::Hsds { organizations, services, tabulaire } => {
                let whole = hsds::full_organization(producteur, datee);
                tabulaire.push(&whole)?;
                organizations.push(&whole)?;
                datee.services.iter().try_for_each(|date| services.push(&hsds::full_service(producteur, datee, date)))
            }
            Sortie::Csv { rows, .. } => datee.services.iter().try_for_each(|date| {
                let cells = tableau::cells(producteur, datee, date);
                Ok(rows.write_record(cells.iter().map(|cell| kit::shield(cell).into_owned()))?)
            }),
            Sortie::Xlsx(classeur) => datee.services.iter().try_for_each(|date| classeur.push(&tableau::cells(producteur, datee, date))),
            Sortie::Geojson(features) => {
                datee.services.iter().try_for_each(|date| features.push(&geojson::feature(producteur, datee, date)))
            }
        }
    }

    /// Ends the files and names them.
    pub fn finish(self) -> Result<Vec<PathBuf>> {
        match self.sortie {
            Sortie::DataInclusion { structures, services } => Ok(vec![structures.finish()?, services.finish()?]),
            Sortie::Hsds { organizations, services, tabulaire } => {
                let mut written = vec![organizations.finish()?, services.finish()?];
                written.extend(tabulaire.finish()?);
                Ok(written)
            }
            Sortie::Csv { mut rows, path } => {
                rows.flush()?;
                Ok(vec![path])
            }
            Sortie::Xlsx(classeur) => Ok(vec![classeur.finish()?]),
            Sortie::Geojson(features) => Ok(vec![features.finish()?]),
        }
    }
}

fn create(path: &Path) -> Result<BufWriter<File>> {
    Ok(BufWriter::new(File::create(path).with_context(|| format!("{} ne s’écrit pas", path.display()))?))
}

fn open_csv(path: PathBuf) -> Result<Sortie> {
    let mut file = create(&path)?;
    std::io::Write::write_all(&mut file, UTF8)?;
    let mut rows = csv::WriterBuilder::new().delimiter(b';').from_writer(file);
    rows.write_record(tableau::titres())?;
    Ok(Sortie::Csv { rows: Box::new(rows), path })
}
