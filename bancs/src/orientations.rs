//! The run: for each size of annuaire, build it, start the program, and load it and its floor in turns.

use std::fs::File;
use std::io::BufWriter;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::charge::{self, Requetes};
use crate::dossier::Dossier;
use crate::mesure::Mesure;
use crate::processus;
use crate::programme::{Programme, Serveur};
use crate::{generateur, tirage};

const QUESTIONS: usize = 20_000;
const GRAINE: u64 = 36_173;
/// Answers among which the one of median size becomes the floor's.
const ECHANTILLON: usize = 301;
/// What an answer that found something says.
const SOLVED: &str = r#""sans_solution":null"#;
/// The connections at which sizes are compared.
pub const CONNEXIONS_COMPAREES: usize = 8;

/// What is measured, and for how long.
pub struct Plan {
    /// From the smallest to the one on which the targets are judged.
    tailles: Vec<usize>,
    connexions: Vec<usize>,
    tour: Duration,
    tours: usize,
    chauffe: Duration,
}

impl Plan {
    pub fn whole(structures: usize) -> Self {
        let mut tailles: Vec<usize> = [1_000, 10_000].into_iter().filter(|taille| *taille < structures).collect();
        tailles.push(structures);
        Self {
            tailles,
            connexions: vec![1, CONNEXIONS_COMPAREES, 64],
            tour: Duration::from_secs(3),
            tours: 2,
            chauffe: Duration::from_secs(1),
        }
    }

    /// Too short for its figures to mean anything: it shows that the bench works.
    pub fn rapide() -> Self {
        let (tour, chauffe) = (Duration::from_millis(300), Duration::from_millis(50));
        Self { tailles: vec![100, 1_000], connexions: vec![1, CONNEXIONS_COMPAREES, 64], tour, tours: 1, chauffe }
    }
}

/// All that a run found.
pub struct Bilan {
    pub tour: Duration,
    pub tours: usize,
    /// In the order of the plan: the last is the one judged.
    pub tailles: Vec<Taille>,
}

/// What one size of annuaire gave.
pub struct Taille {
    pub structures: usize,
    pub services: usize,
    pub import: Duration,
    pub demarrage: Duration,
    /// Resident memory at start, after the load, and at its highest, in bytes.
    pub memoire: [u64; 3],
    /// Bytes of the body that the floor returns.
    pub corps: usize,
    /// Share of the questions that nothing answers: widening them is other work.
    pub sans_solution: f64,
    pub comparaisons: Vec<Comparaison>,
}

/// The program and its floor under the same load.
pub struct Comparaison {
    pub connexions: usize,
    pub orientation: Mesure,
    pub plancher: Mesure,
}

impl Comparaison {
    /// CPU of an orientation, in floors.
    pub fn ratio(&self) -> f64 {
        self.orientation.cpu_us() / self.plancher.cpu_us()
    }
}

/// The load runs on one thread: it leaves what it can of the machine to the server.
pub fn run(plan: &Plan, programme: &Programme) -> Result<Bilan> {
    let dossier = Dossier::create("orientations")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let chemins = tirage::list_questions(QUESTIONS, GRAINE);
    let mut tailles = vec![];
    for structures in &plan.tailles {
        let is_judged = Some(structures) == plan.tailles.last();
        let connexions = if is_judged { plan.connexions.as_slice() } else { &[CONNEXIONS_COMPAREES] };
        eprintln!("{structures} structures…");
        tailles.push(runtime.block_on(measure_taille(
            *structures,
            connexions,
            plan,
            programme,
            &Lieux { dossier: &dossier, chemins: &chemins },
        ))?);
    }
    Ok(Bilan { tour: plan.tour, tours: plan.tours, tailles })
}

/// Where files go and what is asked.
struct Lieux<'a> {
    dossier: &'a Dossier,
    chemins: &'a [String],
}

async fn measure_taille(structures: usize, connexions: &[usize], plan: &Plan, programme: &Programme, lieux: &Lieux<'_>) -> Result<Taille> {
    let fichier = lieux.dossier.path.join(format!("{structures}.csv"));
    let base = lieux.dossier.path.join(format!("{structures}.sqlite"));
    let services = generateur::write_annuaire(structures, BufWriter::new(File::create(&fichier)?))?;
    programme.create_france(&base)?;
    let import = programme.import(&fichier, &base)?;
    let (serveur, demarrage) = programme.serve(&base).await?;
    let (at_start, _) = processus::read_memoire(serveur.pid())?;
    let sample = take_sample(serveur.adresse, lieux.chemins).await?;
    let modele = lieux.dossier.path.join(format!("{structures}.json"));
    std::fs::write(&modele, &sample.corps)?;
    let plancher = programme.serve_plancher(&modele, &sample.nature).await?;
    let mut comparaisons = vec![];
    for connexions in connexions {
        comparaisons.push(compare(&serveur, &plancher, *connexions, plan, lieux.chemins).await?);
    }
    let (after, highest) = processus::read_memoire(serveur.pid())?;
    Ok(Taille {
        structures,
        services,
        import,
        demarrage,
        memoire: [at_start, after, highest],
        corps: sample.corps.len(),
        sans_solution: sample.sans_solution,
        comparaisons,
    })
}

/// The program and its floor in turns: what disturbs the machine disturbs both.
async fn compare(serveur: &Serveur, plancher: &Serveur, connexions: usize, plan: &Plan, chemins: &[String]) -> Result<Comparaison> {
    let requetes = |serveur: &Serveur| Arc::new(Requetes::new(serveur.adresse, chemins));
    let (asked, floor) = (requetes(serveur), requetes(plancher));
    charge::load(serveur.adresse, &asked, connexions, plan.chauffe).await?;
    charge::load(plancher.adresse, &floor, connexions, plan.chauffe).await?;
    let (mut orientation, mut bare) = (Mesure::default(), Mesure::default());
    for _ in 0..plan.tours {
        orientation.add_round(serveur, &asked, connexions, plan.tour).await?;
        bare.add_round(plancher, &floor, connexions, plan.tour).await?;
    }
    Ok(Comparaison { connexions, orientation: orientation.finish(), plancher: bare.finish() })
}

/// A few real answers, looked at before the load.
struct Echantillon {
    /// The content type and the body of the answer of median size.
    nature: String,
    corps: Vec<u8>,
    sans_solution: f64,
}

async fn take_sample(adresse: SocketAddr, chemins: &[String]) -> Result<Echantillon> {
    let mut answers = vec![];
    for chemin in chemins.iter().take(ECHANTILLON) {
        answers.push(charge::fetch(adresse, chemin).await?);
    }
    let solved = answers.iter().filter(|(_, corps)| String::from_utf8_lossy(corps).contains(SOLVED)).count();
    let sans_solution = 1.0 - solved as f64 / answers.len().max(1) as f64;
    answers.sort_by_key(|(_, corps)| corps.len());
    let middle = answers.len() / 2;
    let (nature, corps) = answers.into_iter().nth(middle).context("aucune réponse à copier")?;
    Ok(Echantillon { nature, corps, sans_solution })
}
