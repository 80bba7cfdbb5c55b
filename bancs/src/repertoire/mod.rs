//! The printed répertoire at its largest: the books of four bassins in every form, timed, and what composing them takes of memory.

mod fiches;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use kit::{Clock, Id};
use repertoire::contenu::Contenu;
use repertoire::papier::Forme;
use repertoire::rules::depart;
use repertoire::rules::livre::Zone;
use repertoire::{Edition, Etat};
use territoire::{Couleurs, LigneUnique, Territoire};

use crate::processus;
use crate::rapport::{decimal, push_verdict, whole};

/// Issue F: « a bassin of 400 entries in under 3 s, 4 bassins and their variants in under 15 s, memory under 500 MB ».
const LIVRE_MAX: Duration = Duration::from_secs(3);
const TOUT_MAX: Duration = Duration::from_secs(15);
const MEMOIRE_MAX: u64 = 500_000_000;
const ADRESSE: &str = "https://services.example.org/banc";

/// Composes everything, `fiches` entries a bassin; gives the report.
pub fn run(fiches: usize, sortie: Option<&Path>) -> Result<String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure(fiches, sortie))
}

async fn measure(fiches: usize, sortie: Option<&Path>) -> Result<String> {
    let now = Clock::system().now();
    let territoire = create_territoire();
    let (notices, logos) = fiches::invent(&territoire, fiches);
    let edition = Edition {
        id: Id::from_name("banc"),
        titre: "Répertoire des services à la population".into(),
        annee: 2026,
        clot_le: None,
        campagne: None,
        etat: Etat::Figee,
        created_at: now,
        figee_at: Some(now),
    };
    let territoire = Arc::new(territoire);
    let contenu = Contenu {
        edition,
        territoire: territoire.clone(),
        rubriques: depart::list_rubriques(),
        pages: depart::list_pages(),
        notices,
        logos,
    };
    let (mut text, mut slowest, pid) = (String::new(), Duration::ZERO, std::process::id());
    text.push_str(&format!("au départ : {} Mo\n", megabytes(processus::read_memoire(pid)?.1)));
    // Each form of one book, then all of them.
    for forme in Forme::ALL {
        let (bassin, _) = contenu.list_livres().remove(0);
        let (start, cpu) = (Instant::now(), processus::read_cpu(pid)?);
        let imprime = contenu.print((Some(bassin), *forme), (ADRESSE, now)).await?;
        slowest = slowest.max(start.elapsed());
        let entrees: usize = contenu.livre(&Zone::of(&territoire, Some(bassin))).rubriques.iter().map(|one| one.entrees.len()).sum();
        let (time, pages) = (say_time(start, processus::read_cpu(pid)?.saturating_sub(cpu)), whole(imprime.pages));
        text.push_str(&format!("{} : {} fiches, {pages} pages, {} ko, {time}\n", forme.label(), whole(entrees), imprime.pdf.len() / 1_000));
    }
    let (start, cpu) = (Instant::now(), processus::read_cpu(pid)?);
    let mut livres = 0;
    for (bassin, _) in contenu.list_livres() {
        for (forme, imprime) in contenu.print_formes(Some(bassin), (ADRESSE, now)).await? {
            livres += 1;
            if let Some(sortie) = sortie {
                std::fs::create_dir_all(sortie)?;
                std::fs::write(sortie.join(format!("{}-{}.pdf", bassin, forme.code())), imprime.pdf)?;
            }
        }
    }
    let all = start.elapsed();
    text.push_str(&format!("{livres} livrets : {}\n", say_time(start, processus::read_cpu(pid)?.saturating_sub(cpu))));
    let (_, highest) = processus::read_memoire(pid)?;
    push_seconds(&mut text, "le plus long des livrets d’un bassin", slowest, LIVRE_MAX);
    push_seconds(&mut text, &format!("les {livres} livrets de quatre bassins"), all, TOUT_MAX);
    let target = format!("mémoire résidente : moins de {} Mo", megabytes(MEMOIRE_MAX));
    push_verdict(&mut text, &target, &format!("{} Mo au plus haut", megabytes(highest)), highest < MEMOIRE_MAX);
    Ok(text)
}

/// On a machine that does something else besides, only the second says what composing costs.
fn say_time(start: Instant, cpu: Duration) -> String {
    let [passed, spent] = [start.elapsed(), cpu].map(|time| decimal(time.as_secs_f64(), 2));
    format!("{passed} s, dont {spent} s de processeur")
}

fn push_seconds(text: &mut String, nom: &str, found: Duration, max: Duration) {
    push_verdict(text, &format!("{nom} : moins de {} s", max.as_secs()), &format!("{} s", decimal(found.as_secs_f64(), 2)), found < max);
}

fn megabytes(bytes: u64) -> String {
    decimal(bytes as f64 / 1e6, 0)
}

/// Four bassins, of the communes of a département that has many small ones.
fn create_territoire() -> Territoire {
    let bassins = fiches::list_bassins();
    Territoire {
        id: Id::from_name("banc"),
        slug: "banc".into(),
        nom: "Pays du Banc".into(),
        couleurs: Couleurs { principale: "#1f5c45".into(), accent: "#9a4a12".into() },
        ligne: LigneUnique { telephone: Some("04 65 71 26 26".into()), horaires: Some("Mo-Fr 09:00-12:00".into()), exceptions: vec![] },
        communes: bassins.iter().flat_map(|bassin| bassin.communes.iter().copied()).collect(),
        bassins,
        logo: None,
        fermeture: None,
    }
}
