//! Past years by facts alone: the people, if there were any, have long been forgotten, and the bilans are the same. The year 2009 of
//! the Brenne is as seed 002 tells it: 132 calls recorded, all of them answered, 17 251 € and 3 456 €; the two years before this one
//! are invented. All of them are published.

use accueil::{Canal, Issue, Motif, Origine, Sexe, TrancheAge};
use chrono::{Datelike, NaiveDate};
use kit::fait::{Fait, insert_fait};
use kit::{Db, Instant, Result};
use observatoire::bilan::{Couts, read_publication};
use observatoire::rules::mois::Plage;
use observatoire::storage::bilan::{update_commentaire, update_couts};
use observatoire::storage::cumul::catch_up;
use observatoire::storage::publication::{Publiee, insert_publication};
use territoire::Territoire;

use super::annee::{DEMANDES, draw, draw_commune, list_besoins};

/// The territoire of the seed.
const BRENNE: &str = "brenne";
const ANNEE: i32 = 2009;
/// « les coûts de fonctionnement s’élevaient à 17.251 € […] les coûts de communication qui se sont élevés à 3.456 € »
const COUTS: Couts = Couts { fonctionnement: Some(1_725_100), communication: Some(345_600) };
const COMMENTAIRES: [(&str, &str); 3] = [
    (
        "bref",
        "Le nombre d’appels reste limité. Les causes peuvent être diverses : méconnaissance de la plateforme, structures déjà connues des habitants, réticence à faire appel à des tiers pour les tâches quotidiennes, situation économique.",
    ),
    (
        "sans-solution",
        "La plateforme a su répondre à toutes les demandes de services : l’offre est suffisante en quantité et adaptée aux demandes des habitants.",
    ),
    ("couts", "Le Parc naturel régional a pris en charge la communication : cartes, affiches et soirée de lancement."),
];

