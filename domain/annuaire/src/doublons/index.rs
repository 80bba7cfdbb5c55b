//! Which pairs are worth a look: those that share a telephone, a SIRET, a street number, a kind in a commune, a word of their name…
//! Each record has some ten keys; only records that share one are compared.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::score::{Profil, site};

/// Records by key, sorted: a block is a run of equal keys.
pub struct Index {
    entries: Vec<Entree>,
    /// Keys of each record: those of `rang` are `keys[starts[rang]..starts[rang + 1]]`.
    keys: Vec<u64>,
    starts: Vec<usize>,
    /// Where each of `keys` went in `entries`.
    places: Vec<u32>,
}

struct Entree {
    key: u64,
    rang: u32,
    /// Position in `keys`.
    slot: u32,
}

/// A key that more records than this share tells nothing: only the neighbours in the list, sorted by name, are compared.
const BLOCK: usize = 64;
const NEIGHBOURS: usize = 12;

impl Index {
    pub fn build(profils: &[Profil]) -> Self {
        let (mut keys, mut starts, mut entries) = (vec![], vec![0], vec![]);
        for (rang, profil) in (0_u32..).zip(profils) {
            let own = list_keys(profil);
            let first = u32::try_from(keys.len()).unwrap_or(u32::MAX);
            entries.extend((first..).zip(&own).map(|(slot, key)| Entree { key: *key, rang, slot }));
            keys.extend(own);
            starts.push(keys.len());
        }
        let words = |rang: u32| profils.get(rang as usize).map(|profil| &profil.propres);
        entries.sort_by(|a, b| a.key.cmp(&b.key).then_with(|| words(a.rang).cmp(&words(b.rang))).then_with(|| a.rang.cmp(&b.rang)));
        let mut places = vec![0; keys.len()];
        for (place, entree) in (0_u32..).zip(&entries) {
            if let Some(slot) = places.get_mut(entree.slot as usize) {
                *slot = place;
            }
        }
        Self { entries, keys, starts, places }
    }

    /// The records to compare with this one, each once, among those that come after it.
    pub fn list_after(&self, rang: usize) -> Vec<usize> {
        let mut others = vec![];
        let (from, to) = (self.starts.get(rang).copied().unwrap_or_default(), self.starts.get(rang + 1).copied().unwrap_or_default());
        for (key, place) in self.keys.iter().zip(&self.places).take(to).skip(from) {
            let near = self.list_near(*key, *place as usize).iter().map(|entree| entree.rang as usize);
            others.extend(near.filter(|other| *other > rang));
        }
        others.sort_unstable();
        others.dedup();
        others
    }

    /// The block of a key, or what stands around `place` when the block is too large.
    fn list_near(&self, key: u64, place: usize) -> &[Entree] {
        let from = self.entries.partition_point(|entree| entree.key < key);
        let rest = self.entries.get(from..).unwrap_or_default();
        let len = rest.partition_point(|entree| entree.key == key);
        let window = if len <= BLOCK {
            from..from + len
        } else {
            from.max(place.saturating_sub(NEIGHBOURS))..(from + len).min(place + NEIGHBOURS + 1)
        };
        self.entries.get(window).unwrap_or_default()
    }
}

fn list_keys(profil: &Profil) -> Vec<u64> {
    let candidat = profil.candidat;
    let mut keys = vec![];
    let mut add = |nature: &str, parts: &[&str]| {
        let mut hasher = DefaultHasher::new();
        (nature, parts).hash(&mut hasher);
        keys.push(hasher.finish());
    };
    for (nature, value) in [("tel", &candidat.telephone), ("siret", &candidat.siret), ("courriel", &candidat.courriel)] {
        if let Some(value) = value {
            add(nature, &[&value.to_lowercase().replace(' ', "")]);
        }
    }
    if let Some(address) = &candidat.site_web {
        add("site", &[&site(address)]);
    }
    if profil.mots.len() >= 2 {
        let mut words: Vec<&str> = profil.mots.iter().map(String::as_str).collect();
        words.sort_unstable();
        add("nom", &words);
    }
    if let Some(commune) = candidat.commune {
        let commune = commune.as_str();
        profil.genres.iter().for_each(|genre| add("nature", &[commune, genre.label()]));
        let numero = profil.adresse.numero.as_deref().unwrap_or_default();
        profil.adresse.voie.iter().for_each(|word| add("voie", &[commune, numero, word]));
        profil.propres.iter().for_each(|word| add("mot", &[commune, word]));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}
