//! Whom a service reaches, as codes of the Code officiel géographique.

use std::collections::BTreeSet;

use annuaire::Service;
use annuaire::rules::couverture::{Desserte, Zone, resolve};
use territoire::{Referentiel, Territoire};

use super::lieu::LieuSitue;

/// One zone of eligibility: its code and its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ZoneCodee {
    pub code: String,
    pub nom: String,
    pub nature: &'static str,
}

/// The zones of a service: EPCI and départements stay whole, unless one of their communes is excepted; empty when its
/// coverage no longer resolves.
pub fn list_zones(service: &Service, territoire: &Territoire) -> Vec<ZoneCodee> {
    let point = LieuSitue::of(&service.lieu).point();
    let Ok(desserte) = resolve(&service.couverture, territoire, point) else { return vec![] };
    let mut zones = BTreeSet::new();
    for zone in &desserte.zones {
        add_zone(*zone, &desserte, &mut zones);
    }
    zones.into_iter().filter_map(name_zone).collect()
}

fn add_zone(zone: Zone, desserte: &Desserte, zones: &mut BTreeSet<Zone>) {
    let national = Referentiel::get();
    let is_whole = |communes: &[u16]| !communes.iter().any(|rang| desserte.exclues.binary_search(rang).is_ok());
    let add_kept = |communes: &[u16], zones: &mut BTreeSet<Zone>| {
        let kept = communes.iter().filter(|rang| desserte.exclues.binary_search(rang).is_err());
        zones.extend(kept.map(|rang| Zone::Commune(*rang)));
    };
    match zone {
        Zone::Commune(_) => drop(zones.insert(zone)),
        Zone::Epci(rang) => match national.epci(rang) {
            Some(epci) if !is_whole(&epci.communes) => add_kept(&epci.communes, zones),
            _ => drop(zones.insert(zone)),
        },
        Zone::Departement(rang) => match national.departements().get(usize::from(rang)) {
            Some(departement) if !is_whole(&departement.communes) => add_kept(&departement.communes, zones),
            _ => drop(zones.insert(zone)),
        },
        Zone::France if desserte.exclues.is_empty() => drop(zones.insert(zone)),
        Zone::France => national.departements().iter().for_each(|one| add_zone(Zone::Departement(one.rang), desserte, zones)),
    }
}

fn name_zone(zone: Zone) -> Option<ZoneCodee> {
    let national = Referentiel::get();
    Some(match zone {
        Zone::Commune(rang) => {
            let commune = national.commune(rang)?;
            ZoneCodee { code: commune.code.to_string(), nom: commune.nom.to_string(), nature: "commune" }
        }
        Zone::Epci(rang) => {
            let epci = national.epci(rang)?;
            ZoneCodee { code: epci.code.to_string(), nom: epci.nom.to_string(), nature: "epci" }
        }
        Zone::Departement(rang) => {
            let departement = national.departements().get(usize::from(rang))?;
            ZoneCodee { code: departement.code.to_string(), nom: departement.nom.to_string(), nature: "departement" }
        }
        Zone::France => ZoneCodee { code: "france".into(), nom: "France".into(), nature: "pays" },
    })
}
