//! The bench itself, from end to end and in seconds: it must still work the day its figures are needed.

use std::path::Path;
use std::process::Command;

#[test]
fn a_quick_run_ends_with_its_verdicts() {
    let Some(out) = run(&["--rapide"]) else { return };
    assert_eq!(list_verdicts(&out).len(), 5, "{out}");
}

#[test]
fn the_observatoire_of_a_few_communes_is_filled_counted_and_read() {
    let Some(out) = run(&["observatoire", "--demandes", "2000", "--communes", "60", "--fois", "1"]) else { return };
    assert!(out.contains("2 000 demandes, 6 000 faits, 60 communes"), "{out}");
    let verdicts = list_verdicts(&out);
    for page in ["coup d’œil", "portrait d’une commune", "manques", "bilan en PDF", "chiffres publics", "maillage indicateurs --json"]
    {
        assert!(verdicts.iter().any(|line| line.contains(page)), "{page} is not in: {out}");
    }
}

#[test]
fn the_books_of_a_few_entries_are_composed() {
    let Some(out) = run(&["repertoire", "--fiches", "6"]) else { return };
    assert_eq!(list_verdicts(&out).len(), 3, "{out}");
}

/// What a run prints; nothing when the program is not there to be measured.
#[expect(clippy::expect_used, reason = "a trial stops where it fails")]
fn run(arguments: &[&str]) -> Option<String> {
    let bancs = Path::new(env!("CARGO_BIN_EXE_bancs"));
    let maillage = bancs.with_file_name("maillage");
    if !answers(&maillage) {
        eprintln!("quick run skipped: {} is not built (cargo xtask test builds it)", maillage.display());
        return None;
    }
    let mut command = Command::new(bancs);
    command.args(arguments);
    if arguments.first() != Some(&"repertoire") {
        command.arg("--maillage").arg(&maillage);
    }
    let run = command.output().expect("the bench starts");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    Some(String::from_utf8_lossy(&run.stdout).into_owned())
}

fn list_verdicts(out: &str) -> Vec<&str> {
    out.lines().filter(|line| line.starts_with("atteint") || line.starts_with("manqué")).collect()
}

fn answers(programme: &Path) -> bool {
    Command::new(programme).arg("--version").output().is_ok_and(|said| !said.stdout.is_empty())
}
