//! `maillage servir`, `demo`, `migrer`.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use comptes::SecondFacteur;
use diffusion::publication::keep_published;
use kit::{Coffre, Db};
use ligne::{Boite, Repondeur};
use messages::Facteur;
use sauvegarde::planification;
use tokio::net::TcpListener;

use crate::reglages::{Reglages, ReglagesCourriel, ReglagesTelephonie};
use crate::{App, conservation, demo, metriques, recensement, serveur, shell, veille};

pub async fn serve(db: Db, coffre: Coffre, (base, adresse): (&str, Option<String>), reglages: &Reglages) -> anyhow::Result<()> {
    let plan = reglages.plan(base)?;
    super::sauvegarde::save_before_migration(&db, base, reglages).await?;
    let app = App::open(db, super::clock(), coffre, SecondFacteur::Exige).await?.set_by(base, reglages);
    if let Some(plan) = plan {
        tokio::spawn(planification::keep_saved(app.db.clone(), app.clock.clone(), plan));
    }
    if reglages.conservation_quotidienne.unwrap_or(true) {
        tokio::spawn(conservation::keep_kept(app.db.clone(), app.clock.clone()));
    }
    // Ahead of all that writes letters: one whose clock rang while the program was stopped would be marked, and never written.
    let facteur = app.reach(reglages)?;
    tokio::spawn(recensement::keep_reminding(app.clone()));
    tokio::spawn(veille::keep_watching(app.clone()));
    tokio::spawn(accueil::prise_en_charge::keep_watch(app.accueil(), app.territoires.clone()));
    let listener = bind(&reglages.adresse(adresse)).await?;
    tokio::spawn(keep_published(app.diffusion(), PUBLISHED_AFTER));
    listen(app, listener, (reglages, facteur), &[]).await
}

/// How long after its start a program first looks whether there is an edition to publish.
const PUBLISHED_AFTER: Duration = Duration::from_secs(600);

/// On a file when one is given, else on a fresh one that leaves with the program.
pub async fn demo(base: Option<String>, coffre: Coffre, adresse: &str) -> anyhow::Result<()> {
    let passing = std::env::temp_dir().join(format!("maillage-demo-{}", std::process::id()));
    let path = match &base {
        Some(base) => base.clone(),
        None => {
            std::fs::create_dir_all(&passing)?;
            passing.join("demo.sqlite").display().to_string()
        }
    };
    let listener = bind(adresse).await?;
    let courriels = passing.join("courriels");
    let reglages = set_demo(listener.local_addr()?.port(), &courriels);
    let app = App::open(super::open(&path).await?, super::clock(), coffre, SecondFacteur::Facultatif).await?.set_by(&path, &reglages);
    let mut lines = demo::prepare(&app).await?;
    let facteur = app.reach(&reglages)?;
    tokio::spawn(keep_published(app.diffusion(), Duration::ZERO));
    tokio::spawn(accueil::prise_en_charge::keep_watch(app.accueil(), app.territoires.clone()));
    tokio::spawn(veille::keep_watching(app.clone()));
    lines.push(format!("Les courriels et les SMS de la démonstration s’écrivent dans {}", courriels.display()));
    let served = listen(app, listener, (&reglages, facteur), &lines).await;
    if passing.exists() {
        std::fs::remove_dir_all(&passing)?;
    }
    served
}

/// The demo on this machine: its messages become files, and passkeys work at `http://localhost`.
fn set_demo(port: u16, courriels: &Path) -> Reglages {
    let courriel = ReglagesCourriel { serveur: courriels.display().to_string(), expediteur: "maillage@example.org".into() };
    let telephonie = ReglagesTelephonie::demo(courriels.display().to_string());
    Reglages {
        origine: Some(format!("http://localhost:{port}")),
        courriel: Some(courriel),
        telephonie: Some(telephonie),
        ..Reglages::default()
    }
}

pub async fn migrate(db: &Db, base: &str, reglages: &Reglages) -> anyhow::Result<ExitCode> {
    super::sauvegarde::save_before_migration(db, base, reglages).await?;
    let done = schema::migrate(db, super::clock().now()).await?;
    match done.as_slice() {
        [] => println!("Le schéma est déjà à jour."),
        done => done.iter().for_each(|version| println!("appliquée : {version}")),
    }
    Ok(ExitCode::SUCCESS)
}

async fn bind(adresse: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(adresse).await.with_context(|| format!("l’adresse {adresse} ne peut pas être écoutée : est-elle déjà prise ?"))
}

async fn listen(
    app: App,
    listener: TcpListener,
    (reglages, facteur): (&Reglages, Option<Facteur>),
    lines: &[String],
) -> anyhow::Result<()> {
    if let Some(facteur) = facteur {
        tokio::spawn(facteur.go_round());
    }
    println!("Maillage écoute sur http://{}", listener.local_addr()?);
    lines.iter().for_each(|line| println!("{line}"));
    app.resume().await?;
    let router = match &reglages.jeton_metriques {
        Some(jeton) => app.router().merge(shell::defend(metriques::start(&app, jeton)?.into_router())),
        None => app.router(),
    };
    if let Some(releve) = app.releve() {
        tokio::spawn(releve.go_round());
    }
    if let Some(asked) = &reglages.repondeur {
        if let Some(dossier) = &asked.dossier {
            tokio::spawn(Repondeur::new(app.ligne(), dossier.clone()).go_round());
        }
        for one in &asked.boites {
            tokio::spawn(Boite::parse(&one.territoire, &one.adresse)?.go_round(app.ligne()));
        }
    }
    tokio::spawn(diffusion::annonce::keep_announced(app.diffusion()));
    tokio::spawn(observatoire::keep_counted(app.observatoire()));
    tokio::spawn(app.keep_fresh());
    serveur::serve(listener, router, reglages.limites(), wait_for_stop()).await
}

/// Ctrl-C, or the stop that systemd sends.
async fn wait_for_stop() {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}
