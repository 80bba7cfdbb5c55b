//! `maillage indicateurs`: the library, and the figures of a territoire when one is named.

use annuaire::storage::load_aiguillage;
use chrono::Datelike;
use comptes::storage::list_comptes;
use kit::{Db, Result};
use observatoire::indicateurs::calcul::{Absence, Valeur, say};
use observatoire::indicateurs::lecture::{Comptes, Source, read_whole};
use observatoire::indicateurs::objectif::Atteinte;
use observatoire::indicateurs::{IndicateurBody, list_indicateurs};
use observatoire::storage::cible::list_objectifs;
use observatoire::storage::cumul::{Plage, catch_up};
use serde::Serialize;
use territoire::Territoire;

use super::arguments::Indicateurs;
use super::importation::find_territoire;

/// An indicator, and its figure when a territoire was named.
#[derive(Serialize)]
struct Chiffre {
    #[serde(flatten)]
    indicateur: IndicateurBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    chiffre: Option<ChiffreBody>,
}

#[derive(Serialize)]
struct ChiffreBody {
    de: String,
    a: String,
    /// As people read it.
    dit: String,
    ensemble: Option<f64>,
    femmes: Option<f64>,
    hommes: Option<f64>,
    /// Why there is no figure.
    absence: Option<&'static str>,
    /// What the territoire wants it to be.
    objectif: Option<ObjectifBody>,
}

#[derive(Serialize)]
struct ObjectifBody {
    /// As people read it.
    dit: String,
    sens: &'static str,
    valeur: f64,
    echeance: String,
    responsable: Option<String>,
    /// None where there is no figure to compare.
    atteinte: Option<&'static str>,
}

pub async fn show(db: Db, asked: &Indicateurs) -> anyhow::Result<()> {
    let now = super::clock().now();
    let mut chiffres = vec![];
    match &asked.territoire {
        None => chiffres.extend(list_indicateurs().iter().map(|one| Chiffre { indicateur: one.into(), chiffre: None })),
        Some(slug) => {
            schema::migrate(&db, now).await?;
            let territoire = find_territoire(&db, Some(slug)).await?;
            while !catch_up(&db, territoire.id).await? {}
            let plage = Plage::of_year(asked.annee.unwrap_or(now.day().year()), now.day());
            chiffres = read_all(&db, &territoire, (plage, now)).await?;
        }
    }
    if asked.json {
        println!("{}", serde_json::to_string_pretty(&chiffres)?);
        return Ok(());
    }
    for one in chiffres {
        match one.chiffre {
            Some(chiffre) => println!("{} : {}", one.indicateur.libelle, chiffre.dit),
            None => println!("{} : {}\n  {}", one.indicateur.code, one.indicateur.libelle, one.indicateur.definition),
        }
    }
    Ok(())
}

async fn read_all(db: &Db, territoire: &Territoire, (plage, now): (Plage, kit::Instant)) -> Result<Vec<Chiffre>> {
    let aiguillage = load_aiguillage(db, territoire, (1, now.day())).await?;
    let source = Source { db, territoire, aiguillage: &aiguillage, comptes: Comptes::Tenus(&[]), now };
    let (objectifs, comptes) = (list_objectifs(db, territoire.id).await?, list_comptes(db, territoire.id).await?);
    let mut chiffres = vec![];
    for indicateur in list_indicateurs() {
        // What is only told by need has no figure for all.
        let Some(whole) = read_whole(source, indicateur, plage).await? else { continue };
        let value = |valeur: Valeur| valeur.ok();
        let chiffre = ChiffreBody {
            de: plage.de.to_string(),
            a: plage.a.to_string(),
            dit: say(indicateur.unite, whole.ensemble),
            ensemble: value(whole.ensemble),
            femmes: value(whole.femmes),
            hommes: value(whole.hommes),
            absence: whole.ensemble.err().map(Absence::label),
            objectif: objectifs.get(&indicateur.code).map(|objectif| ObjectifBody {
                dit: objectif.say(indicateur.unite),
                sens: objectif.sens.code(),
                valeur: objectif.valeur(),
                echeance: objectif.echeance.to_string(),
                responsable: comptes.iter().find(|one| one.id == objectif.responsable).map(|one| one.nom.clone()),
                atteinte: objectif.judge((indicateur.unite, whole.ensemble), now.day()).map(Atteinte::code),
            }),
        };
        chiffres.push(Chiffre { indicateur: indicateur.into(), chiffre: Some(chiffre) });
    }
    Ok(chiffres)
}
