//! Points for and against, each with its sentence.

use kit::Id;
use kit::text::fold;
use territoire::Referentiel;

use super::adresse::{self, Accord, Adresse};
use super::nature::{Genre, list_genres};
use super::nom::{agree, is_empty_word, spell};
use super::{Candidat, Champ, Indice};
use crate::rules::horaires::en_francais;

/// A structure made ready to be compared many times.
pub struct Profil<'a> {
    pub candidat: &'a Candidat,
    pub genres: Vec<Genre>,
    /// Words of the name without its kind and small words.
    pub mots: Vec<String>,
    /// The same without the words of its commune.
    pub propres: Vec<String>,
    pub adresse: Adresse,
}

impl<'a> Profil<'a> {
    pub fn read(candidat: &'a Candidat) -> Self {
        let (said, words) = list_genres(&fold(&candidat.nom));
        let genres = if said.is_empty() { Genre::of(candidat.categorie).into_iter().collect() } else { said };
        let mots: Vec<String> = words.iter().filter(|word| !is_empty_word(word)).map(|word| spell(word).to_string()).collect();
        let commune = candidat.commune.and_then(|code| Referentiel::get().find_commune(code)).map(|commune| fold(&commune.nom));
        let of_commune: Vec<&str> = commune.as_deref().unwrap_or_default().split(' ').map(spell).collect();
        let propres = mots.iter().filter(|word| !of_commune.contains(&word.as_str())).cloned().collect();
        let adresse = candidat.adresse.as_deref().map(adresse::read).unwrap_or_default();
        Self { candidat, genres, mots, propres, adresse }
    }

    pub fn id(&self) -> Id {
        self.candidat.id
    }

    fn has_host(&self) -> bool {
        self.genres.iter().any(|genre| genre.is_host())
    }

    fn nature(&self) -> String {
        match self.genres.as_slice() {
            [] => self.candidat.categorie.label().into(),
            genres => genres.iter().map(|genre| genre.label()).collect::<Vec<_>>().join(" et "),
        }
    }
}

/// The sum of the points, between 0 and 100.
pub fn sum(indices: &[Indice]) -> u8 {
    let total: i16 = indices.iter().map(|indice| indice.points).sum();
    u8::try_from(total.clamp(0, 100)).unwrap_or_default()
}

/// Enough to bring any pair below the threshold, whatever else agrees.
const CONTRAIRE: i16 = -60;

/// What each field says of the two.
pub fn compare(one: &Profil, other: &Profil) -> Vec<Indice> {
    let is_same_commune = one.candidat.commune.is_some() && one.candidat.commune == other.candidat.commune;
    let adresse = compare_adresses(one, other, is_same_commune);
    let is_same_place = adresse.as_ref().is_some_and(|indice| indice.points >= 15);
    let indices = [
        Some(compare_noms(one, other, is_same_commune)),
        compare_natures(one, other, is_same_commune),
        adresse,
        compare_telephones(one.candidat, other.candidat),
        compare_identifiants(one.candidat, other.candidat),
        compare_points(one.candidat, other.candidat),
        if is_same_place { compare_horaires(one.candidat, other.candidat) } else { None },
    ];
    indices.into_iter().flatten().collect()
}

fn say(champ: Champ, points: i16, phrase: impl Into<String>) -> Indice {
    Indice { champ, points: points.min(champ.maximum()), phrase: phrase.into() }
}

