//! What a suggestion says and what accepting it would change, without database or clock.

use std::collections::BTreeMap;

use kit::{FieldErrors, Id, Instant, text};
use territoire::CodeInsee;

use super::{Inscription, Objet};
use crate::fiche::Fiche;
use crate::rules::commune_dite;
use crate::rules::presentation::{self, read_site_web};
use crate::rules::saisie::Saisie;
use crate::{Categorie, Contact, Lieu, Presentation, Structure};

/// Longest thing said of a record.
const MOTS: usize = 500;

/// An error of a record: what is wrong, and if they know it what would be right.
pub fn read_erreur(saisie: &Saisie) -> Result<(Objet, String), FieldErrors> {
    let mut errors = FieldErrors::default();
    let objet = Objet::from_code(saisie.one("objet"));
    if objet.is_none() {
        errors.add("objet", "choisissez ce qui est faux");
    }
    let valeur = text::some(saisie.one("valeur")).unwrap_or_default();
    if valeur.chars().count() > MOTS {
        errors.add("valeur", format!("c’est trop long : {MOTS} signes au plus"));
    }
    if matches!(objet, Some(Objet::Autre)) && valeur.is_empty() {
        errors.add("valeur", "dites en quelques mots ce qui est faux");
    }
    match objet.filter(|_| errors.is_empty()) {
        Some(objet) => Ok((objet, valeur)),
        None => Err(errors),
    }
}

/// Longest reason of a refusal.
const RAISON: usize = 300;

/// Why a suggestion is refused; none when it is not said, or at too great length.
pub fn read_raison(texte: &str) -> Option<String> {
    text::some(texte).filter(|raison| raison.chars().count() <= RAISON)
}

/// The record once an error is mended; none when only somebody can mend it: a service, hours, or a right value that is not given.
pub fn apply(fiche: &Fiche, objet: Objet, valeur: &str) -> Option<Fiche> {
    let mut made = fiche.clone();
    let contact = &mut made.structure.contact;
    match objet {
        Objet::Telephone => contact.telephone = Some(kit::telephone::read(valeur).ok()?),
        Objet::Courriel => contact.courriel = Some(Some(valeur.to_string()).filter(|one| text::is_courriel(one))?),
        Objet::SiteWeb => contact.site_web = Some(text::some(valeur).and_then(|written| read_site_web(&written))?),
        Objet::Adresse => {
            made.lieux.values_mut().next().filter(|_| fiche.lieux.len() == 1 && !valeur.is_empty())?.adresse = Some(valeur.to_string())
        }
        Objet::Horaires | Objet::Services | Objet::Fermee | Objet::Autre => return None,
    }
    made.settle_lieux();
    (made != *fiche).then_some(made)
}

/// The demand of a structure to be listed.
pub fn read_inscription(saisie: &Saisie) -> Result<Inscription, FieldErrors> {
    let mut errors = FieldErrors::default();
    let nom = text::some(saisie.one("nom")).filter(|nom| nom.chars().count() <= 200);
    if nom.is_none() {
        errors.add("nom", "donnez le nom de la structure, en 200 signes au plus");
    }
    let categorie = Categorie::from_code(saisie.one("categorie"));
    if categorie.is_none() {
        errors.add("categorie", "choisissez la nature de la structure");
    }
    let commune = commune_dite::read(saisie.one("commune"), None);
    if commune.is_none() {
        errors.add("commune", "cette commune n’est pas reconnue : écrivez son nom en entier, ou son code INSEE");
    }
    let description = text::some(saisie.one("description"));
    if description.is_none() {
        errors.add("description", "dites ce que fait la structure, et dans quelles communes");
    }
    let read = presentation::read(
        saisie.one("telephone"),
        saisie.one("courriel"),
        saisie.one("site_internet"),
        description.as_deref().unwrap_or_default(),
    );
    let Presentation { contact, .. } = read.unwrap_or_else(|wrong| {
        wrong.iter().for_each(|one| errors.add(if one.field == "site_web" { "site_internet" } else { one.field }, one.message.clone()));
        Presentation::default()
    });
    match (nom, categorie, commune) {
        (Some(nom), Some(categorie), Some(commune)) if errors.is_empty() => Ok(Inscription {
            nom,
            categorie,
            commune: commune.code.to_string(),
            telephone: contact.telephone,
            courriel: contact.courriel,
            site_web: contact.site_web,
            description: description.unwrap_or_default(),
        }),
        _ => Err(errors),
    }
}

