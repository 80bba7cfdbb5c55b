//! The letter of the week: to those who coordinate, and to the référent·es of the structures that serve the needs it is about.

use std::collections::{BTreeMap, BTreeSet};

use annuaire::besoin::Taxonomie;
use askama::Template;
use comptes::storage::{list_comptes, list_references};
use comptes::{Lettre, Role};
use kit::{Id, Instant, Result};
use sea_orm::ConnectionTrait;
use territoire::Territoire;

use super::model::Alerte;
use super::phrases::{say_pourquoi, say_titre};
use crate::Observatoire;

#[derive(Template)]
#[template(path = "courriels/alertes.txt")]
struct LettreDesAlertes<'a> {
    phrases: Vec<String>,
    /// Where those who coordinate read more; structures have no page of figures.
    page: Option<String>,
    territoire: &'a str,
}

/// One letter for each reader; gives how many.
pub(super) async fn write_letters(
    room: &Observatoire,
    tx: &impl ConnectionTrait,
    (territoire, now): (&Territoire, Instant),
    alertes: &[Alerte],
) -> Result<usize> {
    let Some(origine) = room.comptes.origine().filter(|_| room.comptes.envoie()) else { return Ok(0) };
    let concerned = list_concerned(room, territoire, alertes).await?;
    let mut written = 0;
    for compte in list_comptes(&room.db, territoire.id).await?.iter().filter(|one| one.desactive_at.is_none()) {
        let coordinates = compte.roles.contains(&Role::Coordination);
        let besoins = concerned.get(&compte.id);
        let theirs = |one: &&Alerte| coordinates || besoins.is_some_and(|besoins| besoins.contains(&one.besoin));
        let phrases: Vec<String> = alertes
            .iter()
            .filter(theirs)
            .map(|one| format!("{}. {}", say_titre(one, territoire), say_pourquoi(one, !coordinates)))
            .collect();
        if phrases.is_empty() {
            continue;
        }
        let count = ui::format::compte(phrases.len(), "changement", "changements");
        let page = coordinates.then(|| format!("{origine}/{}/equipe/observatoire/alertes", territoire.slug));
        let lettre = LettreDesAlertes { phrases, page, territoire: &territoire.nom };
        let texte = lettre.render().map_err(anyhow::Error::from)?;
        let objet = format!("Cette semaine, {} : {count}", territoire.nom);
        let lettre = Lettre { cause: "alertes de la semaine", a: &compte.courriel, objet: &objet, texte: &texte };
        room.comptes.post(tx, (territoire.id, now), lettre).await?;
        written += 1;
    }
    Ok(written)
}

/// By account of référent·e, the needs of the alerts that one of their structures serves on the territoire.
async fn list_concerned(room: &Observatoire, territoire: &Territoire, alertes: &[Alerte]) -> Result<BTreeMap<Id, BTreeSet<String>>> {
    let aiguillage = room.aiguillages.get(territoire.id);
    let besoins: BTreeSet<&str> = alertes.iter().map(|one| one.besoin.as_str()).collect();
    let mut served: BTreeMap<Id, BTreeSet<String>> = BTreeMap::new();
    for besoin in besoins.into_iter().filter_map(|code| Taxonomie::get().find(code)) {
        for service in aiguillage.services().filter(|service| service.besoins.contains(&besoin.rang)) {
            if let Some(structure) = aiguillage.structure(service.structure) {
                served.entry(structure.id).or_default().insert(besoin.code.to_string());
            }
        }
    }
    let mut concerned: BTreeMap<Id, BTreeSet<String>> = BTreeMap::new();
    for (compte, structure) in list_references(&room.db, territoire.id).await? {
        if let Some(besoins) = served.get(&structure) {
            concerned.entry(compte).or_default().extend(besoins.iter().cloned());
        }
    }
    Ok(concerned)
}
