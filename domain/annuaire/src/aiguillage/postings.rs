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

/// The same, its zone by its position.
type Rangee = (usize, u8, Entree);

fn order(inscrites: Vec<Inscrite>) -> Vec<Rangee> {
    let mut rangees: Vec<Rangee> = inscrites.into_iter().map(|(zone, besoin, entree)| (position(zone), besoin, entree)).collect();
    rangees.sort_unstable_by_key(key);
    rangees
}

fn key((zone, besoin, entree): &Rangee) -> (usize, u8, u32) {
    (*zone, *besoin, entree.service)
}

impl Postings {
    pub fn build(inscrites: Vec<Inscrite>) -> Self {
        let mut made = Self { entrees: Vec::with_capacity(inscrites.len()), ..Self::default() };
        order(inscrites).into_iter().for_each(|rangee| made.push(rangee));
        made.close()
    }

    /// The entries that `keep` gives back, in the same order as before, and others.
    pub fn merge(&self, keep: impl Fn(&Entree) -> Option<Entree>, added: Vec<Inscrite>) -> Self {
        let mut made = Self { entrees: Vec::with_capacity(self.entrees.len() + added.len()), ..Self::default() };
        let mut added = order(added).into_iter().peekable();
        for (zone, besoin, entree) in self.iter() {
            let Some(entree) = keep(entree) else { continue };
            let kept = (zone, besoin, entree);
            while let Some(first) = added.next_if(|one| key(one) < key(&kept)) {
                made.push(first);
            }
            made.push(kept);
        }
        added.for_each(|rangee| made.push(rangee));
        made.close()
    }

    /// Lays an entry after all those that come before it.
    fn push(&mut self, (zone, besoin, entree): Rangee) {
        let is_new_zone = self.zones.len() <= zone;
        if is_new_zone {
            self.zones.resize(zone + 1, rank(self.blocs.len()));
        }
        if is_new_zone || self.blocs.last().is_none_or(|(known, _)| *known != besoin) {
            self.blocs.push((besoin, rank(self.entrees.len())));
        }
        self.entrees.push(entree);
    }

    fn close(mut self) -> Self {
        self.zones.push(rank(self.blocs.len()));
        self.blocs.push((0, rank(self.entrees.len())));
        self
    }

    /// Every entry with the position of its zone and its need.
    fn iter(&self) -> impl Iterator<Item = (usize, u8, &Entree)> {
        let zones = self.zones.windows(2).enumerate();
        let blocs = zones.flat_map(|(zone, ends)| {
            let (first, last) = (ends.first().copied().unwrap_or_default(), ends.last().copied().unwrap_or_default());
            let whole = self.blocs.get(first as usize..=last as usize).unwrap_or_default();
            whole.windows(2).map(move |pair| (zone, pair))
        });
        blocs.flat_map(|(zone, pair)| {
            let (besoin, entrees) = match pair {
                [(besoin, from), (_, to)] => (*besoin, self.entrees.get(*from as usize..*to as usize).unwrap_or_default()),
                _ => (0, Default::default()),
            };
            entrees.iter().map(move |entree| (zone, besoin, entree))
        })
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
