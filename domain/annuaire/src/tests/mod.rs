//! The annuaire: its rules and its imports without database, its tables on both.

mod couverture;
mod doublons;
pub mod fiche;
mod formats;
mod horaires;
mod horaires_ligne;
mod import;
mod storage;
mod structures;

use kit::Id;
use territoire::{Bassin, Couleurs, LigneUnique, Referentiel, Territoire};

/// The communes of the EPCI « Val de Drôme », one bassin of two communes.
pub fn territoire() -> Territoire {
    let national = Referentiel::get();
    let rang = |code: &str| national.resolve_code(code).unwrap().commune.rang;
    let mut bassin = vec![rang("26165"), rang("26166")];
    bassin.sort_unstable();
    Territoire {
        id: Id::from_name("val-de-drome"),
        slug: "val-de-drome".into(),
        nom: "Val de Drôme".into(),
        couleurs: Couleurs { principale: "#1f5c45".into(), accent: "#8a5a00".into() },
        ligne: LigneUnique::default(),
        communes: national.find_epci("242600252").unwrap().communes.clone(),
        bassins: vec![Bassin { code: "livron-loriol".into(), nom: "Livron – Loriol".into(), communes: bassin }],
        logo: None,
        fermeture: None,
    }
}