/// The record of a structure that is accepted: its services are still to be written, so that it is proposed to nobody yet.
pub fn make_fiche(inscription: &Inscription, now: Instant) -> Option<Fiche> {
    let id = Id::new(now);
    let lieu = Lieu { id: Id::new(now), adresse: None, commune: CodeInsee::parse(&inscription.commune).ok()?, point: None, horaires: None };
    let structure = Structure {
        id,
        source: "inscription".into(),
        source_id: id.to_string(),
        nom: inscription.nom.clone(),
        categorie: inscription.categorie,
        description: Some(inscription.description.clone()),
        siret: None,
        contact: Contact {
            telephone: inscription.telephone.clone(),
            courriel: inscription.courriel.clone(),
            site_web: inscription.site_web.clone(),
        },
        exemple: false,
    };
    Some(Fiche {
        structure,
        reseaux: vec![],
        identifiants: vec![],
        interlocuteurs: BTreeMap::new(),
        lieux: BTreeMap::from([(lieu.id, lieu)]),
        services: BTreeMap::new(),
        regimes: BTreeMap::new(),
        informations: BTreeMap::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fiche() -> Fiche {
        let inscription = Inscription {
            nom: "Essai".into(),
            categorie: Categorie::Association,
            commune: "26006".into(),
            telephone: Some("04 75 00 00 01".into()),
            courriel: Some("essai@example.org".into()),
            site_web: Some("https://essai.example.org".into()),
            description: "Essai".into(),
        };
        make_fiche(&inscription, Instant(0)).unwrap()
    }

    #[test]
    fn a_right_value_is_applied_and_nothing_is_ever_erased() {
        let fiche = fiche();
        assert_eq!(apply(&fiche, Objet::Telephone, "0475000002").unwrap().structure.contact.telephone.as_deref(), Some("04 75 00 00 02"));
        assert_eq!(
            apply(&fiche, Objet::Adresse, "1 rue du Pont").unwrap().lieux.values().next().unwrap().adresse.as_deref(),
            Some("1 rue du Pont")
        );
        for (objet, valeur) in [
            (Objet::Telephone, ""),
            (Objet::Telephone, "douze"),
            (Objet::Courriel, ""),
            (Objet::Courriel, "personne"),
            (Objet::SiteWeb, ""),
            (Objet::SiteWeb, "javascript:alert(1)"),
            (Objet::Adresse, ""),
            (Objet::Telephone, "04 75 00 00 01"),
            (Objet::Fermee, "oui"),
        ] {
            assert_eq!(apply(&fiche, objet, valeur), None, "{objet:?} {valeur}");
        }
    }

    #[test]
    fn a_refusal_says_why_in_a_few_words() {
        assert_eq!(read_raison("  Nous avons gardé ce numéro "), Some("Nous avons gardé ce numéro".into()));
        assert_eq!((read_raison("  "), read_raison(&"x".repeat(RAISON + 1))), (None, None));
    }

    #[test]
    fn what_is_wrong_is_chosen_and_other_things_are_said_in_words() {
        let read = |fields: &[(&str, &str)]| {
            read_erreur(&Saisie(fields.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()))
        };
        assert_eq!(read(&[("objet", "telephone")]), Ok((Objet::Telephone, String::new())));
        assert!(read(&[("objet", "autre")]).unwrap_err().about("valeur").is_some());
        assert!(read(&[("objet", "zzz")]).unwrap_err().about("objet").is_some());
        assert!(read(&[("objet", "telephone"), ("valeur", &"x".repeat(MOTS + 1))]).unwrap_err().about("valeur").is_some());
    }
}
