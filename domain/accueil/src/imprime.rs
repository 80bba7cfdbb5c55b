//! Everything held about the person of a demande, on paper: the PDF that they keep or that the team hands to them.

use edition::Document;
use kit::{Instant, Result};
use serde_json::{Value, json};
use territoire::Territoire;

use crate::dossier::Dossier;
use crate::model::{Consentement, Orientation};

const MODELE: &str = include_str!("../modeles/dossier.typ");

/// The PDF of a dossier, dated `now`.
pub async fn write_pdf(dossier: &Dossier, territoire: &Territoire, now: Instant) -> Result<Vec<u8>> {
    edition::rediger(Document { modele: MODELE, donnees: write(dossier, territoire, now), dessins: vec![] }).await
}

fn write(dossier: &Dossier, territoire: &Territoire, now: Instant) -> Value {
    json!({
        "titre": format!("Demande n° {} : tout ce qui en est gardé", ui::format::nombre(dossier.numero)),
        "territoire": territoire.nom,
        "le": ui::format::date(now.day()),
        "donnees": dossier.donnees,
        "consentements": dossier.consentements.iter().map(|one| [one.texte_montre.clone(), write_dates(one, now)]).collect::<Vec<_>>(),
        "propositions": dossier.orientations.iter().map(write_proposition).collect::<Vec<_>>(),
        "traitements": write_traitements(dossier),
    })
}

fn write_dates(one: &Consentement, now: Instant) -> String {
    let donne = format!("donné le {}", ui::format::moment(&one.donne_at, &now));
    match one.retire_at {
        Some(at) => format!("{donne}, retiré le {}.", ui::format::moment(&at, &now)),
        None => format!("{donne}."),
    }
}

fn write_proposition(one: &Orientation) -> [String; 2] {
    let telephone = one.telephone.iter().map(|telephone| format!(", {}", telephone.replace(' ', "\u{a0}")));
    let donnee = one.donnee.then(|| " (donnée)".to_string());
    [one.structure_nom.clone(), [one.service_nom.clone()].into_iter().chain(telephone).chain(donnee).collect()]
}

fn write_traitements(dossier: &Dossier) -> Vec<[String; 2]> {
    let traitements = dossier.traitements.iter().map(|one| {
        let acces = format!("Base légale : {}. Qui y a accès : {}.", one.base_legale, one.destinataires);
        [one.titre.clone(), ui::format::typographie(&format!("{} {acces}", one.finalite))]
    });
    traitements.chain([["Durée".to_string(), dossier.durees.sentence()]]).collect()
}
