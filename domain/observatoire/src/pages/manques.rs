//! What is missing, by need: a sentence, tables, a file; and the way to do something about it.

use accueil::mots::libelle_de_besoin;
use std::collections::BTreeMap;

use annuaire::cartes::zones::Presence;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use comptes::permission::LireChiffres;
use comptes::{Autorise, Droit, Equipier, Menu};
use kit::{Id, Result, Tableur};
use ui::{Frame, show};

use super::Observatoire;
use super::chiffre::say_compte;
use crate::demandes::{douze_mois, list_demandes};
use crate::pistes::manques::{Lacune, NatureLacune, Observation};
use crate::pistes::model::name_communes;
use crate::pistes::regard::look_lacunes;
use crate::rules::mois::Mois;
use crate::storage::piste::list_pistes;

#[derive(Template)]
#[template(path = "observatoire/manques.html")]
struct ManquesPage {
    frame: Frame,
    slug: String,
    phrase: String,
    tableaux: Vec<TableauDesManques>,
    mene: bool,
    is_masque: bool,
}

struct TableauDesManques {
    nature: NatureLacune,
    lignes: Vec<LigneManquante>,
}

/// A need, as its line says it.
struct LigneManquante {
    besoin: &'static str,
    noms: String,
    demandes: String,
    sans_solution: String,
    personnes: String,
    /// Somebody follows it already.
    piste: Option<Id>,
}

/// What is missing today, `equipier` reading.
pub(super) async fn find_lacunes(room: &Observatoire, equipier: &Equipier) -> Result<Vec<Lacune>> {
    let territoire = equipier.territoire.clone();
    let demandes = list_demandes(&room.db, territoire.id, douze_mois(equipier.now.day())).await?;
    let aiguillage = room.aiguillages.get(territoire.id);
    // Every need in every commune: away from the threads that answer.
    let looked = tokio::task::spawn_blocking(move || look_lacunes(&aiguillage, &territoire, &demandes)).await;
    Ok(looked.map_err(anyhow::Error::from)?)
}

pub async fn show_manques(equipier: Autorise<LireChiffres>, State(room): State<Observatoire>) -> Result<Response> {
    let lacunes = find_lacunes(&room, &equipier).await?;
    let is_masque = !equipier.can(Droit::LireDemandes);
    let pistes = list_pistes(&room.db, equipier.territoire.id).await?;
    let open: BTreeMap<&str, Id> = pistes.iter().filter(|one| one.is_open()).map(|one| (one.besoin.as_str(), one.id)).collect();
    let (depuis, _) = douze_mois(equipier.now.day());
    let mut tableaux: Vec<TableauDesManques> = vec![];
    for lacune in &lacunes {
        let ligne = write_ligne(lacune, open.get(lacune.besoin).copied(), is_masque);
        match tableaux.last_mut() {
            Some(last) if last.nature == lacune.nature => last.lignes.push(ligne),
            _ => tableaux.push(TableauDesManques { nature: lacune.nature, lignes: vec![ligne] }),
        }
    }
    show(&ManquesPage {
        frame: equipier.frame("Ce qui manque", Menu::Chiffres),
        slug: equipier.territoire.slug.clone(),
        phrase: summarise(&lacunes, depuis, is_masque),
        tableaux,
        mene: equipier.can(Droit::MenerPistes),
        is_masque,
    })
}

fn write_ligne(lacune: &Lacune, piste: Option<Id>, is_masque: bool) -> LigneManquante {
    LigneManquante {
        besoin: lacune.besoin,
        noms: name_communes(lacune.communes.iter().map(|one| one.commune.nom.to_string()).collect()),
        demandes: say_compte(lacune.demandes(), is_masque),
        sans_solution: say_compte(lacune.sans_solution(), is_masque),
        personnes: ui::format::nombre(lacune.personnes()),
        piste,
    }
}

/// « Depuis décembre 2025, 34 demandes viennent de là où personne ne répond, pour 6 besoins ; 3 besoins ne tiennent… »
fn summarise(lacunes: &[Lacune], depuis: Mois, is_masque: bool) -> String {
    let of = |nature: NatureLacune| lacunes.iter().filter(move |one| one.nature == nature);
    let asked: i64 = of(NatureLacune::Personne).map(Lacune::demandes).sum();
    let since = depuis.nom();
    let unserved = match of(NatureLacune::Personne).count() {
        0 => format!("Depuis {since}, chaque besoin demandé a quelqu’un pour y répondre là où il est demandé"),
        needs => format!(
            "Depuis {since}, {} de là où personne ne répond, pour {}",
            if is_masque { "des demandes viennent".into() } else { ui::format::compte(asked, "demande vient", "demandes viennent") },
            ui::format::compte(needs, "besoin", "besoins")
        ),
    };
    match of(NatureLacune::Seule).count() {
        0 => format!("{unserved}."),
        needs => format!(
            "{unserved}\u{202f}; {}.",
            ui::format::compte(
                needs,
                "besoin ne tient qu’à une seule structure",
                "besoins ne tiennent, par endroits, qu’à une seule structure"
            )
        ),
    }
}

/// The same by need and commune, for a spreadsheet. Outside the team, what a commune asked is not told: with what the page says of
/// the need, small counts could be worked out.
pub async fn show_manques_csv(equipier: Autorise<LireChiffres>, State(room): State<Observatoire>) -> Result<Response> {
    let is_masque = !equipier.can(Droit::LireDemandes);
    let mut tableur =
        Tableur::new(&["nature", "besoin", "libelle", "code_insee", "commune", "structures", "demandes", "sans_solution", "habitants_65"])?;
    for lacune in find_lacunes(&room, &equipier).await? {
        for one in &lacune.communes {
            let count = |count: i64| if is_masque { String::new() } else { count.to_string() };
            tableur.push(&[
                lacune.nature.code(),
                lacune.besoin,
                &libelle_de_besoin(lacune.besoin),
                one.commune.code.as_str(),
                &one.commune.nom,
                &count_structures(one).to_string(),
                &count(one.demandes),
                &count(one.sans_solution),
                &one.personnes.map(|count| count.to_string()).unwrap_or_default(),
            ])?;
        }
    }
    tableur.respond(&format!("manques-{}-{}.csv", equipier.territoire.slug, equipier.now.day()))
}

fn count_structures(observation: &Observation) -> usize {
    match observation.presence {
        Presence::Personne | Presence::ADistance => 0,
        Presence::Structures(count) => count,
    }
}
