//! Reads the taxonomy from its CSV; a bad row is set aside and told, never fatal.

use std::collections::HashMap;

use serde::Deserialize;

use super::index::Index;
use super::{Besoin, Taxonomie};

/// A row as it is written, codes not yet resolved.
#[derive(Deserialize)]
struct Ligne {
    code: Box<str>,
    famille: Box<str>,
    libelle: Box<str>,
    phrase: Box<str>,
    activites: Box<str>,
    thematique_di: Box<str>,
    synonymes: Box<str>,
    proches: Box<str>,
    sources: Box<str>,
}

/// Gives the taxonomy, and what was set aside from the file with the reason.
pub(super) fn read(csv: &str) -> (Taxonomie, Vec<String>) {
    let mut defauts = Vec::new();
    let lignes = read_lignes(csv, &mut defauts);
    let rangs: HashMap<&str, u8> = lignes.iter().zip(0u8..).map(|(ligne, rang)| (&*ligne.code, rang)).collect();
    let besoins: Vec<Besoin> = lignes.iter().zip(0u8..).map(|(ligne, rang)| resolve(ligne, rang, &rangs, &mut defauts)).collect();
    let index = Index::build(&besoins);
    (Taxonomie { besoins, index }, defauts)
}

fn read_lignes(csv: &str, defauts: &mut Vec<String>) -> Vec<Ligne> {
    let mut lignes: Vec<Ligne> = Vec::new();
    for (numero, ligne) in csv::Reader::from_reader(csv.as_bytes()).deserialize::<Ligne>().enumerate() {
        match ligne.map_err(|error| error.to_string()).and_then(|ligne| accept(ligne, &lignes)) {
            Ok(ligne) => lignes.push(ligne),
            Err(raison) => defauts.push(format!("row {}: {raison}", numero + 2)),
        }
    }
    lignes
}

/// A family must come before its needs, so that a row can be judged by those above it.
fn accept(ligne: Ligne, lignes: &[Ligne]) -> Result<Ligne, String> {
    let is_code = |code: &str| !code.is_empty() && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !is_code(&ligne.code) {
        return Err(format!("« {} » is not a code", ligne.code));
    }
    if lignes.len() > usize::from(u8::MAX) {
        return Err("more rows than a rank can count".to_owned());
    }
    if ligne.libelle.is_empty() || ligne.phrase.is_empty() {
        return Err(format!("{} has no label or no sentence", ligne.code));
    }
    if lignes.iter().any(|autre| autre.code == ligne.code) {
        return Err(format!("{} is there twice", ligne.code));
    }
    let is_famille = |autre: &Ligne| autre.code == ligne.famille && autre.famille.is_empty();
    if !ligne.famille.is_empty() && !lignes.iter().any(is_famille) {
        return Err(format!("{} is in no known family", ligne.code));
    }
    Ok(ligne)
}

fn resolve(ligne: &Ligne, rang: u8, rangs: &HashMap<&str, u8>, defauts: &mut Vec<String>) -> Besoin {
    let mut proches = Vec::new();
    for code in split(&ligne.proches) {
        match rangs.get(&*code) {
            Some(proche) => proches.push(*proche),
            None => defauts.push(format!("{}: unknown near need {code}", ligne.code)),
        }
    }
    Besoin {
        rang,
        code: ligne.code.clone(),
        libelle: ligne.libelle.clone(),
        phrase: ligne.phrase.clone(),
        famille: rangs.get(&*ligne.famille).copied(),
        proches,
        activites: split(&ligne.activites),
        thematique_di: Some(ligne.thematique_di.clone()).filter(|theme| !theme.is_empty()),
        synonymes: split(&ligne.synonymes),
        sources: split(&ligne.sources),
    }
}

fn split(liste: &str) -> Vec<Box<str>> {
    liste.split('|').map(str::trim).filter(|mot| !mot.is_empty()).map(Into::into).collect()
}
