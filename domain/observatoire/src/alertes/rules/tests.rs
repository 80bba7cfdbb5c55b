//! The test against the law itself, against hand-made figures, and against years in which nothing changed.

use super::*;

fn paire(besoin: &str, (reference, recent): (i64, i64)) -> Paire {
    Paire { nature: NatureAlerte::HausseDemandes, besoin: besoin.into(), portee: Portee::Territoire, recent, reference }
}

fn is_close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * other.abs().max(1e-12)
}

#[test]
fn the_chance_is_that_of_the_binomial_law() {
    assert!(is_close(chance(1, 1, 0.5), 0.5) && is_close(chance(2, 2, 0.25), 0.0625));
    assert!(is_close(chance(2, 3, 0.5), 0.5), "HHT, HTH, THH, HHH of eight");
    assert!(is_close(chance(0, 9, 0.3), 1.0) && is_close(chance(1, 3, 0.1), 1.0 - 0.9_f64.powi(3)));
    // Added up in whole numbers: sum(comb(150, k) for k in range(90, 151)) / 2**150.
    assert!(is_close(chance(90, 150, 0.5), 0.008798845964392872), "{}", chance(90, 150, 0.5));
    for k in 1..40 {
        // Heads up or tails up, all that can happen adds up to one.
        assert!(is_close(chance(k, 40, 0.3) + chance(40 - k + 1, 40, 0.7), 1.0), "{k}");
    }
    let many = chance(500_500, 1_000_000, 0.5);
    assert!((0.157..0.160).contains(&many), "a million, and no number runs out: {many}");
}

#[test]
fn sixty_to_ninety_is_told_when_few_pairs_are_large_enough() {
    let rise = paire("garde-enfants", (60, 90));
    let small = (0..195).map(|rang| paire(&format!("petit-{rang}"), (rang % 14, (rang + 3) % 15)));
    let steady = (0..4).map(|rang| paire(&format!("stable-{rang}"), (60, 58 + rang)));
    let all: Vec<Paire> = small.chain(steady).chain([rise.clone()]).collect();
    assert_eq!(all.len(), 200);
    let found = find_hausses(all, 0.5);
    assert_eq!(found.iter().map(|one| &one.paire).collect::<Vec<_>>(), [&rise]);
    let crowd: Vec<Paire> = (0..199).map(|rang| paire(&format!("grand-{rang}"), (60, 60))).chain([rise]).collect();
    assert_eq!(find_hausses(crowd, 0.5), [], "one pair in a hundred does that by chance: among two hundred large ones it tells nothing");
}

#[test]
fn what_is_small_or_slow_or_falls_is_not_told() {
    let is_told = |reference, recent| !find_hausses(vec![paire("menage", (reference, recent))], 0.5).is_empty();
    assert!(is_told(8, 22) && !is_told(7, 22), "thirty in all, no less");
    assert!(is_told(0, 30));
    assert!(!is_told(40, 50), "a quarter more on little is chance");
    assert!(is_told(4_000, 5_000) && !is_told(4_000, 4_999), "a quarter more, at least");
    assert!(!is_told(90, 60) && !is_told(0, 0));
}

#[test]
fn more_days_give_more_demandes_and_that_is_no_rise() {
    // Two periods, one twice as long: 100 in it against 50 is the same rate.
    assert!(find_hausses(vec![paire("menage", (50, 100))], 2.0 / 3.0).is_empty());
    assert!(!find_hausses(vec![paire("menage", (50, 100))], 0.5).is_empty());
}

#[test]
fn the_last_that_passes_brings_those_before_it() {
    // 0.018 fails alone at the first place of two (0.025 passes), and both pass together under 0.05.
    let two = vec![paire("a", (60, 85)), paire("b", (60, 85))];
    let hasard = chance(85, 145, 0.5);
    assert!(hasard > 0.02 && hasard < 0.025, "{hasard}");
    assert_eq!(find_hausses(two, 0.5).len(), 2);
    let three = vec![paire("a", (60, 85)), paire("b", (60, 60)), paire("c", (60, 60))];
    assert!(find_hausses(three, 0.5).is_empty(), "alone of three, it would have to be under 0.0167");
}

