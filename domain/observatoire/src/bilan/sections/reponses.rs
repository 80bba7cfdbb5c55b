//! What was answered, what had no answer, and what people said of it.

use accueil::prise_en_charge::Etat;
use accueil::qualite::Solution;
use accueil::{Issue, Motif};
use territoire::Territoire;

use super::super::annee::say_share;
use super::{ChiffreCle, Compteurs, SectionBilan, TableBilan, chiffre, ranks, say_axe, share, table};
use crate::indicateurs::Axe;
use crate::indicateurs::calcul::Absence;
use crate::pages::chiffre::say_effectif as say;
use crate::publication::Publication;

/// What the line writes of the time between a message and its answer.
const DELAIS: [(&str, &str); 4] = [
    ("reponse:une_heure", "dans l’heure"),
    ("reponse:un_jour", "dans la journée"),
    ("reponse:trois_jours", "dans les trois jours"),
    ("reponse:plus_tard", "plus tard"),
];

pub fn write_reponses(compteurs: &Compteurs) -> SectionBilan {
    let given = compteurs.share(("issue:orientee", "issue"));
    let issues = Issue::ALL.iter().map(|issue| (format!("issue:{}", issue.code()), issue.label().to_string()));
    let states = Etat::ALL.iter().map(|etat| (format!("prise_en_charge:{}", etat.code()), etat.label().to_string()));
    let late = ("prise_en_charge:en_retard".to_string(), "sans réponse au terme du délai".to_string());
    let delais = DELAIS.iter().map(|(mesure, label)| (mesure.to_string(), label.to_string()));
    SectionBilan {
        code: "reponses",
        titre: "Ce qui est répondu",
        phrases: vec![
            format!("Besoins dont l’issue est dite\u{a0}: {}, dont {given} orientés vers une structure.", say(compteurs.told("issue"))),
            format!(
                "Structures sollicitées par un lien\u{a0}: {} ; sans réponse au terme du délai\u{a0}: {}.",
                say(compteurs.told("prise_en_charge:envoyee")),
                compteurs.share(("prise_en_charge:en_retard", "prise_en_charge:envoyee"))
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

/// The states of a code as lines of one table, by women and men. Their sum is nobody's count: one thing passes through several.
fn etats(titre: &str, entete: &str, (compteurs, code): (&Compteurs, &str), list: impl Iterator<Item = (String, String)>) -> TableBilan {
    let list: Vec<(String, String)> = list.collect();
    let lines = compteurs.cross_etats(code);
    let nommer =
        |code: &str| list.iter().find(|(mesure, _)| mesure == code).map_or_else(|| code.replace('_', " "), |(_, label)| label.clone());
    table(titre, entete, (compteurs, &lines), &nommer)
}

pub fn write_sans_solution(territoire: &Territoire, compteurs: &Compteurs) -> SectionBilan {
    const MESURE: &str = "issue:sans_solution";
    let one = |axe: &str| compteurs.cross(MESURE, axe);
    let (motifs, besoins, communes) = (one("motif"), one("besoin"), one("commune"));
    let missing = compteurs.cette.find_valeur(MESURE, ("motif", Motif::AucunService.code())).total;
    let nommer = |axe: Axe| move |code: &str| say_axe(territoire, axe, code);
    let phrase = match compteurs.told(MESURE) {
        Ok(0) => "Tous les besoins dont l’issue est dite ont reçu une réponse.".to_string(),
        count => {
            format!("Besoins sans solution\u{a0}: {} ; faute de service sur la commune\u{a0}: {}.", say(count), say(missing))
        }
    };
    let mut phrases = vec![phrase];
    if missing == Ok(0) {
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
        dessins: ranks("manques", "Les besoins le plus souvent sans solution".into(), (compteurs, &besoins), &nommer(Axe::Besoin))
            .into_iter()
            .collect(),
        tables: vec![
            table("Raisons", "Raison", (compteurs, &motifs), &nommer(Axe::Motif)),
            table("Besoins sans solution", "Besoin", (compteurs, &besoins), &nommer(Axe::Besoin)),
            table("Communes concernées", "Commune", (compteurs, &communes), &nommer(Axe::Commune)),
        ],
        definition: "Un besoin est sans solution quand personne n’a pu y répondre, au jour où cela est dit ; s’il en trouve une ensuite, il est retiré de ce compte.",
        ..SectionBilan::default()
    }
}

pub fn write_qualite(compteurs: &Compteurs) -> SectionBilan {
    const REPONDU: &str = "appel_qualite:repondu";
    let (solutions, notes) = (compteurs.cross(REPONDU, "solution"), compteurs.cross(REPONDU, "satisfaction"));
    let found = |publication: &Publication| {
        let oui = publication.find_valeur(REPONDU, ("solution", Solution::Oui.code()));
        say_share(oui.total, publication.find_whole(REPONDU).total)
    };
    let before = compteurs.avant.as_ref().map_or_else(|| Absence::NonPublie.label().to_string(), found);
    let label = |code: &str| match (code, Solution::from_code(code)) {
        ("", _) => "Ensemble".to_string(),
        (_, Some(solution)) => solution.label().to_string(),
        (note, None) => format!("{note} sur 5"),
    };
    let phrase = match compteurs.told(REPONDU) {
        Ok(0) => "Aucun appel de qualité n’a abouti.".to_string(),
        answered => {
            format!("Personnes rappelées qui ont répondu\u{a0}: {} ; solution trouvée pour {}.", say(answered), found(&compteurs.cette))
        }
    };
    SectionBilan {
        code: "qualite",
        titre: "Ce que les personnes en disent",
        phrases: vec![phrase],
        chiffres: vec![
            chiffre("Appels de qualité aboutis", compteurs, REPONDU),
            ChiffreCle { nom: "Part qui a trouvé une solution", valeur: found(&compteurs.cette), avant: before },
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
