//! What a suggestion says and what accepting it would change, without database or clock.

use std::collections::BTreeMap;

use kit::{FieldErrors, Id, Instant, text};
use territoire::{CodeInsee, Referentiel};

use super::{Inscription, Objet};
use crate::fiche::Fiche;
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

/// The record once an error is mended; none when only somebody can mend it (a service, a place, words).
pub fn apply(fiche: &Fiche, objet: Objet, valeur: &str) -> Option<Fiche> {
    let mut made = fiche.clone();
    let contact = &mut made.structure.contact;
    match objet {
        Objet::Telephone => contact.telephone = Some(kit::telephone::read(valeur).ok()?),
        Objet::Courriel => contact.courriel = Some(valeur.to_string()).filter(|one| text::is_courriel(one)),
        Objet::SiteWeb => contact.site_web = read_site_web(valeur),
        Objet::Adresse => {
            made.lieux.values_mut().next().filter(|_| fiche.lieux.len() == 1 && !valeur.is_empty())?.adresse = Some(valeur.to_string())
        }
        Objet::Horaires | Objet::Services | Objet::Fermee | Objet::Autre => return None,
    }
    made.settle_lieux();
    let has_contact = |one: &Contact| one.telephone.is_some() || one.courriel.is_some() || one.site_web.is_some();
    (has_contact(&made.structure.contact) && made != *fiche).then_some(made)
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
    let commune = find_commune(saisie.one("commune"));
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
            commune: commune.to_string(),
            telephone: contact.telephone,
            courriel: contact.courriel,
            site_web: contact.site_web,
            description: description.unwrap_or_default(),
        }),
        _ => Err(errors),
    }
}

fn find_commune(typed: &str) -> Option<CodeInsee> {
    let national = Referentiel::get();
    let code = national.resolve_code(typed.trim()).ok().map(|found| found.commune.code);
    code.or_else(|| {
        national.search_communes(typed, None, 1).first().filter(|found| found.raison.is_exact()).map(|found| found.commune.code)
    })
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
