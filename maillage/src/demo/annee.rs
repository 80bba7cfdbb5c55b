//! A year of plausible demandes: as many as the line of the Brenne received in 2009 (seed 002), no real person in them.

use accueil::acte::describe_orientations;
use accueil::rules::consentement::texte;
use accueil::{
    Canal, Consentement, Contexte, Contraintes, Finalite, Foyer, Issue, Motif, NouvelleDemande, Origine, PourQui, Rappel, Sexe, TrancheAge,
    Urgence,
};
use annuaire::aiguillage::Aiguillage;
use annuaire::besoin::Taxonomie;
use kit::{Id, Instant, Result};
use territoire::Territoire;

use crate::App;

/// Seed 002: « en 2009, 132 appels ont été recensés ».
pub(super) const DEMANDES: u64 = 132;
const DAY: i64 = 86_400;

/// What people ask for most, as often as it stands here.
const BESOINS: [&str; 16] = [
    "menage",
    "menage",
    "menage",
    "portage-repas",
    "portage-repas",
    "jardinage",
    "jardinage",
    "bricolage",
    "aide-domicile",
    "aide-domicile",
    "courses",
    "garde-nuit",
    "transport-solidaire",
    "papiers",
    "garde-enfants",
    "visites",
];

/// Records the year that ends `now`, through the same act as the pages.
pub async fn record_annee(app: &App, territoire: &Territoire, aiguillage: &Aiguillage, (compte, now): (Id, Instant)) -> Result<()> {
    let tx = app.db.begin().await?;
    for rang in 0..DEMANDES {
        let demande = imagine(territoire, aiguillage, rang, (compte, now))?;
        accueil::storage::insert_demande_in(&tx, &app.coffre, &demande).await?;
    }
    Ok(tx.commit().await?)
}

/// A scattered number that depends only on the rank and on what it is drawn for: the demo is the same every time.
pub(super) fn draw(rang: u64, what: u64, among: usize) -> usize {
    let mut mixed = (rang + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ what.wrapping_mul(0xD1B5_4A32_D192_ED03);
    mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed ^= mixed >> 32;
    usize::try_from(mixed % among.max(1) as u64).unwrap_or_default()
}

/// One demande of the year: the first ones are the oldest, calls come on working days.
fn imagine(territoire: &Territoire, aiguillage: &Aiguillage, rang: u64, (compte, now): (Id, Instant)) -> Result<NouvelleDemande> {
    let commune = draw_commune(territoire, rang).ok_or(kit::Error::NotFound)?;
    let besoin = list_besoins()[draw(rang, 2, list_besoins().len())];
    let canal = if draw(rang, 3, 5) == 0 { Canal::Web } else { Canal::Telephone };
    let mut demande = NouvelleDemande {
        territoire_id: territoire.id,
        cle: format!("demo-{rang}"),
        canal,
        received_at: draw_moment(rang, now),
        commune,
        besoins: vec![besoin.to_string()],
        besoin_texte: None,
        contraintes: Contraintes::default(),
        tour: rang,
        pour_qui: Some(PourQui::ALL[draw(rang, 4, 3)]),
        tranche_age: Some(TrancheAge::ALL[1 + draw(rang, 5, 4)]),
        sexe: Some(Sexe::ALL[draw(rang, 6, 3).min(1)]),
        urgence: Urgence::ALL[draw(rang, 7, 3)],
        note: None,
        rappel: Rappel::default(),
        consentements: vec![],
        issue: None,
        motif: None,
        contexte: imagine_contexte(canal, rang),
        issues: vec![],
        compte_id: (canal == Canal::Telephone).then_some(compte),
        orientations: vec![],
    };
    demande.orientations = describe_orientations(aiguillage, &demande, &[])?;
    conclude(&mut demande, aiguillage, rang)?;
    // What is older has outlived the time for which it is kept.
    if rang + 28 >= DEMANDES && (draw(rang, 11, 3) > 0 || demande.issue == Some(Issue::SansSolution)) {
        leave_number(&mut demande, rang);
    }
    Ok(demande)
}

/// On the telephone, the question is asked two times out of three.
fn imagine_contexte(canal: Canal, rang: u64) -> Contexte {
    if canal != Canal::Telephone {
        return Contexte::default();
    }
    Contexte {
        foyer: (draw(rang, 14, 3) > 0).then(|| Foyer::ALL[draw(rang, 15, Foyer::ALL.len())]),
        origine: (draw(rang, 16, 3) > 0).then(|| Origine::ALL[draw(rang, 17, Origine::ALL.len())]),
        duree: i32::try_from(40 + draw(rang, 18, 260)).ok(),
    }
}

/// Somebody to be called back: an invented name, a number that ARCEP keeps for fictions.
fn leave_number(demande: &mut NouvelleDemande, rang: u64) {
    const NOMS: [&str; 5] = ["Aubépine", "Tilleul", "Églantine", "Noisetier", "Sorbier"];
    let titre = if demande.sexe == Some(Sexe::Homme) { "M." } else { "Mme" };
    demande.rappel = Rappel {
        nom: Some(format!("{titre} {} (exemple)", NOMS[draw(rang, 12, NOMS.len())])),
        telephone: Some(format!("02 61 91 80 {:02}", rang % 100)),
        courriel: None,
        moment: (draw(rang, 13, 2) == 0).then(|| "plutôt le matin".to_string()),
    };
    demande.consentements = vec![Consentement {
        finalite: Finalite::Rappel,
        texte_montre: texte(Finalite::Rappel, demande.canal).into(),
        donne_at: demande.received_at,
        retire_at: None,
    }];
}

/// Codes of this version of the taxonomy.
pub(super) fn list_besoins() -> Vec<&'static str> {
    BESOINS.into_iter().filter(|code| Taxonomie::get().find(code).is_some()).collect()
}

