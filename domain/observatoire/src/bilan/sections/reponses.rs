//! What was answered, what had no answer, and what people said of it.

use accueil::prise_en_charge::Etat;
use accueil::qualite::Solution;
use accueil::{Issue, Motif};
use territoire::Territoire;

use super::{Case, ChiffreCle, Compteurs, SectionBilan, TableBilan, chiffre, ranks, say_axe, share, table};
use crate::indicateurs::Axe;

/// What the line writes of the time between a message and its answer.
const DELAIS: [(&str, &str); 4] = [
    ("reponse:une_heure", "dans l’heure"),
    ("reponse:un_jour", "dans la journée"),
    ("reponse:trois_jours", "dans les trois jours"),
    ("reponse:plus_tard", "plus tard"),
];

pub fn write_reponses(compteurs: &Compteurs) -> SectionBilan {
    let ended = compteurs.cette.total("issue");
    let given = compteurs.share_told(&compteurs.cette, ("issue:orientee", "issue"));
    let issues = Issue::ALL.iter().map(|issue| (format!("issue:{}", issue.code()), issue.label().to_string()));
    let states = Etat::ALL.iter().map(|etat| (format!("prise_en_charge:{}", etat.code()), etat.label().to_string()));
    let late = ("prise_en_charge:en_retard".to_string(), "sans réponse au terme du délai".to_string());
    let delais = DELAIS.iter().map(|(mesure, label)| (mesure.to_string(), label.to_string()));
    SectionBilan {
        code: "reponses",
        titre: "Ce qui est répondu",
        phrases: vec![
            format!("Besoins dont l’issue est dite\u{a0}: {}, dont {given} orientés vers une structure.", compteurs.say(ended)),
            format!(
                "Structures sollicitées par un lien\u{a0}: {} ; sans réponse au terme du délai\u{a0}: {}.",
                compteurs.say_told(&compteurs.cette, "prise_en_charge:envoyee"),
                compteurs.share_told(&compteurs.cette, ("prise_en_charge:en_retard", "prise_en_charge:envoyee"))
            ),
        ],
        chiffres: vec![
            share("Part des besoins orientés", compteurs, ("issue:orientee", "issue")),
            chiffre("Structures sollicitées", compteurs, "prise_en_charge:envoyee"),
            share("Sans réponse au terme du délai", compteurs, ("prise_en_charge:en_retard", "prise_en_charge:envoyee")),
            chiffre("Personnes prises en charge", compteurs, "prise_en_charge:retenue"),
            chiffre("Messages auxquels l’équipe a répondu", compteurs, "reponse"),
        ],
        tables: vec![
            etats("Issues", "Issue", (compteurs, "issue"), issues),
            etats("Réponses des structures", "Réponse", (compteurs, "prise_en_charge"), states.chain([late])),
            etats("Délai entre un message et la réponse", "Délai", (compteurs, "reponse"), delais),
        ],
        definition: "Une issue est dite par celui qui accueille, besoin par besoin. Le délai d’une structure est en jours ouvrés, réglé par le territoire ; une structure qui n’a pas répondu à temps compte comme telle même si elle répond ensuite.",
        ..SectionBilan::default()
    }
}

/// The states of a code as lines of one table, by women and men, masked together.
fn etats(titre: &str, entete: &str, (compteurs, code): (&Compteurs, &str), list: impl Iterator<Item = (String, String)>) -> TableBilan {
    let list: Vec<(String, String)> = list.collect();
    let mut lines = compteurs.cross_etats(code);
    // Their sum is nobody's count: one thing passes through several states.
    lines.retain(|line| !line.code.is_empty());
    let say =
        |code: &str| list.iter().find(|(mesure, _)| mesure == code).map_or_else(|| code.replace('_', " "), |(_, label)| label.clone());
    table(titre, entete, (compteurs, &lines), &say)
}

