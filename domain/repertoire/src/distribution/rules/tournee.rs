//! Delivery rounds: the places of each, in order, and what is still to be left there.

use std::collections::BTreeMap;

use kit::{FieldErrors, Id};
use territoire::Territoire;
use ui::format::compte;

use super::compte::{Bilan, count_prevus, is_compte};
use crate::distribution::{Flux, Point, Suivi};
use crate::rules::zone::find_livret;

/// A place in its round.
#[derive(Clone, Debug)]
pub struct Etape {
    pub point: Point,
    /// Code of the book that is given there.
    pub livret: String,
    pub prevus: Option<i64>,
    pub flux: Flux,
}

impl Etape {
    /// Of a place where one goes no more, only what it got.
    pub fn prevus_comptes(&self) -> i64 {
        count_prevus(self.prevus, &self.point, self.flux)
    }

    /// Copies that are planned and were not yet left; none where one goes no more.
    pub fn reste(&self) -> i64 {
        if self.point.retire_at.is_some() {
            return 0;
        }
        (self.prevus.unwrap_or_default() - self.flux.livres).max(0)
    }
}

/// A round, or the places that have none.
#[derive(Clone, Debug)]
pub struct Tournee {
    /// Empty for places without a round.
    pub nom: String,
    pub etapes: Vec<Etape>,
}

impl Tournee {
    pub fn titre(&self) -> &str {
        if self.nom.is_empty() { "Sans tournée" } else { &self.nom }
    }

    pub fn prevus(&self) -> i64 {
        self.etapes.iter().map(Etape::prevus_comptes).sum()
    }

    pub fn livres(&self) -> i64 {
        self.etapes.iter().map(|one| one.flux.livres).sum()
    }

    pub fn repris(&self) -> i64 {
        self.etapes.iter().map(|one| one.flux.repris).sum()
    }

    /// What is still to be left there.
    pub fn reste(&self) -> i64 {
        self.etapes.iter().map(Etape::reste).sum()
    }

    /// What to load, by code of book.
    pub fn charge(&self) -> BTreeMap<&str, i64> {
        let mut charge = BTreeMap::new();
        for one in self.etapes.iter().filter(|one| one.reste() > 0) {
            *charge.entry(one.livret.as_str()).or_default() += one.reste();
        }
        charge
    }
}

/// What a round leaves at each place when it goes as planned; refused when a book has not that many copies left.
pub fn plan_depot(tournee: &Tournee, bilan: &Bilan) -> Result<Vec<(Id, i64)>, FieldErrors> {
    let mut errors = FieldErrors::default();
    for (code, wanted) in tournee.charge() {
        let Some(livret) = bilan.find(code).filter(|livret| livret.stock() < wanted) else { continue };
        let lacking = compte(wanted - livret.stock().max(0), "exemplaire", "exemplaires");
        errors.add("tournees", format!("{} : il manque {lacking} en stock pour cette tournée, notez lieu par lieu", livret.nom));
    }
    let depots = tournee.etapes.iter().map(|one| (one.point.id, one.reste())).filter(|(_, reste)| *reste > 0);
    if errors.is_empty() { Ok(depots.collect()) } else { Err(errors) }
}

/// All rounds by name, the places without one last.
pub fn list_tournees(suivi: &Suivi, territoire: &Territoire) -> Vec<Tournee> {
    let mut tournees: Vec<Tournee> = vec![];
    for point in suivi.points.iter().filter(|point| is_compte(point, suivi)) {
        let etape = Etape {
            livret: find_livret(territoire, point.commune),
            prevus: suivi.previsions.get(&point.id).copied(),
            flux: suivi.flux.get(&point.id).copied().unwrap_or_default(),
            point: point.clone(),
        };
        match tournees.iter_mut().find(|one| one.nom == point.tournee) {
            Some(tournee) => tournee.etapes.push(etape),
            None => tournees.push(Tournee { nom: point.tournee.clone(), etapes: vec![etape] }),
        }
    }
    tournees.sort_by_cached_key(|one| (one.nom.is_empty(), kit::text::fold(&one.nom), one.nom.clone()));
    for tournee in &mut tournees {
        tournee.etapes.sort_by_cached_key(|one| (one.point.ordre, kit::text::fold(&one.point.nom), one.point.id));
    }
    tournees
}
