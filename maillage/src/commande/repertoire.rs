//! `maillage repertoire`: the books of an edition as files, one a bassin and a form.

use anyhow::Context;
use kit::text::fold;
use repertoire::contenu::{Contenu, find_edition_of, list_livres};
use repertoire::papier::Forme;

use super::arguments::RepertoireDemande;
use super::demonstration::Lue;
use super::importation::find_territoire;

/// From the base that is asked; from the demo when there is none, and says so.
pub async fn write(base: &str, is_named: bool, (asked, adresse): (&RepertoireDemande, &str)) -> anyhow::Result<()> {
    let now = super::clock().now();
    let lue = Lue::open(base, is_named, now).await?;
    let territoire = find_territoire(&lue.db, asked.territoire.as_deref()).await?;
    let edition = find_edition_of(&lue.db, territoire.id, asked.edition).await?;
    let edition = edition.with_context(|| format!("{} n’a pas d’édition {}", territoire.nom, asked.edition))?;
    let contenu = Contenu::read(&lue.db, &territoire, edition).await?.with_logos(&lue.db, &territoire).await?;
    std::fs::create_dir_all(&asked.sortie).with_context(|| format!("le dossier {} ne s’écrit pas", asked.sortie.display()))?;
    let adresse = if adresse.is_empty() { String::new() } else { format!("{adresse}/{}", territoire.slug) };
    for (bassin, nom) in list_livres(&territoire) {
        for (forme, imprime) in contenu.print_formes(&territoire, (bassin, Forme::ALL), (&adresse, now)).await? {
            let file = asked.sortie.join(format!("{}-{}.pdf", fold(&nom).replace(' ', "-"), forme.code()));
            std::fs::write(&file, &imprime.pdf).with_context(|| format!("{} ne s’écrit pas", file.display()))?;
            println!("{} : {}", file.display(), ui::format::compte(imprime.pages, "page", "pages"));
        }
    }
    lue.close().await
}
