//! What was typed after `cargo xtask`.

use crate::setup::Part;

pub const USAGE: &str = "\
cargo xtask <command>

  setup [--page]      install what is missing: Chromium, PostgreSQL, node packages, built pages (--page: the last two only)
  demo [args…]        build and start the demo; the arguments go to `maillage demo`
  test [capability]   format, lint, tests on SQLite and PostgreSQL, browser trials; or the tests of one crate
  lint                rustfmt, clippy and the types of the scripts
  bench [args…]       build in release and start the bench; the arguments go to it
  captures            screenshots of the pages, in captures/
  pannes [trial…]     faults at full length: kills, damaged backups, full disk, lost database, clock; or some of them
";

#[derive(Debug, PartialEq)]
pub enum Command {
    Help,
    Setup { parts: Vec<Part> },
    Demo { args: Vec<String> },
    Test { capability: Option<String> },
    Lint,
    Bench { args: Vec<String> },
    Captures,
    Pannes { trials: Vec<String> },
}

/// Reads the command, or says in one sentence what is wrong with it.
pub fn parse(words: Vec<String>) -> Result<Command, String> {
    let mut words = words.into_iter();
    let name = words.next().ok_or("which command?")?;
    let args: Vec<String> = words.collect();
    match name.as_str() {
        "help" | "--help" | "-h" => Ok(Command::Help),
        "setup" => parse_setup(&args),
        "demo" => Ok(Command::Demo { args }),
        "test" => parse_test(args),
        "lint" => without_args(args, "lint", Command::Lint),
        "bench" => Ok(Command::Bench { args }),
        "captures" => without_args(args, "captures", Command::Captures),
        "pannes" => Ok(Command::Pannes { trials: args }),
        unknown => Err(format!("unknown command: {unknown}")),
    }
}

fn parse_setup(args: &[String]) -> Result<Command, String> {
    match args {
        [] => Ok(Command::Setup { parts: Part::ALL.to_vec() }),
        [subset] if subset == "--page" => Ok(Command::Setup { parts: Part::PAGE.to_vec() }),
        _ => Err(format!("setup takes nothing or --page, not: {}", args.join(" "))),
    }
}

fn parse_test(mut args: Vec<String>) -> Result<Command, String> {
    if args.len() > 1 {
        return Err(format!("test takes one capability at most, not: {}", args.join(" ")));
    }
    match args.pop() {
        Some(flag) if flag.starts_with('-') => Err(format!("test takes the name of a capability, not: {flag}")),
        capability => Ok(Command::Test { capability }),
    }
}

fn without_args(args: Vec<String>, name: &str, command: Command) -> Result<Command, String> {
    if args.is_empty() { Ok(command) } else { Err(format!("{name} takes no argument, not: {}", args.join(" "))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(String::from).collect())
    }

    #[test]
    fn the_arguments_of_the_demo_are_handed_over_untouched() {
        let args = vec!["--adresse".to_string(), "127.0.0.1:9000".to_string()];
        assert_eq!(read("demo --adresse 127.0.0.1:9000"), Ok(Command::Demo { args }));
    }

    #[test]
    fn a_test_is_of_everything_or_of_one_capability() {
        assert_eq!(read("test"), Ok(Command::Test { capability: None }));
        assert_eq!(read("test accueil"), Ok(Command::Test { capability: Some("accueil".into()) }));
        assert!(read("test accueil annuaire").is_err());
        assert!(read("test --fast").is_err());
    }

    #[test]
    fn faults_are_all_tried_or_those_that_are_named() {
        assert_eq!(read("pannes"), Ok(Command::Pannes { trials: vec![] }));
        assert_eq!(read("pannes perte"), Ok(Command::Pannes { trials: vec!["perte".into()] }));
    }

    #[test]
    fn setup_knows_everything_and_the_pages_only() {
        assert_eq!(read("setup"), Ok(Command::Setup { parts: Part::ALL.to_vec() }));
        assert_eq!(read("setup --page"), Ok(Command::Setup { parts: Part::PAGE.to_vec() }));
        assert!(read("setup --everything").is_err());
    }

    #[test]
    fn an_unknown_or_missing_command_is_a_mistake() {
        assert_eq!(read("deploy"), Err("unknown command: deploy".into()));
        assert!(read("").is_err());
        assert!(read("lint --fix").is_err());
    }
}
