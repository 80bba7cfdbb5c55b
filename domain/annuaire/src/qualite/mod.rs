//! What a record is worth to somebody who is oriented by it: points by criterion, a sentence for each, and the one thing to mend
//! first. Pure; `secteur` groups records by bassin, `rattrapage` keeps the table of points (`storage::qualite`) up to date.

pub mod rattrapage;
pub mod secteur;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use kit::{Instant, codes};
use territoire::{CodeInsee, Referentiel, Territoire};

use crate::besoin::Taxonomie;
use crate::fiche::Fiche;
use crate::rules::couverture::resolve;
use crate::{Lieu, Service};

codes! {
    /// What a record is looked at for, what matters most to the person who is oriented first.
    pub enum Critere {
        Besoins = "besoins" => "Besoins",
        Couverture = "couverture" => "Communes desservies",
        Contact = "contact" => "Contact",
        Horaires = "horaires" => "Horaires",
        Description = "description" => "Description",
        Fraicheur = "fraicheur" => "Fraîcheur",
    }
}

/// The criteria that the record alone decides of; freshness is the other one.
const CONTENU: usize = 5;
/// A record that loses at least so much on one thing is to be completed before it is confirmed.
const GRAVE: u8 = 10;

/// How long a verification is worth all its points, then some: steps in days, and their points.
pub const PALIERS: [(i64, u8); 2] = [(183, 25), (365, 15)];
/// What an older verification is still worth.
pub const ANCIENNE: u8 = 5;
const DAY: i64 = 86_400;

impl Critere {
    /// The most it gives; all together give 100.
    pub const fn maximum(self) -> u8 {
        match self {
            Self::Besoins | Self::Couverture | Self::Horaires => 15,
            Self::Contact => 20,
            Self::Description => 10,
            Self::Fraicheur => 25,
        }
    }

    /// The words of the link that leads to the form.
    pub const fn action(self) -> &'static str {
        match self {
            Self::Besoins => "Compléter les services",
            Self::Couverture => "Préciser les communes desservies",
            Self::Contact => "Compléter le contact",
            Self::Horaires => "Donner les horaires",
            Self::Description => "Écrire la description",
            Self::Fraicheur => "Relire et confirmer la fiche",
        }
    }
}

/// The points of one criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    pub critere: Critere,
    pub points: u8,
}

impl Note {
    pub const fn perdus(self) -> u8 {
        self.critere.maximum().saturating_sub(self.points)
    }

    /// One sentence: what misses, and what it changes for people.
    pub const fn phrase(self) -> &'static str {
        if self.perdus() == 0 {
            return "Rien à reprendre.";
        }
        match (self.critere, self.points) {
            (Critere::Besoins, 0) => "Aucun service ne dit à quel besoin il répond : la structure n’est proposée à personne.",
            (Critere::Besoins, _) => "Un des services ne dit pas à quel besoin il répond : il n’est proposé à personne.",
            (Critere::Couverture, 0) => "Aucune commune du territoire n’est desservie d’après la fiche : elle n’est proposée à personne.",
            (Critere::Couverture, _) => "Un des services ne dessert aucune commune du territoire : il n’est proposé à personne.",
            (Critere::Contact, 0) => "Ni téléphone ni courriel : personne ne peut joindre la structure.",
            (Critere::Contact, COURRIEL) => "Le téléphone manque : les habitants appellent avant d’écrire.",
            (Critere::Contact, _) => "Ni courriel ni site : on ne peut ni écrire ni se renseigner.",
            (Critere::Horaires, 0) => "Les horaires manquent : on ne sait pas quand appeler.",
            (Critere::Horaires, _) => "Un des lieux n’a pas d’horaires : on ne sait pas quand y venir.",
            (Critere::Description, 0) => "La description manque : dites en une phrase ce que fait la structure, et pour qui.",
            (Critere::Description, _) => "La description est très courte : dites en une phrase ce que fait la structure, et pour qui.",
            (Critere::Fraicheur, 0) => "Personne n’a encore confirmé cette fiche : relisez-la, puis dites que tout est juste.",
            (Critere::Fraicheur, ANCIENNE) => {
                "La fiche n’a pas été confirmée depuis plus d’un an : relisez-la, puis dites que tout est juste."
            }
            (Critere::Fraicheur, _) => {
                "La fiche n’a pas été confirmée depuis plus de six mois : relisez-la, puis dites que tout est juste."
            }
        }
    }
}

/// What a record is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qualite {
    /// One for each criterion, in their order.
    pub notes: Vec<Note>,
}

impl Qualite {
    /// A record, the last time somebody said that it is right, and the day one looks at it.
    pub fn of(fiche: &Fiche, territoire: &Territoire, (verifiee, now): (Option<Instant>, Instant)) -> Self {
        Self::with_fraicheur(note_contenu(fiche, territoire), (verifiee, now))
    }

    /// The content as it was counted, and freshness as it is today.
    pub fn with_fraicheur(contenu: [u8; CONTENU], (verifiee, now): (Option<Instant>, Instant)) -> Self {
        let points = contenu.into_iter().chain([note_fraicheur(verifiee, now)]);
        Self { notes: Critere::ALL.iter().zip(points).map(|(critere, points)| Note { critere: *critere, points }).collect() }
    }

    /// Out of 100.
    pub fn score(&self) -> u8 {
        self.notes.iter().map(|note| note.points).sum()
    }

