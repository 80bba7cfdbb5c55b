//! The bench itself, from end to end and in seconds: it must still work the day its figures are needed.

use std::path::Path;
use std::process::Command;

#[test]
fn a_quick_run_ends_with_its_verdicts() {
    let bancs = Path::new(env!("CARGO_BIN_EXE_bancs"));
    let maillage = bancs.with_file_name("maillage");
    if !answers(&maillage) {
        eprintln!("quick run skipped: {} is not built (cargo xtask test builds it)", maillage.display());
        return;
    }
    let run = Command::new(bancs).args(["--rapide", "--maillage"]).arg(&maillage).output().expect("the bench starts");
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{err}");
    let verdicts = out.lines().filter(|line| line.starts_with("atteint") || line.starts_with("manqué")).count();
    assert_eq!(verdicts, 5, "{out}");
}

fn answers(programme: &Path) -> bool {
    Command::new(programme).arg("--version").output().is_ok_and(|said| !said.stdout.is_empty())
}
