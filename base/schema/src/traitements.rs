//! The register of treatments (RGPD, article 30), written from the register of columns: it cannot say less than the database holds.

use std::collections::BTreeSet;
use std::fmt::Write;

use kit::Result;
use serde::Deserialize;

use crate::colonnes::{Colonne, Nature, Personne, list_colonnes, read_csv};

/// Why personal data is held, by what right, and who sees it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Traitement {
    pub code: String,
    pub titre: String,
    pub finalite: String,
    pub base_legale: String,
    pub destinataires: String,
}

const TRAITEMENTS: &str = include_str!("../traitements.csv");

pub fn list_traitements() -> Result<Vec<Traitement>> {
    read_csv(TRAITEMENTS, "traitements.csv")
}

/// The whole register, in Markdown; `is_chiffree` tells the columns that are encrypted in the database.
pub fn write_registre(is_chiffree: impl Fn(&Colonne) -> bool) -> Result<String> {
    let colonnes = list_colonnes()?;
    let mut text = String::from(
        "# Registre des traitements\n\nÉcrit par « maillage registre » d’après le registre des colonnes (base/schema/colonnes.csv). \
         À compléter par le responsable de traitement : son nom, ses coordonnées, celles du délégué à la protection des données.\n",
    );
    for traitement in list_traitements()? {
        let own: Vec<&Colonne> = colonnes.iter().filter(|one| one.finalite == traitement.code).collect();
        let personal: Vec<&Colonne> = own.into_iter().filter(|one| one.personne != Personne::Aucune).collect();
        write_traitement(&mut text, &traitement, &personal, &is_chiffree);
    }
    Ok(text)
}

fn write_traitement(text: &mut String, traitement: &Traitement, personal: &[&Colonne], is_chiffree: &impl Fn(&Colonne) -> bool) {
    let _infallible = write!(text, "\n## {}\n\n* **Finalité** : {}\n", traitement.titre, traitement.finalite);
    if personal.is_empty() {
        text.push_str("* Aucune donnée personnelle.\n");
        return;
    }
    let lines = [
        ("Base légale", traitement.base_legale.clone()),
        ("Personnes concernées", join(personal.iter().map(|one| one.personne.label().to_string()))),
        ("Catégories de données", join(personal.iter().map(|one| one.nature.label().to_string()))),
        ("Destinataires", traitement.destinataires.clone()),
        ("Durée", join_with(" ; ", personal.iter().map(|one| one.conservation.duree.clone()))),
        ("Mesures", list_mesures(personal, is_chiffree).join(" ; ")),
        ("Colonnes", join(personal.iter().map(|one| format!("{}.{}", one.table, one.colonne)))),
    ];
    for (name, value) in lines {
        let _infallible = writeln!(text, "* **{name}** : {value}.");
    }
}

/// Only what the program itself does; the rest (machine, network, people) is the operator's to write.
fn list_mesures(personal: &[&Colonne], is_chiffree: &impl Fn(&Colonne) -> bool) -> Vec<String> {
    let mut mesures = vec!["cloisonnement par territoire".to_string()];
    if personal.iter().any(|one| one.nature == Nature::Secret) {
        mesures.push("secrets gardés sous forme d’empreinte".into());
    }
    let sealed = join(personal.iter().filter(|one| is_chiffree(one)).map(|one| one.colonne.clone()));
    if !sealed.is_empty() {
        mesures.push(format!("chiffrement dans la base (XChaCha20-Poly1305) de {sealed}"));
    }
    mesures
}

fn join(words: impl Iterator<Item = String>) -> String {
    join_with(", ", words)
}

/// Each once, in order.
fn join_with(between: &str, words: impl Iterator<Item = String>) -> String {
    let mut seen = BTreeSet::new();
    words.filter(|word| seen.insert(word.clone())).collect::<Vec<_>>().join(between)
}
