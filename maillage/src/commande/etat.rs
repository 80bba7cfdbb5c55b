//! `maillage etat`: what is wrong, in French, for a person or for a watch that reads the exit code.

use std::process::ExitCode;

use crate::etat::{Gravite, Installation, list_constats};
use crate::reglages::Reglages;

/// Leaves with a failure when something is grave.
pub async fn show(base: String, reglages: Reglages) -> anyhow::Result<ExitCode> {
    let db = super::sauvegarde::open_existing(&base).await?;
    let installation = Installation { db, base, reglages, fraicheur: None };
    let constats = list_constats(&installation, super::clock().now()).await;
    constats.iter().for_each(|constat| println!("{constat}"));
    let is_grave = constats.iter().any(|constat| constat.gravite == Gravite::Grave);
    Ok(if is_grave { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
