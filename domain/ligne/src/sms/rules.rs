//! What an SMS asks, and what is answered: « REPAS 26400 ». No database, no clock.

use annuaire::besoin::{Besoin, Reconnaissance, Taxonomie};
use territoire::{Commune, Referentiel, Territoire};

/// What was understood.
#[derive(Clone, Debug)]
pub enum Lecture {
    /// Nothing more is wanted.
    Stop,
    Reprise,
    Aide,
    /// One of the communes that were offered: its place in the list, from one.
    Choix(usize),
    Question(Vec<&'static Besoin>, Lieu),
    Inconnu,
}

/// Where, as far as the words say.
#[derive(Clone, Debug)]
pub enum Lieu {
    Connu(&'static Commune),
    /// A postal code of several communes.
    Ambigu(Vec<&'static Commune>),
    Dehors,
    Manquant,
}

const STOP: [&str; 5] = ["stop", "arret", "arreter", "desabonner", "fin"];
const REPRISE: [&str; 3] = ["start", "reprise", "reprendre"];
const AIDE: [&str; 4] = ["aide", "help", "info", "bonjour"];
/// One figure answers.
pub const CHOICES: usize = 9;
/// No need and no commune is said in more words.
const WORDS: usize = 12;

pub fn read(texte: &str, territoire: &Territoire) -> Lecture {
    let folded = kit::text::fold(texte);
    let words: Vec<&str> = folded.split_whitespace().take(WORDS).collect();
    match words.as_slice() {
        [] if texte.trim() == "?" => Lecture::Aide,
        [] => Lecture::Inconnu,
        [only] if STOP.contains(only) => Lecture::Stop,
        [only] if REPRISE.contains(only) => Lecture::Reprise,
        [only] if AIDE.contains(only) => Lecture::Aide,
        [only] if only.len() == 1 && only.parse().is_ok_and(|rang: usize| rang > 0) => Lecture::Choix(only.parse().unwrap_or_default()),
        words => read_question(words, territoire),
    }
}

fn read_question(words: &[&str], territoire: &Territoire) -> Lecture {
    if let Some(place) = words.iter().position(|word| word.len() == 5 && word.bytes().all(|byte| byte.is_ascii_digit())) {
        let (before, after) = (&words[..place], &words[place + 1..]);
        return match recognise(before).or_else(|| recognise(after)) {
            Some(besoins) => Lecture::Question(besoins, read_code(words[place], after, territoire)),
            None => Lecture::Inconnu,
        };
    }
    // « repas le blanc », « le blanc repas »: the longest need first.
    let named = (1..words.len()).rev().find_map(|cut| {
        let (first, last) = words.split_at(cut);
        read_named(first, last, territoire).or_else(|| read_named(last, first, territoire))
    });
    match (named, recognise(words)) {
        (Some((besoins, commune)), _) => Lecture::Question(besoins, Lieu::Connu(commune)),
        (None, Some(besoins)) => Lecture::Question(besoins, Lieu::Manquant),
        (None, None) => Lecture::Inconnu,
    }
}

fn read_named(need: &[&str], place: &[&str], territoire: &Territoire) -> Option<(Vec<&'static Besoin>, &'static Commune)> {
    let here = |rang| territoire.contains(rang);
    let found = Referentiel::get().search_communes(&place.join(" "), Some(&here), 1);
    let commune = found.first().filter(|one| one.raison.is_exact())?.commune;
    Some((recognise(need)?, commune))
}

/// Words that could mean several things are taken for the likeliest: the answer names the need it understood.
fn recognise(words: &[&str]) -> Option<Vec<&'static Besoin>> {
    if words.is_empty() {
        return None;
    }
    match Taxonomie::get().recognise(&words.join(" ")) {
        Reconnaissance::Reconnu(besoins) => Some(besoins),
        Reconnaissance::Ambigu(found) => found.first().map(|one| vec![one.besoin]),
        Reconnaissance::Inconnu => None,
    }
}

/// The communes of a postal code, narrowed by the name that may follow it.
fn read_code(code: &str, after: &[&str], territoire: &Territoire) -> Lieu {
    let all: Vec<&'static Commune> =
        Referentiel::get().list_by_code_postal(code).into_iter().filter(|one| territoire.contains(one.rang)).collect();
    let named: Vec<&'static Commune> = all
        .iter()
        .copied()
        .filter(|commune| {
            let nom = kit::text::fold(&commune.nom);
            !after.is_empty() && after.iter().all(|word| nom.contains(word))
        })
        .collect();
    match (named.as_slice(), all.as_slice()) {
        ([only], _) | ([], [only]) => Lieu::Connu(only),
        (_, []) => Lieu::Dehors,
        ([], _) => Lieu::Ambigu(all),
        _ => Lieu::Ambigu(named),
    }
}

/// « Quelle commune ? 1 Crest 2 Aouste-sur-Sye… »
pub fn ask_which(communes: &[&Commune], mot: &str) -> String {
    let listed: Vec<String> =
        communes.iter().take(CHOICES).enumerate().map(|(rang, commune)| format!("{} {}", rang + 1, commune.nom)).collect();
    let more = if communes.len() > CHOICES { format!(" Une autre ? Écrivez {mot} et son nom.") } else { String::new() };
    format!("Quelle commune ? {}. Répondez par le chiffre.{more}", listed.join(" "))
}

/// One structure as an SMS names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nommee {
    pub structure: String,
    pub telephone: Option<String>,
}

/// Whom to call, or whom to ask when there is nobody.
pub fn answer(besoin: &str, commune: &Commune, nommees: &[Nommee], ligne: Option<&str>) -> String {
    let call = ligne.map(|telephone| format!(" La ligne : {telephone}.")).unwrap_or_default();
    if nommees.is_empty() {
        return format!("{besoin} {} : personne à vous proposer pour l'instant, votre demande est notée.{call}", commune.a());
    }
    let listed: Vec<String> = nommees
        .iter()
        .map(|one| match &one.telephone {
            Some(telephone) => format!("{} {telephone}", one.structure),
            None => one.structure.clone(),
        })
        .collect();
    format!("{besoin} {} : {}. Vous choisissez.{call}", commune.a(), listed.join(", "))
}

/// What to write, for whoever asks or was not understood.
pub fn explain(exemple: &str, ligne: Option<&str>) -> String {
    let call = ligne.map(|telephone| format!(" Ou appelez le {telephone}.")).unwrap_or_default();
    format!("Écrivez ce qu'il vous faut et votre code postal, par exemple {exemple}.{call} STOP pour ne plus rien recevoir.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sms::tests::territoire_of;

    fn read_in(texte: &str) -> Lecture {
        read(texte, &territoire_of(&["26108", "26011", "26035", "26165"]))
    }

    fn said(lecture: &Lecture) -> String {
        match lecture {
            Lecture::Question(besoins, lieu) => {
                let lieu = match lieu {
                    Lieu::Connu(commune) => commune.nom.to_string(),
                    Lieu::Ambigu(several) => format!("{} communes", several.len()),
                    Lieu::Dehors => "dehors".into(),
                    Lieu::Manquant => "où ?".into(),
                };
                format!("{} {lieu}", besoins[0].code)
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_need_and_a_place_are_read_in_the_ways_people_write_them() {
        for (texte, expected) in [
            ("REPAS 26400", "portage-repas 3 communes"),
            ("repas 26400 crest", "portage-repas Crest"),
            ("26400 crest repas", "portage-repas 3 communes"),
            ("Repas Crest", "portage-repas Crest"),
            ("crest repas", "portage-repas Crest"),
            ("portage de repas livron sur drome", "portage-repas Livron-sur-Drôme"),
            ("repas 26250", "portage-repas Livron-sur-Drôme"),
            ("repas 75001", "portage-repas dehors"),
            ("repas", "portage-repas où ?"),
            ("zzz 26400", "Inconnu"),
            ("", "Inconnu"),
            ("stop", "Stop"),
            (" ARRÊT ", "Stop"),
            ("START", "Reprise"),
            ("?", "Aide"),
            ("2", "Choix(2)"),
            ("0", "Inconnu"),
        ] {
            assert_eq!(said(&read_in(texte)), expected, "{texte}");
        }
    }

    #[test]
    fn an_answer_names_whom_to_call_and_fits_two_parts() {
        let Lecture::Question(_, Lieu::Connu(crest)) = read_in("repas crest") else { panic!("a question") };
        let nommees = [
            ("ADMR du Val de Drôme", "04 75 00 00 01"),
            ("CCAS de Crest", "04 75 00 00 02"),
            ("Association Intermédiaire Ressources", "04 75 00 00 03"),
        ]
        .map(|(structure, telephone)| Nommee { structure: structure.into(), telephone: Some(telephone.into()) });
        let texte = messages::rules::gsm::write(&answer("Repas livrés à domicile", crest, &nommees, Some("04 75 25 43 82")));
        assert!(texte.starts_with("Repas livrés à domicile à Crest : ADMR du Val de Drome 04 75 00 00 01, "), "{texte}");
        assert!(messages::rules::gsm::parts(&texte) <= 2, "{texte}");
    }
}
