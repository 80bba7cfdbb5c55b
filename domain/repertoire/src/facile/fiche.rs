//! The sheet laid out: two pages, whatever comes. It says who read it, or that nobody has yet, and never bears the European sign.

use annuaire::besoin::{Besoin, Taxonomie};
use chrono::NaiveDate;
use edition::{Document, Imprime, Lecture, imprimer};
use kit::Result;
use serde_json::{Value, json};
use territoire::Territoire;
use ui::format::typographie;

use super::mots::{RELUE_PAR, find_mots, tell_mots};
use super::{Mots, MotsTenus, Reponse};
use crate::papier::{dire_ligne, find_dessin};
use crate::rules::livre::Zone;
use crate::rules::texte::{abreger, begin};

const MODELE: &str = include_str!("../../modeles/facile.typ");

/// Signs that there is room for.
const HORAIRES: usize = 140;
const LIEU: usize = 120;

/// All that a sheet is made of.
#[derive(Clone, Copy, Debug)]
pub struct Fiche<'a> {
    pub besoin: &'a Besoin,
    pub territoire: &'a Territoire,
    pub zone: &'a Zone,
    pub reponses: &'a [Reponse],
    /// The words of the territoire, when it keeps some for this need.
    pub tenus: Option<&'a MotsTenus>,
    pub le: NaiveDate,
}

/// The need of this code that has a sheet; none for a family.
pub fn find_besoin(code: &str) -> Option<(&'static Besoin, &'static Mots)> {
    Some((Taxonomie::get().find(code)?, find_mots(code)?))
}

/// The sheet as a PDF of two pages; none when the need has no words of its own.
pub async fn write_fiche(fiche: Fiche<'_>) -> Result<Option<Imprime>> {
    let Some(mots) = find_mots(&fiche.besoin.code).map(|propose| tell_mots(propose, fiche.tenus)) else { return Ok(None) };
    let famille = fiche.besoin.famille.and_then(|rang| Taxonomie::get().besoin(rang));
    let picto = famille.and_then(|famille| find_dessin(&famille.code));
    let donnees = write(fiche, &mots, picto.is_some());
    let dessins = picto.into_iter().map(|picto| picto.to_string().into()).collect();
    imprimer(Document { modele: MODELE, donnees, dessins }, Lecture::Ecran).await.map(Some)
}

fn write(fiche: Fiche<'_>, mots: &Mots, has_picto: bool) -> Value {
    let Fiche { besoin, territoire, zone, reponses, .. } = fiche;
    let ligne = dire_ligne(territoire);
    let lieu = zone.suite().map_or_else(|| territoire.nom.clone(), |part| format!("{}, {part}", territoire.nom));
    let sans_telephone = if ligne.is_some() { "Appelez le numéro en bas de la page." } else { "Pas de téléphone connu." };
    let write_reponse = |one: &Reponse| {
        let telephone = one.telephone.as_ref().map(|telephone| telephone.replace(' ', "\u{a0}"));
        json!({ "nom": typographie(&one.nom), "telephone": telephone, "note": one.note, "sans_telephone": sans_telephone })
    };
    let personne: &[&str] = match (reponses.is_empty(), &ligne) {
        (false, _) => &[],
        (true, Some(_)) => &["Personne n’est noté ici pour le moment."],
        (true, None) => &["Personne n’est noté ici pour le moment.", "Demandez à votre mairie."],
    };
    // Said to who does not telephone of somebody close.
    let [appelez, pour_connaitre, proche] = if mots.proche {
        ["Un proche peut appeler ce numéro :", "Un proche peut appeler ce numéro pour les connaître :", "Un proche peut parler pour vous."]
    } else {
        ["Appelez ce numéro :", "Appelez ce numéro pour les connaître :", "Vous pouvez appeler avec un proche."]
    };
    let (autres, aide): (&[&str], &[&str]) = match &ligne {
        Some(_) if reponses.is_empty() => (&[], &[appelez]),
        Some(_) => (&[pour_connaitre], &["Vous ne savez pas qui choisir ?", appelez]),
        None => (&["Demandez à votre mairie."], &[]),
    };
    json!({
        "titre": typographie(&besoin.libelle),
        "territoire": territoire.nom,
        "lieu": typographie(&abreger(&lieu, LIEU)),
        "picto": has_picto,
        "quoi": compose(&mots.quoi),
        "pour": compose(&mots.pour),
        "urgence": compose(&mots.urgence),
        "etapes": list_etapes(mots, ligne.as_ref(), reponses.iter().any(|one| one.telephone.is_some())),
        "structures": reponses.iter().map(write_reponse).collect::<Vec<_>>(),
        "personne": compose(personne),
        "autres": compose(autres),
        "aide": compose(aide),
        "ligne": ligne.as_ref().map(|(telephone, _)| telephone),
        "proche": proche,
        "relecture": write_relecture(fiche.tenus, fiche.le),
    })
}

