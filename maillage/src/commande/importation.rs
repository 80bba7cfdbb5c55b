//! `maillage importer annuaire`: verified whole, then written whole, with a bar that moves.

use std::process::ExitCode;
use std::sync::Arc;

use annuaire::import::{self, Rapport};
use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressStyle};
use kit::Db;
use territoire::{Couleurs, LigneUnique, Referentiel, Territoire};

use super::arguments::{Importation, ObjetImporte};

pub async fn import(db: Db, importation: &Importation) -> anyhow::Result<ExitCode> {
    let ObjetImporte::Annuaire(asked) = &importation.objet;
    schema::migrate(&db, super::clock().now()).await?;
    let territoire = match find_territoire(&db, asked.territoire.as_deref()).await {
        Err(_) if asked.verifier && asked.territoire.is_none() => read_without_territoire(),
        found => found?,
    };
    let contenu = std::fs::read(&asked.fichier).with_context(|| format!("le fichier {} ne s’ouvre pas", asked.fichier.display()))?;
    let name = asked.fichier.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let bar = bar("Vérification");
    let appris = annuaire::storage::colonnes::list_appris(&db, territoire.id).await?;
    let verification = import::verify_with(&contenu, &name, (&territoire, &appris), &|done, total| advance(&bar, done, total));
    bar.finish_and_clear();
    print_rapport(&verification.rapport);
    if !verification.rapport.is_accepted() {
        println!("Rien n’a été importé. Corrigez ces lignes, puis recommencez.");
        return Ok(ExitCode::FAILURE);
    }
    if asked.verifier {
        println!("Rien n’a été écrit : relancez sans --verifier pour importer.");
        return Ok(ExitCode::SUCCESS);
    }
    write(&db, &territoire, &verification).await?;
    Ok(ExitCode::SUCCESS)
}

async fn write(db: &Db, territoire: &Territoire, verification: &import::Verification) -> anyhow::Result<()> {
    let bar = bar("Écriture");
    import::import(db, territoire, verification, super::clock().now(), &|done, total| advance(&bar, done, total)).await?;
    bar.finish_and_clear();
    let services = verification.inscriptions.len();
    println!(
        "Importé dans {} : {}, {}.",
        territoire.nom,
        ui::format::compte(verification.rapport.structures, "structure", "structures"),
        ui::format::compte(services, "service", "services")
    );
    Ok(())
}

fn bar(label: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:14} {bar:40} {pos}/{len}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style).with_message(label)
}

fn advance(bar: &ProgressBar, done: usize, total: usize) {
    bar.set_length(total as u64);
    bar.set_position(done as u64);
}

fn print_rapport(rapport: &Rapport) {
    println!(
        "{}, {} ; {}, dont {}.",
        ui::format::compte(rapport.lignes, "ligne lue", "lignes lues"),
        ui::format::compte(rapport.structures, "structure", "structures"),
        ui::format::compte(rapport.total, "remarque", "remarques"),
        ui::format::compte(rapport.bloquants, "bloquante", "bloquantes")
    );
    for probleme in &rapport.problemes {
        let place = if probleme.ligne == 0 { probleme.fichier.clone() } else { format!("{}, ligne {}", probleme.fichier, probleme.ligne) };
        let column = if probleme.colonne.is_empty() { String::new() } else { format!(", colonne {}", probleme.colonne) };
        let value = if probleme.valeur.is_empty() { String::new() } else { format!(" « {} »", probleme.valeur) };
        let weight = if probleme.bloquant { "à corriger" } else { "à vérifier" };
        println!("  {place}{column}{value} – {weight} : {}", probleme.conseil);
    }
    if rapport.total > rapport.problemes.len() {
        println!("  … et {} autres remarques.", rapport.total - rapport.problemes.len());
    }
}

/// To look at a file before any territoire exists, or whichever it is for: all of France.
fn read_without_territoire() -> Arc<Territoire> {
    let communes = Referentiel::get().communes().iter().map(|commune| commune.rang).collect();
    Arc::new(Territoire {
        id: kit::Id::from_name("france"),
        slug: "france".into(),
        nom: "France".into(),
        couleurs: Couleurs { principale: "#1f5c45".into(), accent: "#8a5a00".into() },
        ligne: LigneUnique::default(),
        communes,
        bassins: vec![],
        logo: None,
        fermeture: None,
    })
}

/// The territoire named, or the only one.
pub async fn find_territoire(db: &Db, slug: Option<&str>) -> anyhow::Result<Arc<Territoire>> {
    let all = territoire::storage::list_territoires(db).await?;
    let known = all.iter().map(|one| one.slug.as_str()).collect::<Vec<_>>().join(", ");
    let mut matching = all.into_iter().filter(|one| slug.is_none_or(|slug| one.slug == slug));
    match (matching.next(), matching.next()) {
        (Some(only), None) => Ok(Arc::new(only)),
        (None, _) if known.is_empty() => bail!("aucun territoire n’existe encore : créez-en un avec « maillage territoire creer »"),
        (None, _) => bail!("le territoire « {} » n’existe pas ; il y a : {known}", slug.unwrap_or_default()),
        (Some(_), Some(_)) => bail!("plusieurs territoires existent : ajoutez --territoire avec l’un de {known}"),
    }
}
