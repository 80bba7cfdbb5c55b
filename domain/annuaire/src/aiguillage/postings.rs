//! (zone, need) → services, laid flat: a zone is a position, its needs stand side by side, and reading hashes nothing.

use territoire::Referentiel;

use super::Entree;
use crate::rules::couverture::Zone;

/// All the postings of a snapshot.
#[derive(Debug, Default)]
pub struct Postings {
    entrees: Vec<Entree>,
    /// Needs of each zone, by rank, with the position of their first entry; one more at the end.
    blocs: Vec<(u8, u32)>,
    /// For each zone, the position of its first need; one more at the end.
    zones: Vec<u32>,
}

/// The needs of one zone, and the first of what follows them: where they end.
#[derive(Clone, Copy, Debug)]
pub struct ZonePostee<'a>(&'a [(u8, u32)]);

/// One service in one zone for one need.
pub type Inscrite = (Zone, u8, Entree);

impl Postings {
    pub fn build(mut inscrites: Vec<Inscrite>) -> Self {
        inscrites.sort_unstable_by_key(|(zone, besoin, entree)| (position(*zone), *besoin, entree.service));
        let mut blocs = vec![];
        let mut zones = vec![];
        for (at, (zone, besoin, _)) in (0_u32..).zip(&inscrites) {
            let is_new_zone = zones.len() <= position(*zone);
            if is_new_zone {
                zones.resize(position(*zone) + 1, rank(blocs.len()));
            }
            if is_new_zone || blocs.last().is_none_or(|(known, _)| known != besoin) {
                blocs.push((*besoin, at));
            }
        }
        zones.push(rank(blocs.len()));
        blocs.push((0, rank(inscrites.len())));
        Self { entrees: inscrites.into_iter().map(|(_, _, entree)| entree).collect(), blocs, zones }
    }

    /// The needs of a zone; none when nothing is posted there.
    pub fn find_zone(&self, zone: Zone) -> ZonePostee<'_> {
        let at = position(zone);
        let ends = self.zones.get(at).zip(self.zones.get(at + 1));
        let blocs = ends.and_then(|(first, last)| self.blocs.get(*first as usize..=*last as usize));
        ZonePostee(blocs.unwrap_or_default())
    }

    /// The services of a zone for a need, by rank.
    pub fn list(&self, zone: ZonePostee, besoin: u8) -> &[Entree] {
        self.find(zone, besoin).unwrap_or_default()
    }

    fn find(&self, ZonePostee(blocs): ZonePostee, besoin: u8) -> Option<&[Entree]> {
        let (_, needs) = blocs.split_last()?;
        let place = needs.binary_search_by_key(&besoin, |(known, _)| *known).ok()?;
        let (from, to) = (blocs.get(place)?.1, blocs.get(place + 1)?.1);
        self.entrees.get(from as usize..to as usize)
    }
}

/// France, then the départements, the EPCI, the communes.
fn position(zone: Zone) -> usize {
    let national = Referentiel::get();
    let (departements, epcis) = (national.departements().len(), national.epcis().len());
    match zone {
        Zone::France => 0,
        Zone::Departement(rang) => 1 + usize::from(rang),
        Zone::Epci(rang) => 1 + departements + usize::from(rang),
        Zone::Commune(rang) => 1 + departements + epcis + usize::from(rang),
    }
}

fn rank(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