pub fn write_sans_solution(territoire: &Territoire, compteurs: &Compteurs) -> SectionBilan {
    const MESURE: &str = "issue:sans_solution";
    let one = |axe: &str| compteurs.cross(MESURE, axe, &|_| None);
    let (motifs, besoins, communes) = (one("motif"), one("besoin"), one("commune"));
    let missing = motifs.iter().find(|line| line.code == Motif::AucunService.code()).map_or(Some(0), |line| line.total);
    let say = |axe: Axe| move |code: &str| say_axe(territoire, axe, code);
    let phrase = match compteurs.cette.total(MESURE) {
        0 => "Tous les besoins dont l’issue est dite ont reçu une réponse.".to_string(),
        _ => format!(
            "Besoins sans solution\u{a0}: {} ; faute de service sur la commune\u{a0}: {}.",
            compteurs.say_told(&compteurs.cette, MESURE),
            Case::from(missing).say()
        ),
    };
    let mut phrases = vec![phrase];
    if missing == Some(0) {
        phrases.push("Aucune demande de service inexistant sur le territoire n’a été faite.".into());
    }
    SectionBilan {
        code: "sans-solution",
        titre: "Ce qui reste sans solution",
        phrases,
        chiffres: vec![
            chiffre("Besoins sans solution", compteurs, MESURE),
            share("Part des besoins dont l’issue est dite", compteurs, (MESURE, "issue")),
            chiffre("Besoins transférés au plan d’action", compteurs, "suite_sans_solution:transferee"),
        ],
        dessins: ranks("manques", "Les besoins le plus souvent sans solution".into(), (compteurs, &besoins), &say(Axe::Besoin))
            .into_iter()
            .collect(),
        tables: vec![
            table("Raisons", "Raison", (compteurs, &motifs), &say(Axe::Motif)),
            table("Besoins sans solution", "Besoin", (compteurs, &besoins), &say(Axe::Besoin)),
            table("Communes concernées", "Commune", (compteurs, &communes), &say(Axe::Commune)),
        ],
        definition: "Un besoin est sans solution quand personne n’a pu y répondre, au jour où cela est dit ; s’il en trouve une ensuite, il est retiré de ce compte.",
        ..SectionBilan::default()
    }
}

pub fn write_qualite(compteurs: &Compteurs) -> SectionBilan {
    const REPONDU: &str = "appel_qualite:repondu";
    let solutions = compteurs.cross(REPONDU, "solution", &|_| None);
    let notes = compteurs.cross("appel_qualite", "satisfaction", &|_| None);
    let found = |annee: &super::super::Annee| {
        annee.list(REPONDU, "solution").iter().find(|somme| somme.valeur == Solution::Oui.code()).map_or(0, |somme| somme.total)
    };
    let say = |annee: &super::super::Annee| compteurs.share(found(annee), annee.total(REPONDU));
    let label = |code: &str| match (code, Solution::from_code(code)) {
        ("", _) => "Ensemble".to_string(),
        (_, Some(solution)) => solution.label().to_string(),
        (note, None) => format!("{note} sur 5"),
    };
    let phrase = match compteurs.cette.total(REPONDU) {
        0 => "Aucun appel de qualité n’a abouti.".to_string(),
        _ => {
            let answered = compteurs.say_told(&compteurs.cette, REPONDU);
            format!("Personnes rappelées qui ont répondu\u{a0}: {answered} ; solution trouvée pour {}.", say(&compteurs.cette))
        }
    };
    SectionBilan {
        code: "qualite",
        titre: "Ce que les personnes en disent",
        phrases: vec![phrase],
        chiffres: vec![
            chiffre("Appels de qualité aboutis", compteurs, REPONDU),
            ChiffreCle { nom: "Part qui a trouvé une solution", valeur: say(&compteurs.cette), avant: say(&compteurs.avant) },
        ],
        tables: [("Une solution a-t-elle été trouvée ?", "Réponse", solutions), ("Satisfaction", "Note", notes)]
            .into_iter()
            .filter(|(_, _, lines)| lines.len() > 1)
            .map(|(titre, entete, lines)| table(titre, entete, (compteurs, &lines), &label))
            .collect(),
        definition: "Quelques jours après la demande, une personne sur plusieurs est rappelée : a-t-elle trouvé une solution, et quelle note donne-t-elle ?",
        ..SectionBilan::default()
    }
}