    /// The one thing to mend first: what misses most, completed before it is confirmed; what matters most when equal.
    pub fn find_premier(&self) -> Option<Note> {
        let weight = |note: &Note| (note.critere != Critere::Fraicheur && note.perdus() >= GRAVE, note.perdus());
        self.notes.iter().filter(|note| note.perdus() > 0).rev().max_by_key(|note| weight(note)).copied()
    }
}

/// The points of the content, in the order of the criteria.
pub fn note_contenu(fiche: &Fiche, territoire: &Territoire) -> [u8; CONTENU] {
    let services = || fiche.services.values();
    [
        share(Critere::Besoins, services().map(is_named)),
        share(Critere::Couverture, services().map(|service| reaches(service, territoire))),
        note_contact(fiche),
        share(Critere::Horaires, fiche.lieux.values().map(has_horaires)),
        note_description(fiche),
    ]
}

/// How many things are missing without which nobody is oriented well: needs, communes, a telephone, hours. A description can wait.
pub fn count_manques(contenu: [u8; CONTENU]) -> usize {
    let notes = Critere::ALL.iter().zip(contenu).map(|(critere, points)| Note { critere: *critere, points });
    notes.filter(|note| note.critere != Critere::Description && note.perdus() >= GRAVE).count()
}

/// All of them, all the points; some, half of them; none, nothing.
fn share(critere: Critere, each: impl Iterator<Item = bool>) -> u8 {
    let all: Vec<bool> = each.collect();
    match (all.contains(&true), all.contains(&false)) {
        (true, false) => critere.maximum(),
        (true, true) => critere.maximum() / 2,
        (false, _) => 0,
    }
}

fn is_named(service: &Service) -> bool {
    service.besoins.iter().any(|code| Taxonomie::get().find(code).is_some())
}

fn has_horaires(lieu: &Lieu) -> bool {
    lieu.horaires.is_some()
}

/// Whether somebody of the territoire can be oriented to it.
fn reaches(service: &Service, territoire: &Territoire) -> bool {
    let national = Referentiel::get();
    let point = service.lieu.point.or_else(|| national.find_commune(service.lieu.commune).and_then(|commune| commune.point));
    resolve(&service.couverture, territoire, point)
        .is_ok_and(|desserte| territoire.communes.iter().filter_map(|rang| national.commune(*rang)).any(|commune| desserte.covers(commune)))
}

const TELEPHONE: u8 = 15;
const COURRIEL: u8 = 5;

fn note_contact(fiche: &Fiche) -> u8 {
    let contact = &fiche.structure.contact;
    let is_called = contact.telephone.is_some() || fiche.services.values().any(|service| service.telephone.is_some());
    let is_written_to = contact.courriel.is_some() || contact.site_web.is_some();
    (if is_called { TELEPHONE } else { 0 }) + (if is_written_to { COURRIEL } else { 0 })
}

/// A few words say less than a sentence.
const PHRASE: usize = 30;

fn note_description(fiche: &Fiche) -> u8 {
    let maximum = Critere::Description.maximum();
    match fiche.structure.description.as_deref().map_or(0, |text| text.trim().chars().count()) {
        0 => 0,
        short if short < PHRASE => maximum / 2,
        _ => maximum,
    }
}

fn note_fraicheur(verifiee: Option<Instant>, now: Instant) -> u8 {
    let Some(at) = verifiee else { return 0 };
    PALIERS.iter().find(|(jours, _)| at >= now.plus_seconds(-jours * DAY)).map_or(ANCIENNE, |(_, points)| *points)
}

/// The moments from which a verification is worth the points of each step.
pub fn list_seuils(now: Instant) -> [Instant; 2] {
    PALIERS.map(|(jours, _)| now.plus_seconds(-jours * DAY))
}

/// Where a criterion is mended, from the page of the record.
pub fn find_correction(critere: Critere, fiche: &Fiche, territoire: &Territoire) -> String {
    let service = |wrong: &dyn Fn(&Service) -> bool, field: &str| {
        let found = fiche.list_services().into_iter().find(|service| wrong(service));
        found.map_or_else(|| "/services/nouveau".to_string(), |service| format!("/services/{}#{field}", service.id))
    };
    match critere {
        Critere::Besoins => service(&|service| !is_named(service), "besoins"),
        Critere::Couverture => service(&|service| !reaches(service, territoire), "couverture"),
        Critere::Contact if fiche.structure.contact.telephone.is_none() => "#telephone".into(),
        Critere::Contact => "#courriel".into(),
        Critere::Horaires => {
            let found = fiche.lieux.iter().find(|(_, lieu)| !has_horaires(lieu));
            found.map_or_else(|| "/lieux/nouveau".to_string(), |(id, _)| format!("/lieux/{id}#jour"))
        }
        Critere::Description => "#description".into(),
        Critere::Fraicheur => "#verifier".into(),
    }
}

/// The commune of the place where most services are rendered.
pub fn find_commune(fiche: &Fiche) -> Option<CodeInsee> {
    let mut counts: BTreeMap<_, usize> = fiche.lieux.keys().map(|id| (*id, 0)).collect();
    for service in fiche.services.values() {
        *counts.entry(service.lieu.id).or_default() += 1;
    }
    let main = counts.into_iter().rev().max_by_key(|(_, count)| *count)?.0;
    fiche.lieux.get(&main).map(|lieu| lieu.commune)
}