/// In one commune, its name in theirs says nothing; in two communes, it is what tells them apart.
fn compare_noms(one: &Profil, other: &Profil, is_same_commune: bool) -> Indice {
    let (a, b) = if is_same_commune { (&one.propres, &other.propres) } else { (&one.mots, &other.mots) };
    let noms = format!("« {} » et « {} »", one.candidat.nom, other.candidat.nom);
    let is_same_nature = !one.genres.is_empty() && one.genres == other.genres;
    let all_said = |profil: &Profil| {
        let genres = profil.genres.iter().map(|genre| genre.label().to_string());
        if is_same_nature { profil.propres.clone() } else { genres.chain(profil.propres.iter().cloned()).collect::<Vec<_>>() }
    };
    match (a.is_empty(), b.is_empty()) {
        (true, true) if is_same_commune && is_same_nature => {
            say(Champ::Nom, 30, format!("Les noms disent la même chose : même nature, même commune ({noms})."))
        }
        (true, true) if fold(&one.candidat.nom) == fold(&other.candidat.nom) && is_same_commune => {
            say(Champ::Nom, 30, format!("Les noms sont les mêmes ({noms})."))
        }
        (true, false) | (false, true) if is_same_commune && is_same_nature => {
            say(Champ::Nom, 22, format!("Même nature dans la même commune, et l’un des noms ne dit rien de plus ({noms})."))
        }
        (true, _) | (_, true) => say(Champ::Nom, 0, format!("L’un des noms ne dit rien de particulier ({noms}).")),
        (false, false) => {
            let accord = if is_same_commune { best(agree(a, b), agree(&all_said(one), &all_said(other)), one, other) } else { agree(a, b) };
            say_accord(accord, &noms)
        }
    }
}

/// What a name says of its kind counts when the kinds are not the same and one of them holds others under its roof.
fn best(own: f64, whole: f64, one: &Profil, other: &Profil) -> f64 {
    if one.genres != other.genres && (one.has_host() || other.has_host()) { own.min(whole) } else { own }
}

fn say_accord(accord: f64, noms: &str) -> Indice {
    match accord {
        accord if accord >= 0.99 => say(Champ::Nom, 30, format!("Les noms sont les mêmes, à l’écriture près ({noms}).")),
        accord if accord >= 0.75 => say(Champ::Nom, 24, format!("Les noms se ressemblent beaucoup ({noms}).")),
        accord if accord >= 0.6 => say(Champ::Nom, 16, format!("Les noms se ressemblent ({noms}).")),
        accord if accord >= 0.4 => say(Champ::Nom, 5, format!("Les noms ont un mot en commun ({noms}).")),
        _ => say(Champ::Nom, -15, format!("Les noms n’ont presque rien en commun ({noms}).")),
    }
}

fn compare_natures(one: &Profil, other: &Profil, is_same_commune: bool) -> Option<Indice> {
    let natures = || format!("{} et {}", one.nature(), other.nature());
    let is_shared = one.genres.iter().any(|genre| other.genres.contains(genre));
    let has_host = one.has_host() || other.has_host();
    match (one.genres.is_empty(), other.genres.is_empty()) {
        (true, true) => None,
        (false, false) if one.genres == other.genres && has_host && !is_same_commune => {
            Some(say(Champ::Nature, CONTRAIRE, format!("Même nature ({}), mais de deux communes : ce sont deux structures.", one.nature())))
        }
        (false, false) if one.genres == other.genres => Some(say(Champ::Nature, 5, format!("La nature est la même : {}.", one.nature()))),
        (false, false) if is_shared => Some(say(Champ::Nature, 0, format!("Les natures ne sont qu’en partie les mêmes : {}.", natures()))),
        (false, false) => Some(say(
            Champ::Nature,
            CONTRAIRE,
            format!("Les natures sont différentes : {}. Ce sont deux structures, même sous un seul toit ou un seul SIRET.", natures()),
        )),
        _ if has_host => {
            let phrase = format!("L’une est une administration qui en abrite d’autres, l’autre non : {}.", natures());
            Some(say(Champ::Nature, -30, phrase))
        }
        _ => Some(say(Champ::Nature, 0, format!("La nature d’une seule est connue : {}.", natures()))),
    }
}

