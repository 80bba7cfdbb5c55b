//! What cannot be: more copies out than were printed, more brought back than a place holds.

use ui::format::{compte, nombre};

use super::compte::Compte;
use crate::distribution::{Flux, Mouvement, NatureMouvement, Point};

/// Why a movement is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefusMouvement {
    #[error("ce point n’est plus desservi : on n’y livre plus, on peut seulement en reprendre")]
    Retire,
    #[error("{} : {}", .0, left(*.1))]
    Stock(String, i64),
    #[error("{}", held(*.0))]
    Detenu(i64),
    #[error("{} : {}, le tirage ne peut pas être plus petit", nombre(.0), compte(*.1, "exemplaire est déjà sorti", "exemplaires sont déjà sortis"))]
    Sortis(i64, i64),
}

fn left(stock: i64) -> String {
    match stock {
        ..=0 => "il ne reste aucun exemplaire en stock".into(),
        _ => format!("il ne reste que {} en stock", compte(stock, "exemplaire", "exemplaires")),
    }
}

fn held(remis: i64) -> String {
    match remis {
        ..=0 => "ce point n’a aucun exemplaire à rendre".into(),
        _ => format!("ce point n’a reçu que {}, retours déduits", compte(remis, "exemplaire", "exemplaires")),
    }
}

/// Whether so many copies can go there, or come back.
pub fn check(point: &Point, (nature, exemplaires): (NatureMouvement, i64), (livret, flux): (&Compte, Flux)) -> Result<(), RefusMouvement> {
    match nature {
        NatureMouvement::Livraison | NatureMouvement::Reassort if point.retire_at.is_some() => Err(RefusMouvement::Retire),
        NatureMouvement::Livraison | NatureMouvement::Reassort => keep_stock(livret, exemplaires),
        NatureMouvement::Retour => keep_remis(flux, exemplaires),
    }
}

/// Whether a movement can be taken back.
pub fn check_annulation(mouvement: &Mouvement, (livret, flux): (&Compte, Flux)) -> Result<(), RefusMouvement> {
    match mouvement.nature {
        NatureMouvement::Livraison | NatureMouvement::Reassort => keep_remis(flux, mouvement.exemplaires),
        NatureMouvement::Retour => keep_stock(livret, mouvement.exemplaires),
    }
}

/// Whether a book can have been printed in so many copies.
pub fn check_tirage(livret: &Compte, exemplaires: i64) -> Result<(), RefusMouvement> {
    if exemplaires < livret.remis() { Err(RefusMouvement::Sortis(exemplaires, livret.remis())) } else { Ok(()) }
}

fn keep_stock(livret: &Compte, exemplaires: i64) -> Result<(), RefusMouvement> {
    if exemplaires > livret.stock() { Err(RefusMouvement::Stock(livret.nom.clone(), livret.stock())) } else { Ok(()) }
}

fn keep_remis(flux: Flux, exemplaires: i64) -> Result<(), RefusMouvement> {
    if exemplaires > flux.remis() { Err(RefusMouvement::Detenu(flux.remis())) } else { Ok(()) }
}
