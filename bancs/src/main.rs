//! The project's own bench: a national annuaire made up always the same, the real program under load, and beside it
//! the floor (the same bytes returned by a bare handler) to which its cost is compared within one run.
//! Absolute figures depend on the machine; the ratio to the floor is the one that is held.

mod alea;
mod charge;
mod dossier;
mod generateur;
mod mesure;
mod observatoire;
mod orientations;
mod plancher;
mod processus;
mod programme;
mod rapport;
mod repertoire;
mod tirage;

use std::fs::File;
use std::io::BufWriter;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

#[derive(Parser)]
#[command(name = "bancs", version, about = "Mesure Maillage sur un annuaire national fictif, toujours le même")]
struct Cli {
    #[command(subcommand)]
    commande: Option<Commande>,
    #[command(flatten)]
    orientations: Orientations,
}

#[derive(Subcommand)]
enum Commande {
    /// Mesure les orientations (sans sous-commande : la même chose)
    Orientations(Orientations),
    /// Mesure l’observatoire : dix années de demandes comptées, puis chacune de ses pages
    Observatoire(Observatoire),
    /// Mesure le répertoire imprimé : les livrets de quatre bassins, sous toutes leurs formes
    Repertoire(Repertoire),
    /// Écrit l’annuaire national fictif, au format d’import
    Generer {
        #[arg(long, default_value_t = generateur::STRUCTURES)]
        structures: usize,
        fichier: PathBuf,
    },
    /// Sert toujours les mêmes octets : le plancher auquel on compare
    Plancher {
        #[arg(long)]
        adresse: SocketAddr,
        /// Le fichier dont les octets sont servis
        #[arg(long)]
        corps: PathBuf,
        /// Le type de contenu annoncé
        #[arg(long, default_value = "application/json")]
        nature: String,
    },
}

#[derive(Args, Clone)]
struct Orientations {
    /// Nombre de structures de l’annuaire
    #[arg(long, default_value_t = generateur::STRUCTURES)]
    structures: usize,
    /// Vérifie seulement que tout fonctionne : 1 000 structures, mesures de 0,3 s
    #[arg(long)]
    rapide: bool,
    /// Le programme à mesurer ; par défaut, celui qui est à côté de bancs
    #[arg(long)]
    maillage: Option<PathBuf>,
}

#[derive(Args, Clone)]
struct Observatoire {
    /// Nombre de demandes ; trois faits chacune
    #[arg(long, default_value_t = 1_000_000)]
    demandes: usize,
    /// Nombre de communes du territoire
    #[arg(long, default_value_t = 1_000)]
    communes: usize,
    /// Nombre de fois où chaque page est demandée
    #[arg(long, default_value_t = 20)]
    fois: usize,
    /// Base à remplir, et à garder : fichier SQLite ou postgres://… ; reprise telle quelle si elle est déjà remplie
    #[arg(long, value_name = "ADRESSE")]
    base: Option<String>,
    /// Le programme à mesurer ; par défaut, celui qui est à côté de bancs
    #[arg(long)]
    maillage: Option<PathBuf>,
}

#[derive(Args, Clone)]
struct Repertoire {
    /// Nombre de fiches du livret d’un bassin
    #[arg(long, default_value_t = 400)]
    fiches: usize,
    /// Dossier où garder les livrets, pour les regarder
    #[arg(long, value_name = "DOSSIER")]
    sortie: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("bancs : {failure:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.commande.unwrap_or(Commande::Orientations(cli.orientations)) {
        Commande::Orientations(asked) => run_orientations(asked),
        Commande::Observatoire(asked) => {
            let plan = observatoire::Plan { demandes: asked.demandes, communes: asked.communes, fois: asked.fois, base: asked.base };
            print!("{}", observatoire::run(&plan, &programme::Programme::find(asked.maillage)?)?);
            Ok(())
        }
        Commande::Repertoire(asked) => {
            print!("{}", repertoire::run(asked.fiches, asked.sortie.as_deref())?);
            Ok(())
        }
        Commande::Generer { structures, fichier } => {
            let services = generateur::write_annuaire(structures, BufWriter::new(File::create(&fichier)?))?;
            println!("{} : {structures} structures, {services} services", fichier.display());
            Ok(())
        }
        Commande::Plancher { adresse, corps, nature } => plancher::run(adresse, &corps, &nature),
    }
}

fn run_orientations(asked: Orientations) -> anyhow::Result<()> {
    let plan = if asked.rapide { orientations::Plan::rapide() } else { orientations::Plan::whole(asked.structures) };
    let programme = programme::Programme::find(asked.maillage)?;
    let bilan = orientations::run(&plan, &programme)?;
    print!("{}", rapport::write(&bilan));
    Ok(())
}
