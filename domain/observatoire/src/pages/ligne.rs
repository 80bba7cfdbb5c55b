//! The figures of the line for its yearly bilan: by which door, at what hour, how people heard of it, how it ended, how long it took.

use accueil::Issue;
use accueil::prise_en_charge::Etat;
use accueil::prise_en_charge::storage::count_cohorte;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::NaiveDate;
use comptes::permission::LireDemandes;
use comptes::{Autorise, Equipier, Menu};
use futures_util::future::try_join_all;
use kit::{Instant, Result, Tableur};
use territoire::Territoire;
use ui::{Frame, show};

use super::mots::say_valeur;
use super::{Observatoire, PeriodeInput};
use crate::indicateurs::Axe;
use crate::storage::Periode;
use crate::storage::ligne::{Croise, cross, cross_communes};

/// One table: what it counts, and what is said of it.
struct Tableau {
    titre: &'static str,
    entete: &'static str,
    definition: &'static str,
    lignes: Vec<Croise>,
}

#[derive(Template)]
#[template(path = "observatoire/ligne.html")]
struct LignePage {
    frame: Frame,
    slug: String,
    periode: Periode,
    tableaux: Vec<Tableau>,
    phrases: Vec<String>,
}

/// What the line writes of the time between a message and its answer.
const DELAIS: [(&str, &str); 4] =
    [("une_heure", "dans l’heure"), ("un_jour", "dans la journée"), ("trois_jours", "dans les trois jours"), ("plus_tard", "plus tard")];

/// What the line writes of a call that somebody answered.
const DECROCHE: &str = "decroche";

/// Not a dimension of its own: every fact may carry it.
const COMMUNE: &str = "commune";

/// What each table counts: facts of a code, by a dimension.
const TABLEAUX: [(&str, &str, &str, &str, &str); 10] = [
    ("demande", "canal", "Par où elles sont venues", "Canal", "Une demande, au jour de sa réception."),
    ("demande", "heure", "À quelle heure", "Heure", "L’heure de Paris à laquelle la demande est enregistrée."),
    ("demande", "origine", "Comment les gens ont connu la ligne", "Origine", "Quand la question a été posée."),
    ("besoin", "besoin", "Ce qui est demandé", "Besoin", "Une demande de plusieurs besoins compte une fois par besoin."),
    ("demande", COMMUNE, "D’où elles viennent", "Commune", "La commune de la personne à aider."),
    ("issue", "issue", "Comment elles finissent", "Issue", "Un besoin et son issue, au jour où elle est dite."),
    ("issue", "motif", "Pourquoi il n’y a pas de solution", "Raison", "Des besoins restés sans solution."),
    (
        "appel",
        "issue",
        "Les appels",
        "Appel",
        "Un appel arrivé sur la ligne ; la part de ceux qui ont été décrochés est le taux de réponse.",
    ),
    ("reponse", "delai", "En combien de temps on rappelle", "Délai", "Du message laissé à la réponse de l’équipe."),
    ("prise_en_charge", "etat", "Les prises en charge", "État", "Ce que les structures ont répondu ; un refus, un silence aussi."),
];

async fn list_tableaux(room: &Observatoire, territoire: &Territoire, periode: Periode) -> Result<Vec<Tableau>> {
    // Side by side: the base reads several at once.
    let read = TABLEAUX.map(|(code, dimension, ..)| async move {
        match dimension {
            COMMUNE => cross_communes(&room.db, territoire.id, code, periode).await,
            _ => cross(&room.db, territoire.id, (code, dimension), periode).await,
        }
    });
    let mut tableaux = vec![];
    for ((_, dimension, titre, entete, definition), mut lignes) in TABLEAUX.into_iter().zip(try_join_all(read).await?) {
        if dimension == "heure" {
            lignes.sort_by(|one, other| one.valeur.cmp(&other.valeur));
        }
        for one in &mut lignes {
            one.valeur = say(territoire, dimension, &one.valeur);
        }
        tableaux.push(Tableau { titre, entete, definition, lignes });
    }
    Ok(tableaux)
}

/// The words people read for a value of a dimension; the code itself when it is of no list of ours.
fn say(territoire: &Territoire, dimension: &str, code: &str) -> String {
    let known = match dimension {
        "issue" => Issue::from_code(code).map(Issue::label).or((code == DECROCHE).then_some("décrochés")),
        "delai" => DELAIS.iter().find(|(known, _)| *known == code).map(|(_, said)| *said),
        "etat" => Etat::from_code(code).map(Etat::label),
        _ => return Axe::from_code(dimension).map_or_else(|| code.into(), |axe| say_valeur(territoire, axe, code)),
    };
    known.map_or_else(|| code.replace('_', " "), str::to_string)
}

