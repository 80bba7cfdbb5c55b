//! A coverage in words.

use territoire::{CodeInsee, Referentiel, Territoire};

use super::couverture::{Couverture, Part};

/// « la CC Brenne – Val de Creuse, sauf Rosnay ».
pub fn describe_couverture(couverture: &Couverture, territoire: &Territoire) -> String {
    let list = |parts: &[Part]| parts.iter().map(|part| describe_part(part, territoire)).collect::<Vec<_>>().join(", ");
    match couverture.exclues.as_slice() {
        [] => list(&couverture.incluses),
        exclues => format!("{}, sauf {}", list(&couverture.incluses), list(exclues)),
    }
}

fn describe_part(part: &Part, territoire: &Territoire) -> String {
    let national = Referentiel::get();
    let commune =
        |code: &CodeInsee| national.resolve_code(code.as_str()).map_or_else(|_| code.to_string(), |found| found.commune.nom.to_string());
    match part {
        Part::France => "toute la France".into(),
        Part::Departement(code) => {
            national.find_departement(code).map_or_else(|| code.clone(), |one| format!("le département {} ({code})", one.nom))
        }
        Part::Epci(code) => national.find_epci(code).map_or_else(|| code.clone(), |one| one.nom.to_string()),
        Part::Bassin(code) => {
            territoire.bassins.iter().find(|one| one.code == *code).map_or_else(|| code.clone(), |one| format!("le bassin {}", one.nom))
        }
        Part::Commune(code) => commune(code),
        Part::Rayon(km, None) => format!("{km} km autour du lieu"),
        Part::Rayon(km, Some(code)) => format!("{km} km autour de {}", commune(code)),
    }
}
