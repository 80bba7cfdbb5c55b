//! What is missing, by need: a sentence, tables, a file; and the way to do something about it.

use accueil::mots::libelle_de_besoin;
use std::collections::BTreeMap;
use std::sync::Arc;

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
use super::classeur::{Cellule, Feuille, LICENCE};
use crate::demandes::{douze_mois, list_demandes};
use crate::pistes::manques::{Lacune, NatureLacune, Observation};
use crate::pistes::model::name_communes;
use crate::pistes::regard::look_lacunes;
use crate::rules::mois::{Mois, Plage};
use crate::storage::cumul::{catch_up, find_lot};
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
pub(super) async fn find_lacunes(room: &Observatoire, equipier: &Equipier) -> Result<Arc<Vec<Lacune>>> {
    let (territoire, jour) = (equipier.territoire.clone(), equipier.now.day());
    let (id, aiguillage) = (territoire.id, room.aiguillages.get(territoire.id));
    catch_up(&room.db, id).await?;
    let etat = (find_lot(&room.db, id).await?, aiguillage.revision, jour);
    if let Some(known) = room.tenu.lacunes.find(&id, &etat) {
        return Ok(known);
    }
    let demandes = list_demandes(&room.db, id, douze_mois(jour)).await?;
    // Every need in every commune: away from the threads that answer.
    let looked = tokio::task::spawn_blocking(move || look_lacunes(&aiguillage, &territoire, &demandes)).await;
    Ok(room.tenu.lacunes.keep(id, etat, looked.map_err(anyhow::Error::from)?))
}

pub async fn show_manques(equipier: Autorise<LireChiffres>, State(room): State<Observatoire>) -> Result<Response> {
    let lacunes = find_lacunes(&room, &equipier).await?;
    let is_masque = !equipier.can(Droit::LireDemandes);
    let pistes = list_pistes(&room.db, equipier.territoire.id).await?;
    let open: BTreeMap<&str, Id> = pistes.iter().filter(|one| one.is_open()).map(|one| (one.besoin.as_str(), one.id)).collect();
    let (depuis, _) = douze_mois(equipier.now.day());
    let mut tableaux: Vec<TableauDesManques> = vec![];
    for lacune in lacunes.iter() {
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

const COLONNES: [&str; 9] =
    ["nature", "besoin", "libelle", "code_insee", "commune", "structures", "demandes", "sans_solution", "habitants_65"];

/// The same by need and commune, for a spreadsheet. Outside the team, what a commune asked is not told: with what the page says of
/// the need, small counts could be worked out.
fn list_cellules(lacune: &Lacune, is_masque: bool) -> impl Iterator<Item = [Cellule; 9]> {
    let count = move |count: i64| if is_masque { Cellule::Vide } else { Cellule::count(count) };
    lacune.communes.iter().map(move |one| {
        [
            Cellule::from(lacune.nature.code()),
            Cellule::from(lacune.besoin),
            Cellule::Texte(libelle_de_besoin(lacune.besoin)),
            Cellule::from(one.commune.code.as_str()),
            Cellule::from(&*one.commune.nom),
            Cellule::count(i64::try_from(count_structures(one)).unwrap_or_default()),
            count(one.demandes),
            count(one.sans_solution),
            one.personnes.map_or(Cellule::Vide, |count| Cellule::Nombre(f64::from(count))),
        ]
    })
}

pub async fn show_manques_csv(equipier: Autorise<LireChiffres>, State(room): State<Observatoire>) -> Result<Response> {
    let is_masque = !equipier.can(Droit::LireDemandes);
    let mut tableur = Tableur::new(&COLONNES)?;
    for cellules in find_lacunes(&room, &equipier).await?.iter().flat_map(|lacune| list_cellules(lacune, is_masque)) {
        let words = cellules.map(|cellule| cellule.write());
        tableur.push(&words.each_ref().map(String::as_str))?;
    }
    tableur.respond(&format!("manques-{}-{}.csv", equipier.territoire.slug, equipier.now.day()))
}

pub async fn show_manques_xlsx(equipier: Autorise<LireChiffres>, State(room): State<Observatoire>) -> Result<Response> {
    let (is_masque, today) = (!equipier.can(Droit::LireDemandes), equipier.now.day());
    let lacunes = find_lacunes(&room, &equipier).await?;
    let (from, to) = douze_mois(today);
    let feuille = Feuille {
        nom: "Ce qui manque",
        colonnes: COLONNES.map(str::to_string).to_vec(),
        lignes: lacunes.iter().flat_map(|lacune| list_cellules(lacune, is_masque)).map(Vec::from).collect(),
        definition: vec![
            ("Tableau", "Ce qui manque, par besoin et par commune".into()),
            (
                "Définition",
                "Besoins demandés là où personne ne vient, ou une seule structure ; repas livrés et visites absents, demandés ou non."
                    .into(),
            ),
            ("Territoire", equipier.territoire.nom.clone()),
            ("Période", Plage { de: from, a: to }.nom()),
            ("Source", "ligne (demandes), annuaire d’aujourd’hui (structures), INSEE (habitants, RP 2021)".into()),
            ("Édité le", ui::format::date(today)),
            ("Licence", LICENCE.into()),
        ],
    };
    feuille.respond(&format!("manques-{}-{today}.xlsx", equipier.territoire.slug))
}

fn count_structures(observation: &Observation) -> usize {
    match observation.presence {
        Presence::Personne | Presence::ADistance => 0,
        Presence::Structures(count) => count,
    }
}
