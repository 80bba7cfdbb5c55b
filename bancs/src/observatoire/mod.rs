//! The observatoire at scale: ten years of demandes counted in the background while somebody reads, then each page timed.

mod faits;
mod pages;

use std::fmt::Write;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use kit::fait::has_uncounted;
use kit::{Clock, Db, Id};
use territoire::Commune;
use territoire::storage::list_territoires;

use crate::dossier::Dossier;
use crate::mesure::Mesure;
use crate::programme::{CLES, Programme, Serveur};
use crate::rapport::{decimal, push_verdict, whole};
use crate::tirage::Tirage;
use crate::{charge, generateur};
use pages::{Page, list_pages};

const SLUG: &str = "banc";
const COURRIEL: &str = "banc@example.org";
const MOT_DE_PASSE: &str = "mesurer la ligne";
/// Reads the figures, leads the pistes, and reads nobody.
const ROLE: &str = "pilote_action";
/// Structures of the annuaire for a thousand communes.
const STRUCTURES_POUR_MILLE: usize = 2_000;
const COMMUNES_PAR_BASSIN: usize = 50;
/// Between two pages asked while facts are counted.
const PAUSE: Duration = Duration::from_millis(200);

/// What is measured.
pub struct Plan {
    pub demandes: usize,
    pub communes: usize,
    /// How many times each page is asked.
    pub fois: usize,
    /// Filled when it is new, taken up when it is not; removed at the end when none is named.
    pub base: Option<String>,
}

/// Fills a base if it must be, counts, asks; gives the report.
pub fn run(plan: &Plan, programme: &Programme) -> Result<String> {
    let dossier = Dossier::create("observatoire")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure(plan, &Banc::prepare(plan, programme, &dossier)?))
}

/// The program on its base.
struct Banc<'a> {
    programme: &'a Programme,
    base: String,
    /// Keys and logs: kept with a base that is kept.
    dossier: PathBuf,
}

impl<'a> Banc<'a> {
    fn prepare(plan: &Plan, programme: &'a Programme, dossier: &Dossier) -> Result<Self> {
        let passing = dossier.path.join("observatoire.sqlite").display().to_string();
        let kept = std::env::temp_dir().join("bancs-observatoire");
        let banc = match &plan.base {
            None => Self { programme, base: passing, dossier: dossier.path.clone() },
            Some(base) => Self { programme, base: base.clone(), dossier: kept },
        };
        std::fs::create_dir_all(&banc.dossier)?;
        let cles = banc.dossier.join(CLES);
        if !cles.exists() {
            banc.run(&["cles", "creer", &cles.display().to_string()], "")?;
        }
        Ok(banc)
    }

    fn run(&self, arguments: &[&str], entree: &str) -> Result<Duration> {
        self.programme.run((&self.base, &self.dossier), arguments, entree)
    }
}

async fn measure(plan: &Plan, banc: &Banc<'_>) -> Result<String> {
    let mut text = String::new();
    banc.run(&["migrer"], "")?;
    let db = Db::open(&banc.base).await?;
    let known = list_territoires(&db).await?;
    let territoire = match known.iter().find(|one| one.slug == SLUG) {
        Some(territoire) => territoire.id,
        None => fill(plan, banc, &db, &mut text).await?,
    };
    let serveur = banc.programme.serve_base((&banc.base, &banc.dossier)).await?;
    let formulaire = format!("courriel={}&mot_de_passe={}", COURRIEL.replace('@', "%40"), MOT_DE_PASSE.replace(' ', "+"));
    let cookie = charge::sign_in(serveur.adresse, &format!("/{SLUG}/connexion"), &formulaire).await?;
    watch_counting((&serveur, &cookie), (&db, territoire), &mut text).await?;
    let communes = faits::list_communes(plan.communes);
    let commune = communes.iter().max_by_key(|commune| commune.population).context("aucune commune")?;
    for page in list_pages(SLUG, &commune.code.to_string(), Clock::system().now()) {
        let latences = charge::time(serveur.adresse, (&page.chemin, &cookie), plan.fois).await?;
        push_page(&mut text, &page, &Mesure::of(latences));
    }
    drop(serveur);
    let spent = banc.run(&["indicateurs", "--json", "--territoire", SLUG], "")?;
    push_verdict(&mut text, "maillage indicateurs --json : moins de 1 s", &seconds(spent), spent < Duration::from_secs(1));
    Ok(text)
}

