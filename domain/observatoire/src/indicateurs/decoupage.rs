//! What cuts a territoire: one that has no bassin, or is all of one EPCI, is not offered to be read by it.

use std::collections::BTreeSet;

use territoire::Territoire;

use super::{Axe, Indicateur};

/// The axes of an indicator that tell something of this territoire.
pub fn list_axes(indicateur: &Indicateur, territoire: &Territoire) -> Vec<Axe> {
    indicateur.axes().into_iter().filter(|axe| say_absence(*axe, territoire).is_none()).collect()
}

/// Why there is nothing to read by this axis, for who asks for it all the same.
pub fn say_absence(axe: Axe, territoire: &Territoire) -> Option<String> {
    let nom = &territoire.nom;
    match (axe, count_parts(axe, territoire)) {
        (Axe::Bassin, Some(0)) => Some(format!("Le territoire {nom} n’a pas de bassin\u{a0}: il se lit par commune, ou en entier.")),
        (Axe::Epci, Some(0)) => Some(format!("L’EPCI des communes du territoire {nom} n’est pas connu.")),
        (Axe::Epci, Some(1)) => Some(format!("Les communes du territoire {nom} sont d’un seul EPCI\u{a0}: il se lit en entier.")),
        _ => None,
    }
}

/// In how many parts it cuts the territoire; none for what does not cut land.
fn count_parts(axe: Axe, territoire: &Territoire) -> Option<usize> {
    match axe {
        Axe::Bassin => Some(territoire.bassins.len()),
        Axe::Epci => Some(territoire.list_communes().filter_map(|commune| commune.epci).collect::<BTreeSet<_>>().len()),
        Axe::Commune | Axe::Besoin | Axe::Canal | Axe::TrancheAge | Axe::Motif | Axe::Origine | Axe::Heure => None,
    }
}

#[cfg(test)]
mod tests {
    use territoire::{Bassin, Referentiel};

    use super::*;
    use crate::indicateurs::find_indicateur;
    use crate::tests::territoire;

    fn list(territoire: &Territoire) -> Vec<Axe> {
        list_axes(find_indicateur("demandes-pour-1000").unwrap(), territoire)
    }

    #[test]
    fn a_territoire_is_not_cut_by_bassins_it_does_not_have_nor_by_its_only_epci() {
        let mut brenne = territoire();
        assert_eq!(list(&brenne), [Axe::Commune]);
        assert!(say_absence(Axe::Bassin, &brenne).unwrap().contains("Brenne n’a pas de bassin"));
        assert!(say_absence(Axe::Epci, &brenne).unwrap().contains("d’un seul EPCI"));
        brenne.bassins = vec![Bassin { code: "nord".into(), nom: "Nord".into(), communes: brenne.communes.clone() }];
        let elsewhere = Referentiel::get().find_epci("242600252").unwrap().communes.first().copied();
        brenne.communes.extend(elsewhere);
        assert_eq!(list(&brenne), [Axe::Commune, Axe::Bassin, Axe::Epci]);
    }

    #[test]
    fn communes_without_an_epci_are_not_cut_by_it() {
        let mut nowhere = territoire();
        nowhere.communes.clear();
        assert!(say_absence(Axe::Epci, &nowhere).unwrap().contains("n’est pas connu"));
        assert_eq!(say_absence(Axe::Canal, &nowhere), None);
    }
}
