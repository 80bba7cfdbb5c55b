//! The commands of the house: `cargo xtask setup | demo | test | lint | bench | captures | pannes`.
//! Each says what it does, runs ordinary programs, and prints how long each step took.

mod args;
mod bench;
mod captures;
mod demo;
mod freshness;
mod lint;
mod pannes;
mod postgres;
mod process;
mod setup;
mod steps;
mod test;

use std::process::ExitCode;

use anyhow::Result;
use args::Command;

fn main() -> ExitCode {
    match args::parse(std::env::args().skip(1).collect()) {
        Ok(Command::Help) => {
            print!("{}", args::USAGE);
            ExitCode::SUCCESS
        }
        Ok(command) => run(command).map_or_else(report, |()| ExitCode::SUCCESS),
        Err(mistake) => {
            eprint!("{mistake}\n\n{}", args::USAGE);
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Help => Ok(()),
        Command::Setup { parts } => setup::run(&parts),
        Command::Demo { args } => demo::run(&args),
        Command::Test { capability: None } => test::run(),
        Command::Test { capability: Some(capability) } => test::run_capability(&capability),
        Command::Lint => lint::run(),
        Command::Bench { args } => bench::run(&args),
        Command::Captures => captures::run(),
        Command::Pannes { trials } => pannes::run(&trials),
    }
}

fn report(error: anyhow::Error) -> ExitCode {
    eprintln!("\ncargo xtask: {error:#}");
    ExitCode::FAILURE
}