/// Writes the facts of past years, and publishes them.
pub async fn record(db: &Db, territoire: &Territoire, now: Instant) -> Result<()> {
    let this = now.day().year();
    let mut years = vec![this - 2, this - 1];
    let tx = db.begin().await?;
    if territoire.slug == BRENNE {
        years.push(ANNEE);
        for fait in (0..DEMANDES).flat_map(|rang| imagine(territoire, rang)) {
            insert_fait(&tx, &fait).await?;
        }
        update_couts(&tx, territoire.id, ANNEE, COUTS).await?;
        for (section, texte) in COMMENTAIRES {
            update_commentaire(&tx, territoire.id, (ANNEE, section), (texte, now)).await?;
        }
    }
    for (annee, demandes) in [(this - 2, 210), (this - 1, 260)] {
        for fait in (0..demandes).flat_map(|rang| imagine_recente(territoire, annee, (rang, demandes))) {
            insert_fait(&tx, &fait).await?;
        }
    }
    tx.commit().await?;
    while !catch_up(db, territoire.id).await? {}
    for annee in years {
        let publication = read_publication(db, territoire, Plage::whole_year(annee)).await?;
        let tx = db.begin().await?;
        insert_publication(&tx, territoire.id, &Publiee { annee, publiee_at: now.plus_seconds(-30 * 86_400), publication }).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// One demande of a recent year, its need and how it ended: one in seven without a solution.
fn imagine_recente(territoire: &Territoire, annee: i32, (rang, demandes): (u64, u64)) -> Vec<Fait> {
    // Each territoire and each year has its own.
    let letters: u64 = territoire.slug.bytes().map(u64::from).sum();
    let seed = rang + (u64::from(annee.unsigned_abs()) + letters) * 1_000;
    let hour = 9 + draw(seed, 8, 8);
    let day = NaiveDate::from_yo_opt(annee, 1 + u32::try_from(rang * 364 / demandes).unwrap_or_default());
    let wall = day.and_then(|day| day.and_hms_opt(u32::try_from(hour).unwrap_or(9), 0, 0));
    let Some(at) = wall.and_then(Instant::from_paris) else { return vec![] };
    let besoins = list_besoins();
    let besoin = besoins.get(draw(seed, 2, besoins.len())).copied().unwrap_or_default().to_string();
    let canal = [Canal::Telephone, Canal::Telephone, Canal::Telephone, Canal::Web, Canal::Guichet][draw(seed, 3, 5)];
    let (issue, motif) = match draw(seed, 9, 14) {
        0 | 1 => (Issue::SansSolution, Some(Motif::ALL[draw(seed, 10, 4)])),
        2 => (Issue::Information, None),
        3 => (Issue::ARappeler, None),
        _ => (Issue::Orientee, None),
    };
    let fait = |code: &'static str, dimensions: Vec<(&'static str, String)>| Fait {
        territoire_id: territoire.id,
        code,
        at,
        code_insee: draw_commune(territoire, seed).map(|code| code.to_string()),
        sexe: [Some(Sexe::Femme), Some(Sexe::Femme), Some(Sexe::Homme), None][draw(seed, 6, 4)].map(Sexe::code),
        tranche_age: Some(TrancheAge::ALL[1 + draw(seed, 5, 4)].code()),
        quantite: 1,
        dimensions,
    };
    let mut ended = vec![("besoin", besoin.clone()), ("issue", issue.code().to_string())];
    ended.extend(motif.map(|motif| ("motif", motif.code().to_string())));
    let mut arrived = vec![("canal", canal.code().to_string()), ("heure", format!("{hour:02}"))];
    // On the telephone, the question is asked two times out of three.
    if canal == Canal::Telephone && draw(seed, 16, 3) > 0 {
        arrived.push(("origine", Origine::ALL[draw(seed, 17, Origine::ALL.len())].code().to_string()));
    }
    vec![fait("demande", arrived), fait("besoin", vec![("besoin", besoin)]), fait("issue", ended)]
}

/// One call: it arrived, it was a demande, for a need, and it was answered.
fn imagine(territoire: &Territoire, rang: u64) -> Vec<Fait> {
    // Another year than that of the demandes of today: other draws.
    let seed = rang + 2_009;
    let hour = 9 + draw(seed, 8, 8);
    let day = NaiveDate::from_yo_opt(ANNEE, 1 + u32::try_from(rang * 364 / DEMANDES).unwrap_or_default());
    let wall = day.and_then(|day| day.and_hms_opt(u32::try_from(hour).unwrap_or(9), 0, 0));
    let Some(at) = wall.and_then(Instant::from_paris) else { return vec![] };
    // Nobody does night care here: « aucune demande de services inexistants sur le territoire n’a été faite ».
    let besoins: Vec<&str> = list_besoins().into_iter().filter(|code| *code != "garde-nuit").collect();
    let besoin = besoins.get(draw(seed, 2, besoins.len())).copied().unwrap_or_default().to_string();
    let issue = if draw(seed, 9, 12) == 0 { Issue::Information } else { Issue::Orientee };
    let (origine, heure) = (Origine::ALL[draw(seed, 17, Origine::ALL.len())], format!("{hour:02}"));
    let fait = |code: &'static str, dimensions: Vec<(&'static str, String)>| Fait {
        territoire_id: territoire.id,
        code,
        at,
        code_insee: draw_commune(territoire, seed).map(|code| code.to_string()),
        sexe: Some(if draw(seed, 6, 3) == 0 { Sexe::Homme } else { Sexe::Femme }.code()),
        tranche_age: Some(TrancheAge::ALL[1 + draw(seed, 5, 4)].code()),
        quantite: 1,
        dimensions,
    };
    let arrived = Fait { code_insee: None, sexe: None, tranche_age: None, ..fait("appel", vec![("issue", "decroche".into())]) };
    vec![
        arrived,
        fait("demande", vec![("canal", Canal::Telephone.code().into()), ("heure", heure), ("origine", origine.code().into())]),
        fait("besoin", vec![("besoin", besoin.clone())]),
        fait("issue", vec![("besoin", besoin), ("issue", issue.code().into())]),
    ]
}