/// The territoire, its annuaire, somebody to read, and the facts.
async fn fill(plan: &Plan, banc: &Banc<'_>, db: &Db, text: &mut String) -> Result<Id> {
    let communes = faits::list_communes(plan.communes);
    let codes = communes.iter().map(|commune| commune.code.to_string()).collect::<Vec<_>>().join(",");
    let bassins = write_bassins(&banc.dossier, &communes)?;
    banc.run(&["territoire", "creer", "--slug", SLUG, "--nom", "Banc", "--commune", &codes, "--bassins", &bassins], "")?;
    banc.run(&["compte", "creer", "--territoire", SLUG, "--courriel", COURRIEL, "--nom", "Camille Banc", "--role", ROLE], MOT_DE_PASSE)?;
    let annuaire = banc.dossier.join("annuaire.csv");
    let structures = (plan.communes * STRUCTURES_POUR_MILLE / 1_000).max(20);
    generateur::write_annuaire_of(&Tirage::among(communes.clone()), structures, BufWriter::new(File::create(&annuaire)?))?;
    banc.run(&["importer", "annuaire", &annuaire.display().to_string(), "--territoire", SLUG], "")?;
    let known = list_territoires(db).await?;
    let territoire = known.iter().find(|one| one.slug == SLUG).context("le territoire n’est pas là")?.id;
    let start = Instant::now();
    eprintln!("{} demandes s’écrivent…", whole(plan.demandes));
    let written = faits::write_faits(db, territoire, &communes, (plan.demandes, Clock::system().now())).await?;
    let said = format!("{} demandes, {} faits, {} communes : écrits en", whole(plan.demandes), whole(written), whole(communes.len()));
    let _infallible = writeln!(text, "{said} {}.", seconds(start.elapsed()));
    Ok(territoire)
}

fn write_bassins(dossier: &Path, communes: &[&Commune]) -> Result<String> {
    let path = dossier.join("bassins.csv");
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_path(&path)?;
    writer.write_record(["bassin_code", "bassin_nom", "code_insee"])?;
    for (rang, commune) in communes.iter().enumerate() {
        let bassin = rang / COMMUNES_PAR_BASSIN;
        writer.write_record([&format!("b{bassin}"), &format!("Bassin {bassin}"), &commune.code.to_string()])?;
    }
    writer.flush()?;
    Ok(path.display().to_string())
}

/// The program counts by itself; somebody reads the first page all the while.
async fn watch_counting((serveur, cookie): (&Serveur, &str), (db, territoire): (&Db, Id), text: &mut String) -> Result<()> {
    let chemin = format!("/{SLUG}/equipe/observatoire");
    let (start, mut latences) = (Instant::now(), vec![]);
    while has_uncounted(db.read(), territoire).await? {
        latences.extend(charge::time(serveur.adresse, (&chemin, cookie), 1).await?);
        tokio::time::sleep(PAUSE).await;
    }
    if latences.is_empty() {
        return Ok(());
    }
    let _infallible = writeln!(text, "Comptés par le programme en {}.", seconds(start.elapsed()));
    push_page(text, &Page::ordinary("pendant ce temps, le coup d’œil", &chemin), &Mesure::of(latences));
    Ok(())
}

fn push_page(text: &mut String, page: &Page, mesure: &Mesure) {
    let [half, p99, worst] = [50.0, 99.0, 100.0].map(|percent| mesure.percentile_ms(percent));
    let target = format!("{} : moins de {} ms", page.nom, page.seuil.as_millis());
    let found =
        format!("moitié {} ms, p99 {} ms, pire {} ms ({} fois)", decimal(half, 0), decimal(p99, 0), decimal(worst, 0), mesure.answers());
    push_verdict(text, &target, &found, worst < page.seuil.as_secs_f64() * 1e3);
}

fn seconds(time: Duration) -> String {
    format!("{} s", decimal(time.as_secs_f64(), 1))
}
