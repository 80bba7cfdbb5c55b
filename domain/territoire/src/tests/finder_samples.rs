//! The finder measured on samples of the real list, always the same ones.

use std::time::{Duration, Instant};

use deunicode::deunicode;

use super::search;
use crate::{Commune, Referentiel};

/// A small generator (SplitMix64): the samples must be the same on every machine.
struct Hasard(u64);

impl Hasard {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end as u64) as usize
    }
}

fn sample(hasard: &mut Hasard, is_kept: impl Fn(&Commune) -> bool) -> Vec<&'static Commune> {
    let communes = Referentiel::get().communes();
    let mut kept = Vec::new();
    while kept.len() < 2_000 {
        let commune = &communes[hasard.below(communes.len())];
        if is_kept(commune) {
            kept.push(commune);
        }
    }
    kept
}

/// As typed in a hurry: no accents, no capitals, no hyphens.
fn plain(nom: &str) -> String {
    deunicode(nom).to_lowercase().replace(['-', '\''], " ")
}

fn typo(hasard: &mut Hasard, nom: &str) -> String {
    let mut lettres: Vec<char> = nom.chars().collect();
    let place = hasard.below(lettres.len() - 1);
    let lettre = char::from(b'a' + hasard.below(26) as u8);
    match hasard.below(4) {
        0 => lettres[place] = lettre,
        1 => drop(lettres.remove(place)),
        2 => lettres.swap(place, place + 1),
        _ => lettres.insert(place, lettre),
    }
    lettres.into_iter().collect()
}

#[test]
fn a_name_typed_in_a_hurry_gives_its_commune_first() {
    for commune in sample(&mut Hasard(1), |_| true) {
        let typed = plain(&commune.nom);
        for texte in [typed.replace("saint ", "st "), typed.to_uppercase(), typed.clone()] {
            let found = search(&texte)[0].commune;
            assert_eq!(plain(&found.nom), typed, "{texte}");
        }
    }
}

#[test]
fn the_displayed_name_of_a_commune_finds_it() {
    let mut misses = Vec::new();
    for commune in sample(&mut Hasard(2), |_| true) {
        let texte = commune.nom_complet();
        if search(&texte).first().map(|found| found.commune.code) != Some(commune.code) {
            misses.push(texte);
        }
    }
    println!("displayed names: {} misses of 2000: {misses:?}", misses.len());
    assert!(misses.is_empty());
}

#[test]
fn one_typing_error_still_finds_the_commune_among_the_first_five() {
    let hasard = &mut Hasard(3);
    let (mut strict, mut lenient, mut misses) = (0, 0, Vec::new());
    for commune in sample(hasard, |commune| commune.nom.chars().count() >= 6) {
        let nom = plain(&commune.nom);
        let texte = typo(hasard, &nom);
        let found = search(&texte);
        let mut five = found.iter().take(5).map(|found| found.commune);
        let is_strict = five.clone().any(|found| found.code == commune.code);
        let is_lenient = five.any(|found| plain(&found.nom) == nom);
        strict += usize::from(is_strict);
        lenient += usize::from(is_lenient);
        if !is_lenient {
            misses.push((nom, texte));
        }
    }
    println!("typing errors, first five of 2000: {strict} the commune, {lenient} it or a homonym");
    println!("missed: {misses:?}");
    assert!(strict >= 1_900 && lenient >= 1_900);
}

/// Median, 95th hundredth, worst.
fn measure(textes: &[String]) -> [Duration; 3] {
    let time = |texte: &String| {
        let start = Instant::now();
        std::hint::black_box(search(texte));
        start.elapsed()
    };
    let mut durations: Vec<_> = textes.iter().map(time).collect();
    durations.sort_unstable();
    let last = durations.len() - 1;
    [last / 2, last * 95 / 100, last].map(|place| durations[place])
}

/// Figures: `cargo test -p territoire --release searches_are_quick -- --nocapture`.
#[test]
fn searches_are_quick() {
    let hasard = &mut Hasard(4);
    let noms: Vec<String> = sample(hasard, |_| true).iter().map(|c| plain(&c.nom)).collect();
    let debut = |nom: &String| nom.chars().take(5).collect();
    let series: [(&str, Vec<String>); 6] = [
        ("exact", noms.clone()),
        ("prefix", noms.iter().map(debut).collect()),
        ("two letters", noms.iter().map(|nom| nom.chars().take(2).collect()).collect()),
        ("typo", noms.iter().filter(|n| n.len() > 5).map(|n| typo(hasard, n)).collect()),
        (
            "two typos",
            noms.iter()
                .filter(|n| n.len() > 8)
                .map(|n| {
                    let once = typo(hasard, n);
                    typo(hasard, &once)
                })
                .collect(),
        ),
        ("garbage", noms.iter().map(|nom| nom.chars().rev().collect()).collect()),
    ];
    for (name, textes) in series {
        let [median, p95, worst] = measure(&textes);
        println!("{name}: median {median:?}, 95 % under {p95:?}, worst {worst:?}");
        assert!(median.as_millis() < 50, "{name}: {median:?}");
    }
}