fn compare_adresses(one: &Profil, other: &Profil, is_same_commune: bool) -> Option<Indice> {
    if one.candidat.commune.is_none() || other.candidat.commune.is_none() {
        return None;
    }
    if !is_same_commune {
        return Some(say(Champ::Adresse, -5, "Elles ne sont pas dans la même commune."));
    }
    let adresses = format!(
        "« {} » et « {} »",
        one.candidat.adresse.as_deref().unwrap_or_default(),
        other.candidat.adresse.as_deref().unwrap_or_default()
    );
    match one.adresse.agree(&other.adresse) {
        Accord::Meme => Some(say(Champ::Adresse, 20, format!("L’adresse est la même ({adresses})."))),
        Accord::Proche => Some(say(Champ::Adresse, 17, format!("L’adresse est la même, moins précise d’un côté ({adresses})."))),
        Accord::Vague => Some(say(Champ::Adresse, 8, format!("L’adresse est la même, mais vague ({adresses})."))),
        Accord::MemeVoie => Some(say(Champ::Adresse, 2, format!("La rue est la même, pas le numéro ({adresses})."))),
        Accord::Autre => Some(say(Champ::Adresse, -10, format!("Les adresses sont différentes, dans la même commune ({adresses})."))),
        Accord::Inconnu => Some(say(Champ::Adresse, 0, "La commune est la même ; l’adresse manque d’un côté au moins.")),
    }
}

fn compare_telephones(one: &Candidat, other: &Candidat) -> Option<Indice> {
    let (a, b) = one.telephone.as_deref().zip(other.telephone.as_deref())?;
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    Some(if digits(a) == digits(b) {
        say(Champ::Telephone, 20, format!("Le téléphone est le même : {a}."))
    } else {
        say(Champ::Telephone, -5, format!("Les téléphones sont différents : {a} et {b}."))
    })
}

fn compare_identifiants(one: &Candidat, other: &Candidat) -> Option<Indice> {
    let mut points = 0;
    let mut phrases = vec![];
    if let Some((a, b)) = one.siret.as_deref().zip(other.siret.as_deref()) {
        let siren = |siret: &str| siret.get(..9).map(str::to_string);
        let (more, phrase) = match () {
            () if a == b => (15, format!("le SIRET est le même ({a})")),
            () if siren(a).is_some() && siren(a) == siren(b) => (5, format!("deux établissements de la même entreprise ({a} et {b})")),
            () => (-5, format!("les SIRET sont différents ({a} et {b})")),
        };
        points += more;
        phrases.push(phrase);
    }
    if let Some((a, _)) = one.courriel.as_deref().zip(other.courriel.as_deref()).filter(|(a, b)| a.eq_ignore_ascii_case(b)) {
        points += 12;
        phrases.push(format!("l’adresse électronique est la même ({a})"));
    }
    if let Some((a, _)) = one.site_web.as_deref().zip(other.site_web.as_deref()).filter(|(a, b)| site(a) == site(b)) {
        points += 6;
        phrases.push(format!("le site est le même ({a})"));
    }
    let phrase = phrases.join(", ");
    let mut letters = phrase.chars();
    let first = letters.next()?;
    Some(say(Champ::Identifiants, points, format!("{}{}.", first.to_uppercase(), letters.as_str())))
}

/// An address of the web as one compares it: without `https://`, `www.` and the last slash.
pub fn site(text: &str) -> String {
    let bare = text.split_once("://").map_or(text, |(_, rest)| rest).to_lowercase();
    bare.trim_start_matches("www.").trim_end_matches('/').to_string()
}

fn compare_points(one: &Candidat, other: &Candidat) -> Option<Indice> {
    let metres = one.point?.distance_m(&other.point?);
    match metres {
        metres if metres <= 150.0 => Some(say(Champ::Distance, 5, format!("Elles sont à {metres:.0} m l’une de l’autre."))),
        metres if metres <= 3_000.0 => Some(say(Champ::Distance, 0, format!("Elles sont à {metres:.0} m l’une de l’autre."))),
        metres => Some(say(Champ::Distance, -10, format!("Elles sont à {:.0} km l’une de l’autre.", metres / 1_000.0))),
    }
}

/// Asked only of two records of one place: reading hours costs a hundred times the rest.
fn compare_horaires(one: &Candidat, other: &Candidat) -> Option<Indice> {
    let (a, b) = one.horaires.as_deref().zip(other.horaires.as_deref())?;
    let is_same = a == b || en_francais(a) == en_francais(b);
    is_same.then(|| say(Champ::Horaires, 5, "Les horaires sont les mêmes, au même endroit."))
}
