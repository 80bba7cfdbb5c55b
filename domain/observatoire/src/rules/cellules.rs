//! Where a dated fact is counted: under its code and under its state, for all, and by each thing that is known of it.

use kit::fait::FaitLu;

/// What is crossed with the rest when it is known.
const BESOIN: &str = "besoin";
pub const COMMUNE: &str = "commune";
pub const TRANCHE_AGE: &str = "tranche_age";

/// The dimension that says what a fact came to, for the codes that have one.
const ETATS: [(&str, &str); 6] = [
    ("issue", "issue"),
    ("appel", "issue"),
    ("prise_en_charge", "etat"),
    ("appel_qualite", "reponse"),
    ("reponse", "delai"),
    ("suite_sans_solution", "suite"),
];

/// One of the counters to which a fact adds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cellule {
    pub mesure: String,
    /// Empty for all.
    pub axe: String,
    pub valeur: String,
}

/// The counters of a fact: under « issue » and « issue:sans_solution », for all, by commune, by age, by each dimension, and by
/// the main one (the need, when there is one) crossed with each other: « besoin/commune », `menage/36173`.
pub fn list_cellules(fait: &FaitLu) -> Vec<Cellule> {
    let etat = ETATS.iter().find(|(code, _)| *code == fait.code).map(|(_, nom)| *nom);
    let known = |nom: &str| fait.dimensions.iter().find(|(one, _)| one == nom).map(|(_, valeur)| valeur.as_str());
    let mut axes: Vec<(&str, &str)> =
        fait.dimensions.iter().filter(|(nom, _)| Some(nom.as_str()) != etat).map(|(nom, valeur)| (nom.as_str(), valeur.as_str())).collect();
    // The need first, whatever the order in which the fact was written.
    axes.sort_by_key(|(nom, _)| *nom != BESOIN);
    axes.extend(fait.code_insee.as_deref().map(|code| (COMMUNE, code)));
    axes.extend(fait.tranche_age.as_deref().map(|tranche| (TRANCHE_AGE, tranche)));
    let mut places = vec![(String::new(), String::new())];
    places.extend(axes.iter().map(|(nom, valeur)| (nom.to_string(), valeur.to_string())));
    if let Some(((main, one), others)) = axes.split_first() {
        places.extend(others.iter().map(|(nom, valeur)| (format!("{main}/{nom}"), format!("{one}/{valeur}"))));
    }
    let mesures = [Some(fait.code.clone()), etat.and_then(known).map(|valeur| format!("{}:{valeur}", fait.code))];
    let of_mesure = |mesure: String| {
        places.iter().map(move |(axe, valeur)| Cellule { mesure: mesure.clone(), axe: axe.clone(), valeur: valeur.clone() })
    };
    mesures.into_iter().flatten().flat_map(of_mesure).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fait(code: &str, dimensions: &[(&str, &str)]) -> FaitLu {
        FaitLu {
            code: code.into(),
            jour: "2026-11-23".into(),
            code_insee: Some("36173".into()),
            sexe: None,
            tranche_age: None,
            quantite: 1,
            dimensions: dimensions.iter().map(|(nom, valeur)| (nom.to_string(), valeur.to_string())).collect(),
        }
    }

    fn say(fait: &FaitLu) -> Vec<String> {
        list_cellules(fait).into_iter().map(|one| format!("{} {} {}", one.mesure, one.axe, one.valeur)).collect()
    }

    #[test]
    fn a_demande_is_counted_for_all_and_by_what_is_known_of_it() {
        let said = say(&fait("demande", &[("canal", "telephone"), ("heure", "10")]));
        let wanted = [
            "demande  ",
            "demande canal telephone",
            "demande heure 10",
            "demande commune 36173",
            "demande canal/heure telephone/10",
            "demande canal/commune telephone/36173",
        ];
        assert_eq!(said, wanted);
    }

    #[test]
    fn an_outcome_is_counted_under_its_state_too_and_crossed_by_its_need() {
        let said = say(&fait("issue", &[("besoin", "menage"), ("issue", "sans_solution"), ("motif", "trop_cher")]));
        assert!(said.contains(&"issue:sans_solution besoin/commune menage/36173".to_string()), "{said:?}");
        assert!(said.contains(&"issue:sans_solution besoin/motif menage/trop_cher".to_string()), "{said:?}");
        assert!(said.contains(&"issue  ".to_string()) && !said.iter().any(|one| one.contains(" issue ")), "{said:?}");
        assert_eq!(said.len(), 12);
    }

    #[test]
    fn the_need_is_the_main_thing_wherever_it_was_written() {
        let said = say(&fait("appel_qualite", &[("reponse", "oui"), ("solution", "trouvee"), ("besoin", "menage")]));
        assert!(said.contains(&"appel_qualite:oui besoin/solution menage/trouvee".to_string()), "{said:?}");
    }
}
