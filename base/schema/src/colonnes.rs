//! The register of columns: what each one holds, about whom, why and how long. A DPO reads and mends `colonnes.csv`;
//! a test refuses a column of the database that is not in it, so that nothing personal comes in unseen.

use anyhow::{Context, anyhow};
use kit::{Result, codes};
use serde::Deserialize;
use serde::de::DeserializeOwned;

codes! {
    /// What a column holds.
    pub enum Nature {
        Technique = "technique" => "donnée technique",
        Referentiel = "referentiel" => "valeur d’une liste publique",
        Organisation = "organisation" => "donnée d’une organisation",
        Identite = "identite" => "identité et situation",
        Contact = "contact" => "coordonnées",
        Libre = "libre" => "texte libre",
        Sensible = "sensible" => "donnée sensible (RGPD, article 9)",
        Secret = "secret" => "secret, gardé sous forme d’empreinte",
    }
}

codes! {
    /// Whom a column is about.
    pub enum Personne {
        Aucune = "aucune" => "personne",
        Demandeur = "demandeur" => "personnes qui demandent de l’aide",
        /// Known by a telephone number only, which a STOP must outlive: it is not erased with a demande.
        Appelant = "appelant" => "personnes qui écrivent ou téléphonent à la ligne",
        Equipier = "equipier" => "membres de l’équipe",
        ContactStructure = "contact-structure" => "interlocuteurs des structures",
    }
}

/// One column of the database, as the register classes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colonne {
    pub table: String,
    pub colonne: String,
    pub nature: Nature,
    pub personne: Personne,
    /// The code of a line of `traitements.csv`.
    pub finalite: String,
    pub conservation: Conservation,
}

/// How long something is kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Conservation {
    pub code: String,
    /// In words.
    pub duree: String,
    /// Months, where a count of them decides.
    pub mois: Option<u32>,
}

#[derive(Deserialize)]
struct Ligne {
    table: String,
    colonne: String,
    nature: String,
    personne: String,
    finalite: String,
    conservation: String,
}

const COLONNES: &str = include_str!("../colonnes.csv");
const CONSERVATIONS: &str = include_str!("../conservations.csv");

/// Every column of the register, by table.
pub fn list_colonnes() -> Result<Vec<Colonne>> {
    let conservations: Vec<Conservation> = read_csv(CONSERVATIONS, "conservations.csv")?;
    read_csv(COLONNES, "colonnes.csv")?.into_iter().map(|ligne| read_colonne(ligne, &conservations)).collect()
}

/// How many months the register keeps what is under this code, where it counts in months.
pub fn find_mois(code: &str) -> Result<Option<u32>> {
    let conservations: Vec<Conservation> = read_csv(CONSERVATIONS, "conservations.csv")?;
    Ok(conservations.iter().find(|one| one.code == code).and_then(|one| one.mois))
}

pub(crate) fn read_csv<T: DeserializeOwned>(text: &str, name: &str) -> Result<Vec<T>> {
    let rows = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes()).into_deserialize().collect::<Result<Vec<T>, _>>();
    Ok(rows.with_context(|| format!("reading {name}"))?)
}

fn read_colonne(ligne: Ligne, conservations: &[Conservation]) -> Result<Colonne> {
    let unknown = |what: &str, word: &str| anyhow!("colonnes.csv, {}.{} : {what} « {word} » inconnue", ligne.table, ligne.colonne);
    Ok(Colonne {
        nature: Nature::from_code(&ligne.nature).ok_or_else(|| unknown("nature", &ligne.nature))?,
        personne: Personne::from_code(&ligne.personne).ok_or_else(|| unknown("personne", &ligne.personne))?,
        conservation: conservations
            .iter()
            .find(|one| one.code == ligne.conservation)
            .cloned()
            .ok_or_else(|| unknown("conservation", &ligne.conservation))?,
        table: ligne.table,
        colonne: ligne.colonne,
        finalite: ligne.finalite,
    })
}
