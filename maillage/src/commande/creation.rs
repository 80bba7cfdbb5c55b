//! `maillage territoire creer` and `maillage compte creer`.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, anyhow};
use kit::{Db, Id};
use territoire::{Bassin, Couleurs, LigneUnique, Referentiel, Territoire};

use super::arguments::{self, ActionCompte, NouveauTerritoire};
use super::importation::find_territoire;

pub async fn create_territoire(db: Db, asked: NouveauTerritoire) -> anyhow::Result<()> {
    let now = super::clock().now();
    let telephone = asked.telephone.as_deref().map(kit::telephone::read).transpose().map_err(|sentence| anyhow!(sentence))?;
    if let Some(horaires) = &asked.horaires {
        annuaire::rules::horaires::check(horaires).map_err(|sentence| anyhow!(sentence))?;
    }
    let territoire = Territoire {
        id: Id::new(now),
        slug: asked.slug.clone(),
        nom: asked.nom.clone(),
        couleurs: Couleurs { principale: asked.couleur.clone(), accent: asked.accent.clone() },
        ligne: LigneUnique { telephone, horaires: asked.horaires.clone(), ..LigneUnique::default() },
        communes: list_communes(&asked)?,
        bassins: asked.bassins.as_deref().map(read_bassins).transpose()?.unwrap_or_default(),
        logo: None,
        fermeture: None,
    };
    let tx = db.begin().await?;
    territoire::storage::insert_territoire(&tx, &territoire, now)
        .await
        .context("le territoire n’a pas été créé (peut-être existe-t-il déjà)")?;
    tx.commit().await?;
    println!(
        "{} : {}, à l’adresse /{}",
        territoire.nom,
        ui::format::compte(territoire.communes.len(), "commune", "communes"),
        territoire.slug
    );
    Ok(())
}

fn list_communes(asked: &NouveauTerritoire) -> anyhow::Result<Vec<u16>> {
    let national = Referentiel::get();
    let mut communes: Vec<u16> = if asked.france { national.communes().iter().map(|commune| commune.rang).collect() } else { vec![] };
    for code in &asked.epci {
        let epci =
            national.find_epci(code).ok_or_else(|| anyhow!("l’EPCI « {code} » n’existe pas : son code est un SIREN, à neuf chiffres"))?;
        communes.extend(&epci.communes);
    }
    for code in &asked.commune {
        communes.push(national.resolve_code(code)?.commune.rang);
    }
    communes.sort_unstable();
    communes.dedup();
    Ok(communes)
}

/// The columns of a file of bassins.
#[derive(serde::Deserialize)]
struct BassinLigne {
    bassin_code: String,
    bassin_nom: String,
    code_insee: String,
}

fn read_bassins(file: &Path) -> anyhow::Result<Vec<Bassin>> {
    let mut bassins: Vec<Bassin> = vec![];
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .from_path(file)
        .with_context(|| format!("le fichier {} ne s’ouvre pas", file.display()))?;
    for (line, row) in (2..).zip(reader.deserialize::<BassinLigne>()) {
        let row = row.with_context(|| format!("{}, ligne {line} : il faut bassin_code;bassin_nom;code_insee", file.display()))?;
        let commune =
            Referentiel::get().resolve_code(&row.code_insee).with_context(|| format!("{}, ligne {line}", file.display()))?.commune;
        // As coverages name it: in lower case.
        let code = row.bassin_code.to_lowercase();
        match bassins.iter_mut().find(|bassin| bassin.code == code) {
            Some(bassin) => bassin.communes.push(commune.rang),
            None => bassins.push(Bassin { code, nom: row.bassin_nom, communes: vec![commune.rang] }),
        }
    }
    bassins.iter_mut().for_each(|bassin| bassin.communes.sort_unstable());
    Ok(bassins)
}

pub async fn create_compte(db: Db, asked: arguments::Compte) -> anyhow::Result<()> {
    let ActionCompte::Creer(asked) = asked.action;
    let now = super::clock().now();
    schema::migrate(&db, now).await?;
    let territoire = find_territoire(&db, asked.territoire.as_deref()).await?;
    let longueur = comptes::rules::mot_de_passe::longueur(asked.roles.contains(&comptes::Role::Administration));
    eprintln!("Mot de passe ({longueur} caractères au moins), puis Entrée et Ctrl-D :");
    let mut password = String::new();
    std::io::stdin().take(1_000).read_to_string(&mut password)?;
    let tx = db.begin().await?;
    let password = password.trim_end_matches(['\r', '\n']);
    comptes::storage::insert_compte(&tx, territoire.id, (&asked.courriel, &asked.nom), (password, &asked.roles), now).await?;
    tx.commit().await?;
    println!("{} peut se connecter à l’adresse /{}/connexion", asked.courriel, territoire.slug);
    Ok(())
}
