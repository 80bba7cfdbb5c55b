//! An alert in words: what changed and where, then the two figures and what chance alone would do.

use accueil::mots::{libelle_de_besoin, nom_de_commune};
use chrono::NaiveDate;
use territoire::Territoire;

use super::model::{Alerte, NatureAlerte};
use super::rules::say_hasard;
use crate::pistes::model::name_communes;

/// « Garde d’enfants : demandes en hausse, bassin Livron – Loriol ».
pub fn say_titre(alerte: &Alerte, territoire: &Territoire) -> String {
    let besoin = libelle_de_besoin(&alerte.besoin);
    let ou = match alerte.nature {
        NatureAlerte::Perte => ui::format::compte(alerte.etendue.communes.len(), "commune", "communes"),
        NatureAlerte::HausseDemandes | NatureAlerte::HausseSansSolution => lower(&alerte.etendue.label(territoire)),
    };
    format!("{besoin}\u{a0}: {}, {ou}", alerte.nature.label())
}

/// Outside the team, how many is not told: three months that move give back, by subtraction, what a year hides.
pub fn say_pourquoi(alerte: &Alerte, is_masque: bool) -> String {
    let quoi = match alerte.nature {
        NatureAlerte::Perte => {
            let noms = name_communes(alerte.etendue.communes.iter().map(|code| nom_de_commune(code)).collect());
            return format!(
                "Plus aucune structure n’y vient ni n’y reçoit depuis le {}\u{a0}: {noms}.",
                ui::format::date(alerte.comparaison.recent.0)
            );
        }
        NatureAlerte::HausseDemandes => "demandes",
        NatureAlerte::HausseSansSolution => "demandes sans solution",
    };
    let (before, than) = if alerte.comparaison.is_an_dernier() {
        ("un an plus tôt", "qu’un an plus tôt")
    } else {
        ("les trois mois d’avant", "que les trois mois d’avant")
    };
    let mois = say_mois(alerte.comparaison.recent);
    if is_masque {
        return format!("Nettement plus de {quoi} {mois} {than}\u{a0}: bien plus que le hasard n’en ferait.");
    }
    let (avant, apres) = (ui::format::nombre(alerte.avant), ui::format::nombre(alerte.apres));
    format!(
        "{apres} {quoi} {mois}, contre {avant} {before}. Si rien n’avait changé, le hasard ferait un tel écart {}.",
        say_hasard(alerte.hasard)
    )
}

/// « d’août à octobre 2026 ».
fn say_mois((first, last): (NaiveDate, NaiveDate)) -> String {
    let words = |day: NaiveDate| ui::format::date(day).split(' ').skip(2).map(str::to_string).collect::<Vec<_>>();
    let (from, to) = (words(first), words(last));
    let ([debut, an], [fin, an_fin]) = (from.as_slice(), to.as_slice()) else { return String::new() };
    let de = if debut.starts_with(['a', 'o']) { "d’" } else { "de " };
    let an = if an == an_fin { String::new() } else { format!(" {an}") };
    format!("{de}{debut}{an} à {fin} {an_fin}")
}

/// « Bassin Allex » → « bassin Allex »: in the middle of a sentence.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().to_string() + letters.as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alertes::model::Comparaison;
    use crate::pistes::model::{Etendue, Portee};
    use kit::Id;

    fn alerte(nature: NatureAlerte, avant: i64) -> Alerte {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        Alerte {
            id: Id::from_name("alerte"),
            nature,
            besoin: "garde-enfants".into(),
            etendue: Etendue { portee: Portee::Communes, communes: vec!["26165".into(), "26006".into()] },
            comparaison: Comparaison { recent: (day("2026-08-01"), day("2026-10-31")), reference: (day("2025-08-01"), day("2025-10-31")) },
            avant,
            apres: 90,
            hasard: 113,
            trouvee_at: testkit::NOON,
            vue_at: None,
        }
    }

    #[test]
    fn a_rise_says_both_figures_and_what_chance_would_do() {
        assert_eq!(
            say_pourquoi(&alerte(NatureAlerte::HausseDemandes, 60), false),
            "90 demandes d’août à octobre 2026, contre 60 un an plus tôt. Si rien n’avait changé, le hasard ferait un tel écart une fois sur 110."
        );
    }

    #[test]
    fn outside_the_team_a_rise_is_told_without_a_count() {
        let say = |count| say_pourquoi(&alerte(NatureAlerte::HausseSansSolution, count), true);
        assert_eq!(say(1), say(60), "nothing of the counts is in the words");
        assert!(say(1).starts_with("Nettement plus de demandes sans solution d’août à octobre 2026 qu’un an plus tôt"), "{}", say(1));
    }

    #[test]
    fn a_loss_names_its_communes_and_no_chance() {
        let said = say_pourquoi(&alerte(NatureAlerte::Perte, 2), true);
        assert_eq!(said, "Plus aucune structure n’y vient ni n’y reçoit depuis le samedi 1er août 2026\u{a0}: Livron-sur-Drôme, Allex.");
    }

    #[test]
    fn months_of_two_years_each_say_theirs() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(say_mois((day("2026-11-01"), day("2027-01-31"))), "de novembre 2026 à janvier 2027");
        assert_eq!(say_mois((day("2026-10-01"), day("2026-12-31"))), "d’octobre à décembre 2026");
    }
}
