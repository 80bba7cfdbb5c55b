//! Two records of one structure made one: the kept record stands, the other one fills what it does not say.

use kit::Id;

use super::{Fiche, Identifiant, NatureIdentifiant};
use crate::{Contact, Service};

/// The kept record with what only the other one said: contact, description, identifiers, places, services, contacts.
pub fn merge(gardee: &Fiche, autre: &Fiche) -> Fiche {
    let mut made = gardee.clone();
    let (kept, other) = (&mut made.structure, &autre.structure);
    fill(&mut kept.description, other.description.as_ref());
    fill(&mut kept.siret, other.siret.as_ref());
    let Contact { telephone, courriel, site_web } = &other.contact;
    fill(&mut kept.contact.telephone, telephone.as_ref());
    fill(&mut kept.contact.courriel, courriel.as_ref());
    fill(&mut kept.contact.site_web, site_web.as_ref());
    let second = other.siret.iter().filter(|siret| kept.siret.as_ref() != Some(siret));
    made.identifiants.extend(second.map(|siret| Identifiant { nature: NatureIdentifiant::Siret, valeur: siret.clone() }));
    made.identifiants.extend(autre.identifiants.iter().cloned());
    made.identifiants.sort();
    made.identifiants.dedup();
    made.reseaux.extend(autre.reseaux.iter().cloned());
    made.reseaux.sort();
    made.reseaux.dedup();
    made.lieux.extend(autre.lieux.clone());
    made.services.extend(autre.services.iter().map(|(id, service)| (*id, adopt(service, kept.id))));
    made.interlocuteurs.extend(autre.interlocuteurs.clone());
    made.regimes.extend(autre.regimes.clone());
    made.informations.extend(autre.informations.clone());
    made
}

fn fill(kept: &mut Option<String>, other: Option<&String>) {
    if kept.is_none() {
        *kept = other.cloned();
    }
}

/// A service that passes to another structure: its id stays, and two files may both have called theirs « menage ».
pub fn adopt(service: &Service, structure: Id) -> Service {
    let source_id = format!("{}/{}", service.structure_id, service.source_id);
    Service { structure_id: structure, source_id, ..service.clone() }
}
