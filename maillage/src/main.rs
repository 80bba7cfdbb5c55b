//! Maillage, on the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    maillage::commande::run()
}