/// A generator of our own (splitmix64): the same years each time the test runs.
struct Tirage(u64);

impl Tirage {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Knuth: how many arrive while the product of chances stays above e^-mean.
    fn poisson(&mut self, mean: f64) -> i64 {
        let limit = (-mean).exp();
        let (mut count, mut product) = (0, self.uniform());
        while product > limit {
            product *= self.uniform();
            count += 1;
        }
        count
    }
}

/// Weeks, out of `weeks`, in which something is raised over two hundred pairs; `mean` says what each pair expects, in each period.
fn count_alarms(weeks: usize, seed: u64, mean: impl Fn(usize) -> (f64, f64)) -> usize {
    let mut tirage = Tirage(seed);
    let week = |tirage: &mut Tirage| {
        let draw = |rang: usize| {
            let (reference, recent) = mean(rang);
            paire(&rang.to_string(), (tirage.poisson(reference), tirage.poisson(recent)))
        };
        let paires: Vec<Paire> = (0..200).map(draw).collect();
        !find_hausses(paires, 0.5).is_empty()
    };
    (0..weeks).filter(|_| week(&mut tirage)).count()
}

#[test]
fn when_nothing_changes_fewer_than_one_week_in_twenty_raises_anything() {
    // As many demandes as there are: large everywhere, then as they are, a few large needs and many small ones.
    for (seed, mean) in
        [(1, &(|_| 60.0) as &dyn Fn(usize) -> f64), (2, &|rang| 200.0 / (rang + 1) as f64), (3, &|rang| [4.0, 16.0, 90.0][rang % 3])]
    {
        let alarms = count_alarms(600, seed, |rang| (mean(rang), mean(rang)));
        assert!(alarms * 20 < 600, "{alarms} weeks of 600 cried wolf (seed {seed})");
    }
}

#[test]
fn a_true_rise_is_seen_more_often_than_not() {
    // One large need doubles among two hundred.
    let seen = count_alarms(200, 4, |rang| if rang == 7 { (60.0, 120.0) } else { (20.0, 20.0) });
    assert!(seen > 150, "seen {seen} times of 200");
}

#[test]
fn a_quarter_is_compared_with_the_year_before_and_else_with_the_one_before() {
    let mois = |annee, mois| Some(Mois { annee, mois });
    let say = |premier| {
        compare(testkit::NOON, premier).map(|one| {
            let say = |(first, last): (chrono::NaiveDate, chrono::NaiveDate)| format!("{first} {last}");
            (say(one.recent), say(one.reference), one.is_an_dernier())
        })
    };
    let recent = "2026-08-01 2026-10-31".to_string();
    assert_eq!(say(mois(2025, 7)), Some((recent.clone(), "2025-08-01 2025-10-31".into(), true)));
    assert_eq!(say(mois(2025, 8)), Some((recent.clone(), "2026-05-01 2026-07-31".into(), false)), "not open for all of last year's");
    assert_eq!(say(mois(2026, 4)), Some((recent, "2026-05-01 2026-07-31".into(), false)));
    assert_eq!((say(mois(2026, 5)), say(None)), (None, None));
    let part = compare(testkit::NOON, mois(2025, 1)).unwrap().part();
    assert!(is_close(part, 0.5), "92 days and 92 days");
}

#[test]
fn a_chance_is_said_in_figures_that_one_can_picture() {
    assert_eq!(one_in(0.008_808), 113);
    assert_eq!((one_in(0.0), one_in(1.0)), (1_000_000, 1));
    let said = [24, 113, 4_567, 12_345].map(say_hasard);
    assert_eq!(said, ["une fois sur 24", "une fois sur 110", "une fois sur 4\u{202f}500", "moins d’une fois sur dix mille"]);
}
