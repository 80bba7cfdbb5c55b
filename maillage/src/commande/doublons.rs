//! `maillage doublons`: the pairs of records that may be one structure, each explained.

use std::collections::HashMap;

use annuaire::doublons::{Champ, Paire, find_paires, group};
use annuaire::storage::doublons::{StructureComparee, list_candidats};
use anyhow::ensure;
use kit::{Db, Id};
use serde_json::{Value, json};
use territoire::Referentiel;

use super::arguments::Doublons;
use super::importation::find_territoire;

pub async fn list(db: Db, asked: &Doublons) -> anyhow::Result<()> {
    ensure!((1..=100).contains(&asked.seuil), "le seuil est un nombre de points, de 1 à 100");
    schema::migrate(&db, super::clock().now()).await?;
    let territoire = find_territoire(&db, asked.territoire.as_deref()).await?;
    let structures = list_candidats(&db, territoire.id).await?;
    let candidats: Vec<_> = structures.iter().map(|one| one.candidat.clone()).collect();
    let paires = find_paires(&candidats, asked.seuil);
    let known: HashMap<Id, &StructureComparee> = structures.iter().map(|one| (one.candidat.id, one)).collect();
    if asked.json {
        println!("{}", serde_json::to_string_pretty(&write_json(&territoire.slug, asked.seuil, &paires, &known))?);
    } else {
        print(&paires, &known);
    }
    Ok(())
}

fn write_json(slug: &str, seuil: u8, paires: &[Paire], known: &HashMap<Id, &StructureComparee>) -> Value {
    let written = paires.iter().map(|paire| {
        let points = paire
            .indices
            .iter()
            .map(|one| json!({"champ": one.champ.code(), "points": one.points, "maximum": one.champ.maximum(), "phrase": one.phrase}));
        json!({
            "score": paire.score,
            "premier": known.get(&paire.premier).map(|one| describe(one)),
            "second": known.get(&paire.second).map(|one| describe(one)),
            "points": points.collect::<Vec<_>>(),
        })
    });
    json!({
        "territoire": slug,
        "structures": known.len(),
        "seuil": seuil,
        "paires": written.collect::<Vec<_>>(),
        "groupes": group(paires).iter().map(|ids| ids.iter().map(Id::to_string).collect::<Vec<_>>()).collect::<Vec<_>>(),
    })
}

fn describe(structure: &StructureComparee) -> Value {
    let one = &structure.candidat;
    let commune = one.commune.and_then(|code| Referentiel::get().find_commune(code));
    json!({
        "id": one.id.to_string(),
        "source": structure.source,
        "source_id": structure.source_id,
        "nom": one.nom,
        "categorie": one.categorie.code(),
        "adresse": one.adresse,
        "code_insee": one.commune.map(|code| code.to_string()),
        "commune": commune.map(|commune| commune.nom.to_string()),
        "telephone": one.telephone,
        "siret": one.siret,
    })
}

fn print(paires: &[Paire], known: &HashMap<Id, &StructureComparee>) {
    let nom = |id: &Id| known.get(id).map_or("?", |one| one.candidat.nom.as_str()).to_string();
    for paire in paires {
        println!("{} sur 100 – {} | {}", paire.score, nom(&paire.premier), nom(&paire.second));
        for one in &paire.indices {
            println!("    {:>3} {} – {}", one.points, Champ::label(one.champ), one.phrase);
        }
    }
    println!(
        "{} dans {} structures.",
        ui::format::compte(paires.len(), "doublon possible", "doublons possibles"),
        ui::format::nombre(known.len())
    );
}