fn compose<S: AsRef<str>>(phrases: &[S]) -> Vec<String> {
    phrases.iter().map(|phrase| typographie(phrase.as_ref())).collect()
}

/// What to do, in order: a sentence each, the number to call where it is to be called.
fn list_etapes(mots: &Mots, ligne: Option<&(String, String)>, is_reachable: bool) -> Vec<Value> {
    let (appelez, dites) = if mots.proche {
        ("Demandez à un proche d’appeler ce numéro :", "Votre proche dit")
    } else {
        ("Appelez ce numéro :", "Dites")
    };
    let step = |phrase: &str| json!({ "phrases": [typographie(phrase)], "telephone": null, "suite": [] });
    let mut etapes = match ligne {
        Some((telephone, horaires)) => {
            let suite = list_horaires(horaires);
            vec![json!({ "phrases": [typographie(appelez)], "telephone": telephone, "suite": suite })]
        }
        None if is_reachable && mots.proche => vec![step("Regardez la page 2."), step("Demandez à un proche d’appeler un numéro.")],
        None if is_reachable => vec![step("Regardez la page 2."), step("Choisissez un numéro et appelez.")],
        None if mots.proche => vec![step("Demandez à un proche d’appeler votre mairie.")],
        None => vec![step("Appelez votre mairie.")],
    };
    etapes.push(step(&format!("{dites} : « {} »", mots.dire)));
    etapes.push(step(if mots.proche { "Votre proche dit le nom de votre commune." } else { "Dites le nom de votre commune." }));
    etapes.push(step(if ligne.is_some() { "La personne vous dit qui peut vous aider." } else { "La personne vous explique la suite." }));
    if !mots.gratuit {
        etapes.push(step("Demandez combien ça coûte."));
    }
    etapes
}

/// Days and hours, a line each: « Du lundi au vendredi : 9 h à 12 h et 13 h 30 à 17 h ». The signs between stay: a number keeps its « h ».
fn list_horaires(horaires: &str) -> Vec<String> {
    let mut place = HORAIRES;
    let fits = |line: &&str| {
        place = place.saturating_sub(line.chars().count());
        place > 0
    };
    let lines = horaires.split(';').map(str::trim).filter(|line| !line.is_empty()).take_while(fits);
    lines.map(|line| begin(&line.replace('–', " à "))).collect()
}

/// Who read it is said by who knows; nothing is claimed otherwise.
fn write_relecture(tenus: Option<&MotsTenus>, le: NaiveDate) -> Vec<String> {
    let date = format!("Fiche du {}.", ui::format::date(le));
    let said = match tenus.and_then(|one| one.relecture.as_ref()) {
        Some(relecture) => format!("Relu par : {}", abreger(&relecture.par, RELUE_PAR)),
        None => "Pas encore relu par des personnes concernées.".to_string(),
    };
    compose(&[date, "Écrit pour être facile à lire.".to_string(), said])
}
