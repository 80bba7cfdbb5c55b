//! The file of keys: where it is looked for, `maillage cles creer | tourner | rechiffrer`.

use std::path::{Path, PathBuf};

use accueil::storage::rechiffrement::rechiffrer;
use anyhow::{anyhow, bail};
use kit::{Coffre, Db};

use super::arguments::{ActionCles, Cles};

const FILE: &str = "maillage.cles";

/// The file that was named, or the one beside a SQLite file; none for PostgreSQL.
pub fn find_path(named: Option<&PathBuf>, base: &str) -> Option<PathBuf> {
    if let Some(named) = named {
        return Some(named.clone());
    }
    let is_file = !base.starts_with("postgres:") && !base.starts_with("postgresql:");
    let path = base.trim_start_matches("sqlite://").trim_start_matches("sqlite:");
    let path = path.split('?').next().unwrap_or(path);
    is_file.then(|| Path::new(path).with_file_name(FILE))
}

/// The keys of a program that serves. Beside a SQLite file they are created the first time; a file that was named must exist.
pub fn open_for_service(named: Option<&PathBuf>, base: &str) -> anyhow::Result<Coffre> {
    let Some(path) = find_path(named, base) else {
        bail!(
            "il faut un fichier de clés pour chiffrer les notes et les coordonnées : créez-le avec « maillage cles creer FICHIER », \
             puis indiquez-le par --cles FICHIER, par MAILLAGE_CLES, ou par la ligne cles de maillage.toml"
        );
    };
    if named.is_some() || path.exists() {
        return Coffre::read(&path);
    }
    match Coffre::create(&path) {
        Ok(coffre) => {
            tracing::warn!(fichier = %path.display(), "fichier de clés créé : gardez-en une copie ailleurs que la base");
            Ok(coffre)
        }
        // Another program that starts at the same time may have just created it.
        Err(error) => Coffre::read(&path).map_err(|_| error),
    }
}

/// The demo's: those that were named, those beside its file, or a key that leaves with it.
pub fn open_for_demo(named: Option<&PathBuf>, base: Option<&str>) -> anyhow::Result<Coffre> {
    match base.and_then(|base| find_path(named, base).map(|_| base)) {
        Some(base) => open_for_service(named, base),
        None if named.is_some() => open_for_service(named, ""),
        None => Ok(Coffre::ephemeral()?),
    }
}

pub async fn act(asked: Cles, named: Option<&PathBuf>, base: &str) -> anyhow::Result<()> {
    let configured = find_path(named, base);
    let missing =
        || anyhow!("quel fichier de clés ? Indiquez-le par --cles FICHIER, par MAILLAGE_CLES, ou par la ligne cles de maillage.toml");
    match asked.action {
        ActionCles::Creer { fichier } => {
            Coffre::create(&fichier)?;
            println!(
                "{} est créé, lisible par vous seul. Gardez-en une copie ailleurs que la base : sans lui, rien ne se relit.",
                fichier.display()
            );
        }
        ActionCles::Tourner => {
            let path = configured.ok_or_else(missing)?;
            Coffre::rotate(&path)?;
            println!("{} a une clé de plus. Redémarrez « maillage servir », puis lancez « maillage cles rechiffrer ».", path.display());
        }
        ActionCles::Rechiffrer => {
            let coffre = Coffre::read(&configured.ok_or_else(missing)?)?;
            rechiffrer_all(super::open(base).await?, &coffre).await?;
        }
    }
    Ok(())
}

async fn rechiffrer_all(db: Db, coffre: &Coffre) -> anyhow::Result<()> {
    schema::migrate(&db, super::clock().now()).await?;
    let done = rechiffrer(&db, coffre).await?;
    let (secrets, perdus) = comptes::storage::rechiffrer(&db, coffre).await?;
    let (abonnements, fermes) = diffusion::storage::abonnement::rechiffrer(&db, coffre).await?;
    let (messages, muets) = ligne::storage::rechiffrement::rechiffrer(&db, coffre).await?;
    println!(
        "{}, {}, {}, {}, avec la clé la plus récente.",
        ui::format::compte(done.rechiffrees, "demande rechiffrée", "demandes rechiffrées"),
        ui::format::compte(secrets, "second facteur rechiffré", "seconds facteurs rechiffrés"),
        ui::format::compte(abonnements, "abonnement rechiffré", "abonnements rechiffrés"),
        ui::format::compte(messages, "texte ou son de message rechiffré", "textes ou sons de messages rechiffrés")
    );
    if muets > 0 {
        bail!(
            "{} : leur clé manque, ou ils ont été altérés. Ils sont restés tels quels.",
            ui::format::compte(muets, "texte ou son de message ne s’ouvre pas", "textes ou sons de messages ne s’ouvrent pas")
        );
    }
    if fermes > 0 {
        bail!(
            "{} : leur clé manque. Retirez-les depuis la page des données ouvertes.",
            ui::format::compte(fermes, "abonnement ne s’ouvre pas", "abonnements ne s’ouvrent pas")
        );
    }
    if perdus > 0 {
        bail!(
            "{} : leur clé manque. Retirez-les depuis la page des comptes.",
            ui::format::compte(perdus, "second facteur ne s’ouvre pas", "seconds facteurs ne s’ouvrent pas")
        );
    }
    if done.illisibles > 0 {
        bail!(
            "{} : leur clé manque, ou le texte a été altéré. Elles sont restées telles quelles.",
            ui::format::compte(done.illisibles, "demande ne s’ouvre pas", "demandes ne s’ouvrent pas")
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stand_beside_a_sqlite_file_and_nowhere_for_postgresql() {
        let find = |base: &str| find_path(None, base).map(|path| path.display().to_string());
        assert_eq!(find("sqlite:maillage.sqlite").as_deref(), Some("maillage.cles"));
        assert_eq!(find("/var/lib/maillage/base.sqlite").as_deref(), Some("/var/lib/maillage/maillage.cles"));
        assert_eq!(find("sqlite:///srv/m.sqlite?mode=rwc").as_deref(), Some("/srv/maillage.cles"));
        assert_eq!(find("postgres://h/m"), None);
        assert_eq!(find_path(Some(&"c".into()), "postgres://h/m"), Some("c".into()));
    }
}