/// « Demandes : 132, dont 80 pour des femmes et 31 pour des hommes ; besoins sans solution : 12 sur 140 (9 %). »
fn summarise(tableaux: &[Tableau]) -> String {
    let sum = |titre: &str, of: fn(&Croise) -> i64| -> i64 {
        tableaux.iter().filter(|one| one.titre == titre).flat_map(|one| &one.lignes).map(of).sum()
    };
    let (canal, issues) = (TABLEAUX[0].2, TABLEAUX[5].2);
    let total = sum(canal, |one| one.total);
    let ended = sum(issues, |one| one.total);
    let unmet: i64 = tableaux
        .iter()
        .filter(|one| one.titre == issues)
        .flat_map(|one| &one.lignes)
        .filter(|one| one.valeur == Issue::SansSolution.label())
        .map(|one| one.total)
        .sum();
    let share = if ended > 0 { format!(" ({})", share(unmet, ended)) } else { String::new() };
    let say = |count: i64| ui::format::nombre(count);
    let (femmes, hommes) = (say(sum(canal, |one| one.femmes)), say(sum(canal, |one| one.hommes)));
    format!(
        "Demandes : {}, dont {femmes} pour des femmes et {hommes} pour des hommes ; besoins sans solution : {} sur {}{share}.",
        say(total),
        say(unmet),
        say(ended)
    )
}

pub async fn show_ligne(
    equipier: Autorise<LireDemandes>,
    State(room): State<Observatoire>,
    Query(input): Query<PeriodeInput>,
) -> Result<Response> {
    let periode = input.parse(equipier.now.day());
    let tableaux = list_tableaux(&room, &equipier.territoire, periode).await?;
    let phrases = list_phrases(&room, &equipier, periode, &tableaux).await?;
    show(&LignePage {
        frame: equipier.frame("Chiffres de la ligne", Menu::Chiffres),
        slug: equipier.territoire.slug.clone(),
        periode,
        phrases,
        tableaux,
    })
}

/// What the tables say together: how many, how many answered, how many structures in time.
async fn list_phrases(room: &Observatoire, equipier: &Equipier, periode: Periode, tableaux: &[Tableau]) -> Result<Vec<String>> {
    let mut phrases = vec![summarise(tableaux)];
    let appels = cross(&room.db, equipier.territoire.id, ("appel", "issue"), periode).await?;
    let all: i64 = appels.iter().map(|one| one.total).sum();
    let answered: i64 = appels.iter().filter(|one| one.valeur == DECROCHE).map(|one| one.total).sum();
    if all > 0 {
        let counted = format!("{} sur {}", ui::format::nombre(answered), ui::format::nombre(all));
        phrases.push(format!("Taux de réponse : {} des appels arrivés ({counted}).", share(answered, all)));
    }
    let midnight = |day: NaiveDate| day.and_hms_opt(0, 0, 0).and_then(Instant::from_paris).unwrap_or(equipier.now);
    let until = midnight(periode.au.succ_opt().unwrap_or(periode.au));
    let cohorte = count_cohorte(&room.db, equipier.territoire.id, (midnight(periode.du), until), equipier.now).await?;
    if cohorte.mures > 0 {
        phrases.push(format!(
            "Structures sollicitées dont le délai est passé : {} ; réponses à temps : {} ({}), dont {} pour aider.",
            ui::format::nombre(cohorte.mures),
            ui::format::nombre(cohorte.a_temps),
            share(cohorte.a_temps, cohorte.mures),
            ui::format::nombre(cohorte.prises)
        ));
    }
    Ok(phrases)
}

/// « 20 % ».
fn share(part: i64, whole: i64) -> String {
    format!("{}\u{a0}%", (part * 100 + whole / 2) / whole.max(1))
}

/// The same as one file, for a spreadsheet.
pub async fn show_ligne_csv(
    equipier: Autorise<LireDemandes>,
    State(room): State<Observatoire>,
    Query(input): Query<PeriodeInput>,
) -> Result<Response> {
    let periode = input.parse(equipier.now.day());
    let mut tableur = Tableur::new(&["tableau", "valeur", "femmes", "hommes", "ensemble"])?;
    for tableau in list_tableaux(&room, &equipier.territoire, periode).await? {
        for one in &tableau.lignes {
            tableur.push(&[tableau.titre, &one.valeur, &one.femmes.to_string(), &one.hommes.to_string(), &one.total.to_string()])?;
        }
    }
    tableur.respond(&format!("ligne-{}-{}-{}.csv", equipier.territoire.slug, periode.du, periode.au))
}
