//! The command line, in French, as operators and developers use it.

mod arguments;
mod bilan;
mod cles;
mod conservation;
mod creation;
mod demonstration;
mod doublons;
mod etat;
mod exportation;
mod importation;
mod indicateurs;
mod ligne;
mod orientation;
mod refus;
mod repertoire;
mod sauvegarde;
mod service;
mod territoire;

use std::process::ExitCode;

use anyhow::Context;
use clap::{CommandFactory, FromArgMatches};
use kit::{Clock, Db};

use crate::reglages::Reglages;
use arguments::{Action, Commande};

/// Runs the command line of the process; a failure is one French sentence on the error output.
pub fn run() -> ExitCode {
    let read = arguments::in_french(Commande::command()).try_get_matches().and_then(|matches| Commande::from_arg_matches(&matches));
    let commande = match read {
        Ok(commande) => commande,
        Err(error) => return refuse(&error),
    };
    start_logs();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&anyhow::Error::from(error)),
    };
    match runtime.block_on(act(commande)) {
        Ok(code) => code,
        Err(error) => fail(&error),
    }
}

/// A mistake on the command line leaves with 2, as usual; help and version leave with 0.
fn refuse(error: &clap::Error) -> ExitCode {
    match refus::explain(error) {
        Some(sentence) => {
            eprintln!("maillage : {sentence}");
            ExitCode::from(2)
        }
        None => error.exit(),
    }
}

fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!("maillage : {error:#}");
    ExitCode::FAILURE
}

/// `MAILLAGE_LOG` says how much (`info`, `debug`…); `MAILLAGE_LOG_FORMAT=json`, one JSON object per line.
fn start_logs() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("MAILLAGE_LOG").unwrap_or_else(|_| "warn".into());
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::env::var("MAILLAGE_LOG_FORMAT").is_ok_and(|format| format == "json") {
        logs.json().init();
    } else {
        logs.init();
    }
}

async fn act(commande: Commande) -> anyhow::Result<ExitCode> {
    let reglages = Reglages::read(commande.reglages.as_ref())?;
    let base = reglages.base(commande.base.clone());
    let named = commande.cles.or_else(|| reglages.cles.clone());
    match commande.action {
        Action::Servir { adresse } => {
            let coffre = cles::open_for_service(named.as_ref(), &base)?;
            service::serve(open(&base).await?, coffre, (&base, adresse), &reglages).await?;
        }
        Action::Demo { adresse } => {
            let coffre = cles::open_for_demo(named.as_ref(), commande.base.as_deref())?;
            service::demo(commande.base, coffre, &reglages.adresse(adresse)).await?;
        }
        Action::Migrer => return service::migrate(&open(&base).await?, &base, &reglages).await,
        Action::Orienter(question) => orientation::orient(open(&base).await?, &question).await?,
        Action::Importer(importation) => return importation::import(open(&base).await?, &importation).await,
        Action::Exporter(asked) => exportation::export(&base, commande.base.is_some(), &reglages, &asked).await?,
        Action::Doublons(asked) => doublons::list(open(&base).await?, &asked).await?,
        Action::Territoire(asked) => {
            let coffre = || cles::open_for_service(named.as_ref(), &base);
            territoire::act(open(&base).await?, asked.action, coffre).await?;
        }
        Action::Bilan(asked) => bilan::write(&base, commande.base.is_some() || reglages.base.is_some(), &asked).await?,
        Action::Repertoire(asked) => {
            let adresse = reglages.origine.clone().unwrap_or_default();
            repertoire::write(&base, commande.base.is_some() || reglages.base.is_some(), (&asked, &adresse)).await?;
        }
        Action::Indicateurs(asked) => {
            indicateurs::show(open(&base).await?, &asked).await?;
        }
        Action::Ligne(asked) => {
            let arguments::ActionLigne::Etat(asked) = asked.action;
            ligne::show(open(&base).await?, &asked).await?;
        }
        Action::Etat => return etat::show(base, reglages).await,
        Action::Cle(cle) => sauvegarde::create_cle(&cle)?,
        Action::Sauvegarder(asked) => sauvegarde::save(&base, &reglages, asked).await?,
        Action::Restaurer(asked) => sauvegarde::restore(&base, &reglages, asked).await?,
        Action::Compte(compte) => creation::create_compte(open(&base).await?, compte).await?,
        Action::Conservation(asked) => conservation::act(open(&base).await?, asked).await?,
        Action::Cles(asked) => cles::act(asked, named.as_ref(), &base).await?,
        Action::Registre => print!("{}", schema::traitements::write_registre(is_chiffree)?),
    }
    Ok(ExitCode::SUCCESS)
}

/// What the register of treatments says of encryption is what the storage does.
fn is_chiffree(colonne: &schema::colonnes::Colonne) -> bool {
    let (table, nom) = (colonne.table.as_str(), colonne.colonne.as_str());
    table == accueil::storage::TABLE && accueil::storage::COLONNES_CHIFFREES.contains(&nom)
        || ::ligne::storage::COLONNES_CHIFFREES.contains(&(table, nom))
}

/// Opens the base of a command that will bring it to this program's schema: what it holds is copied beside it first.
async fn open(base: &str) -> anyhow::Result<Db> {
    let db = open_as_it_is(base).await?;
    if let Some(copy) = ::sauvegarde::copy_before_migration(&db, base).await? {
        eprintln!("Le schéma va être mis à jour ; la base d’avant est gardée dans {}", copy.display());
    }
    Ok(db)
}

async fn open_as_it_is(base: &str) -> anyhow::Result<Db> {
    Db::open(base).await.with_context(|| format!("la base {} ne s’ouvre pas", without_password(base)))
}

/// `postgres://user:***@host`: a password is never written on a terminal.
fn without_password(base: &str) -> String {
    match (base.split_once("://"), base.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://***@{host}"),
        _ => base.to_string(),
    }
}

fn clock() -> Clock {
    Clock::system()
}
