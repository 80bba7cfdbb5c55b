//! What a run says: one table, the sizes compared, and whether each target is met.

use std::fmt::Write;
use std::time::Duration;

use crate::mesure::Mesure;
use crate::orientations::{Bilan, CONNEXIONS_COMPAREES, Comparaison, Taille};

const RATIO_MAX: f64 = 3.0;
const P99_MAX_MS: f64 = 10.0;
const P99_CONNEXIONS: usize = 64;
const DEMARRAGE_MAX: Duration = Duration::from_secs(3);
const MEMOIRE_MAX: u64 = 400_000_000;
const IMPORT_MAX: Duration = Duration::from_secs(60);

/// The whole report, ready to be printed.
pub fn write(bilan: &Bilan) -> String {
    let Some(judged) = bilan.tailles.last() else { return String::new() };
    let mut text = String::new();
    let _infallible = writeln!(
        text,
        "\nOrientations sur {} structures, {} services ; plancher : {} octets, le corps d’une réponse de taille médiane.\n\
         {} tour(s) de {} s par mesure, en alternance. La charge et les serveurs se partagent les {} cœurs de cette machine :\n\
         les débits n’ont de sens qu’entre eux ; comparez le temps de processeur par réponse.\n",
        whole(judged.structures),
        whole(judged.services),
        whole(judged.corps),
        bilan.tours,
        decimal(bilan.tour.as_secs_f64(), 1),
        std::thread::available_parallelism().map_or(1, usize::from),
    );
    write_comparaisons(&mut text, judged);
    write_tailles(&mut text, &bilan.tailles);
    write_verdicts(&mut text, judged);
    text
}

fn write_comparaisons(text: &mut String, judged: &Taille) {
    let columns = ["connexions", "", "réponses/s", "p50 ms", "p99 ms", "max ms", "CPU µs/réponse", "rapport"];
    push_line(text, &columns.map(str::to_string));
    for comparaison in &judged.comparaisons {
        push_mesure(text, comparaison, "orientation", &comparaison.orientation, &decimal(comparaison.ratio(), 2));
        push_mesure(text, comparaison, "plancher", &comparaison.plancher, "");
    }
}

fn push_mesure(text: &mut String, comparaison: &Comparaison, nom: &str, mesure: &Mesure, ratio: &str) {
    let delays = [50.0, 99.0, 100.0].map(|percent| decimal(mesure.percentile_ms(percent), 3));
    let [p50, p99, max] = delays;
    let cells = [
        whole(comparaison.connexions),
        nom.into(),
        whole(mesure.per_second() as usize),
        p50,
        p99,
        max,
        decimal(mesure.cpu_us(), 1),
        ratio.into(),
    ];
    push_line(text, &cells);
}

fn push_line(text: &mut String, cells: &[String; 8]) {
    const WIDTHS: [usize; 8] = [10, 12, 11, 9, 9, 10, 15, 8];
    let line: Vec<String> = cells.iter().zip(WIDTHS).map(|(cell, width)| format!("{cell:>width$}")).collect();
    let _infallible = writeln!(text, "{}", line.join(" "));
}

fn write_tailles(text: &mut String, tailles: &[Taille]) {
    let _infallible = writeln!(text, "\nCe que coûte la taille de l’annuaire ({CONNEXIONS_COMPAREES} connexions) :");
    for taille in tailles {
        let Some(comparaison) = taille.comparaisons.iter().find(|one| one.connexions == CONNEXIONS_COMPAREES) else { continue };
        let _infallible = writeln!(
            text,
            "{:>9} structures : {} µs par orientation, {} au plancher ({} octets), rapport {} ; {} % sans solution ; import {} s, démarrage {} s, mémoire {} Mo",
            whole(taille.structures),
            decimal(comparaison.orientation.cpu_us(), 1),
            decimal(comparaison.plancher.cpu_us(), 1),
            whole(taille.corps),
            decimal(comparaison.ratio(), 2),
            decimal(taille.sans_solution * 100.0, 0),
            decimal(taille.import.as_secs_f64(), 1),
            decimal(taille.demarrage.as_secs_f64(), 2),
            megabytes(taille.memoire[2]),
        );
    }
}

fn write_verdicts(text: &mut String, judged: &Taille) {
    let ratios = || judged.comparaisons.iter().map(Comparaison::ratio);
    let worst = ratios().fold(0.0, f64::max);
    let [at_start, after, highest] = judged.memoire;
    let _infallible = writeln!(text);
    push_verdict(text, &format!("processeur : au plus {} fois le plancher", decimal(RATIO_MAX, 0)), &decimal(worst, 2), worst <= RATIO_MAX);
    if let Some(crowd) = judged.comparaisons.iter().find(|one| one.connexions == P99_CONNEXIONS) {
        let p99 = crowd.orientation.percentile_ms(99.0);
        push_verdict(
            text,
            &format!("p99 à {P99_CONNEXIONS} connexions : moins de {} ms", decimal(P99_MAX_MS, 0)),
            &format!("{} ms", decimal(p99, 2)),
            p99 < P99_MAX_MS,
        );
    }
    push_seconds(text, "démarrage", judged.demarrage, DEMARRAGE_MAX);
    let memoire =
        format!("{} Mo au démarrage, {} après la charge, {} au plus haut", megabytes(at_start), megabytes(after), megabytes(highest));
    push_verdict(text, &format!("mémoire résidente : moins de {} Mo", megabytes(MEMOIRE_MAX)), &memoire, highest < MEMOIRE_MAX);
    push_seconds(text, "import du CSV", judged.import, IMPORT_MAX);
}

fn push_seconds(text: &mut String, nom: &str, found: Duration, max: Duration) {
    push_verdict(text, &format!("{nom} : moins de {} s", max.as_secs()), &format!("{} s", decimal(found.as_secs_f64(), 2)), found < max);
}

pub fn push_verdict(text: &mut String, target: &str, found: &str, is_met: bool) {
    let _infallible = writeln!(text, "{} — {target} : {found}", if is_met { "atteint" } else { "manqué " });
}

fn megabytes(bytes: u64) -> String {
    decimal(bytes as f64 / 1e6, 0)
}

/// « 100 000 »
pub fn whole(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(" ")
}

/// « 1,5 »
pub fn decimal(number: f64, places: usize) -> String {
    format!("{number:.places$}").replace('.', ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_french() {
        assert_eq!([whole(7), whole(1_000), whole(1_234_567)], ["7", "1 000", "1 234 567"]);
        assert_eq!([decimal(1.25, 1), decimal(3.0, 0), decimal(0.126, 2)], ["1,2", "3", "0,13"]);
    }

    #[test]
    fn a_target_is_missed_at_its_limit() {
        let taille = |seconds: u64, bytes: u64| Taille {
            structures: 1,
            services: 1,
            import: Duration::from_secs(seconds),
            demarrage: Duration::ZERO,
            memoire: [0, 0, bytes],
            corps: 2,
            sans_solution: 0.0,
            comparaisons: vec![],
        };
        let verdicts = |taille: Taille| {
            let mut text = String::new();
            write_verdicts(&mut text, &taille);
            text.matches("manqué").count()
        };
        assert_eq!(verdicts(taille(59, 399_999_999)), 0);
        assert_eq!(verdicts(taille(60, 400_000_000)), 2);
    }
}
