//! `maillage doublons`: the pairs of records that may be one structure, each explained.

use std::collections::HashMap;
use std::sync::Arc;

use annuaire::doublons::{Paire, find_paires, group};
use annuaire::storage::doublons::{StructureComparee, list_candidats};
use anyhow::ensure;
use kit::{Db, Id};
use serde_json::{Value, json};
use territoire::{Referentiel, Territoire};

use super::arguments::Doublons;
use super::importation::find_territoire;

/// The pairs of one territoire, and what is known of its structures.
struct Recherche {
    territoire: Arc<Territoire>,
    paires: Vec<Paire>,
    structures: HashMap<Id, StructureComparee>,
}

pub async fn list(db: Db, asked: &Doublons) -> anyhow::Result<()> {
    ensure!((1..=100).contains(&asked.seuil), "le seuil est un nombre de points, de 1 à 100");
    schema::migrate(&db, super::clock().now()).await?;
    let mut recherches = vec![];
    for territoire in list_territoires(&db, asked.territoire.as_deref()).await? {
        let structures = list_candidats(&db, territoire.id).await?;
        let candidats: Vec<_> = structures.iter().map(|one| one.candidat.clone()).collect();
        let paires = find_paires(&candidats, asked.seuil);
        let structures = structures.into_iter().map(|one| (one.candidat.id, one)).collect();
        recherches.push(Recherche { territoire, paires, structures });
    }
    if asked.json {
        println!("{}", serde_json::to_string_pretty(&write_json(asked.seuil, &recherches))?);
    } else {
        recherches.iter().for_each(print);
    }
    Ok(())
}

/// The territoire named, or all of them.
async fn list_territoires(db: &Db, slug: Option<&str>) -> anyhow::Result<Vec<Arc<Territoire>>> {
    let all = territoire::storage::list_territoires(db).await?;
    if slug.is_some() || all.is_empty() {
        return Ok(vec![find_territoire(db, slug).await?]);
    }
    Ok(all.into_iter().map(Arc::new).collect())
}

fn write_json(seuil: u8, recherches: &[Recherche]) -> Value {
    let paires = recherches.iter().flat_map(|recherche| recherche.paires.iter().map(move |paire| write_paire(recherche, paire)));
    let groupes = recherches.iter().flat_map(|recherche| group(&recherche.paires));
    json!({
        "territoires": recherches.iter().map(|one| one.territoire.slug.as_str()).collect::<Vec<_>>(),
        "structures": recherches.iter().map(|one| one.structures.len()).sum::<usize>(),
        "seuil": seuil,
        "paires": paires.collect::<Vec<_>>(),
        "groupes": groupes.map(|ids| ids.iter().map(Id::to_string).collect::<Vec<_>>()).collect::<Vec<_>>(),
    })
}

fn write_paire(recherche: &Recherche, paire: &Paire) -> Value {
    let points = paire
        .indices
        .iter()
        .map(|one| json!({"champ": one.champ.code(), "points": one.points, "maximum": one.champ.maximum(), "phrase": one.phrase}));
    json!({
        "territoire": recherche.territoire.slug,
        "score": paire.score,
        "premier": recherche.structures.get(&paire.premier).map(describe),
        "second": recherche.structures.get(&paire.second).map(describe),
        "points": points.collect::<Vec<_>>(),
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

fn print(recherche: &Recherche) {
    let nom = |id: &Id| recherche.structures.get(id).map_or("?", |one| one.candidat.nom.as_str()).to_string();
    for paire in &recherche.paires {
        println!("{} sur 100 – {} | {}", paire.score, nom(&paire.premier), nom(&paire.second));
        for one in &paire.indices {
            println!("    {:>3} {} – {}", one.points, one.champ.label(), one.phrase);
        }
    }
    println!(
        "{} : {} dans {}.",
        recherche.territoire.nom,
        ui::format::compte(recherche.paires.len(), "doublon possible", "doublons possibles"),
        ui::format::compte(recherche.structures.len(), "structure", "structures")
    );
}