/// Large communes call more often.
pub(super) fn draw_commune(territoire: &Territoire, rang: u64) -> Option<territoire::CodeInsee> {
    let communes: Vec<_> = territoire.list_communes().collect();
    let total: u64 = communes.iter().map(|commune| u64::from(commune.population)).sum();
    let mut drawn = draw(rang, 1, usize::try_from(total).unwrap_or(1)) as u64;
    let found = communes.iter().find(|commune| {
        let population = u64::from(commune.population);
        let is_it = drawn < population;
        drawn = drawn.saturating_sub(population);
        is_it
    });
    found.or(communes.first()).map(|commune| commune.code)
}

fn draw_moment(rang: u64, now: Instant) -> Instant {
    let days_ago = 364 - i64::try_from(rang * 364 / DEMANDES).unwrap_or_default();
    let midnight = now.plus_seconds(-days_ago * DAY - now.0.rem_euclid(DAY));
    let minutes = 8 * 60 + 30 + i64::try_from(draw(rang, 8, 420)).unwrap_or_default();
    Instant((midnight.0 + minutes * 60).min(now.0))
}

/// How it ended: given to a structure when there is one, else without a solution; the last days still wait.
fn conclude(demande: &mut NouvelleDemande, aiguillage: &Aiguillage, rang: u64) -> Result<()> {
    let is_recent = rang + 5 >= DEMANDES;
    let is_answered = accueil::acte::answer(aiguillage, demande)?.sans_solution.is_none();
    if is_recent && demande.compte_id.is_none() {
        return Ok(());
    }
    if !is_answered {
        (demande.issue, demande.motif) = (Some(Issue::SansSolution), Some(Motif::AucunService));
        return Ok(());
    }
    match draw(rang, 9, 12) {
        0 => demande.issue = Some(Issue::Information),
        1 => (demande.issue, demande.motif) = (Some(Issue::SansSolution), Some(Motif::ALL[1 + draw(rang, 10, 3)])),
        2 if is_recent => demande.issue = Some(Issue::ARappeler),
        _ => {
            demande.issue = Some(Issue::Orientee);
            demande.orientations.iter_mut().take(2).for_each(|one| one.donnee = true);
        }
    }
    Ok(())
}
