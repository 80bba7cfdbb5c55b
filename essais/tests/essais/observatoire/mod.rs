//! The observatoire: what its pages count (`chiffres`), and what they show (`pages`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a trial stops where it fails")]

mod chiffres;
mod pages;

use essais::Site;

const ICI: &str = "val-de-drome";
/// The month of the trial, in its whole year.
const PERIODE: &str = "de=2026-01&a=2026-12";

async fn record(site: &Site, (commune, besoin, issue): (&str, &str, &str), cle: usize) {
    let form = format!(
        "ou={commune}&quoi={besoin}&{issue}&cle=observatoire-{cle}&sexe=femme&tranche_age=75_84&rappel_nom=Zo%C3%A9&rappel_telephone=0475010203&consentement=oui"
    );
    assert_eq!(site.post(&format!("/{ICI}/equipe/demandes"), &form).await.status, 303);
}

fn path(rest: &str) -> String {
    format!("/{ICI}/equipe/observatoire{rest}")
}

/// The text of a page, without its marks: a space stands for each.
fn text(html: &str) -> String {
    let main = html.split("<main").nth(1).unwrap_or(html);
    let mut inside = false;
    let kept = main.chars().map(|letter| {
        let was = inside;
        inside = (inside || letter == '<') && letter != '>';
        if inside || was { ' ' } else { letter }
    });
    kept.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}
