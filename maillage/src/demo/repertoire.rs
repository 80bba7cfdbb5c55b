//! The demo's edition of the year, in preparation, with the words of its president.

use chrono::Datelike;
use kit::{Db, Id, Instant, Result};
use repertoire::rules::depart;
use repertoire::storage::edition::{insert_edition, save_pages, save_rubriques};
use repertoire::{Edition, Etat, NaturePage};
use territoire::Territoire;

const EDITO: &str = "\
Vivre ici, c’est pouvoir compter les uns sur les autres.

Ce livret dit qui peut venir chez vous, pour quoi et à quel prix. Il ne contient aucune publicité. Chaque structure a relu ce qui y est \
écrit d’elle.

Gardez-le près du téléphone. Et si vous ne trouvez pas, appelez la ligne unique : quelqu’un cherche avec vous.";

pub async fn record(db: &Db, territoire: &Territoire, now: Instant) -> Result<()> {
    let edition = Edition {
        id: Id::new(now),
        titre: "Répertoire des services à la population".into(),
        annee: now.day().year(),
        clot_le: None,
        campagne: None,
        etat: Etat::Preparation,
        created_at: now,
        figee_at: None,
    };
    let mut pages = depart::list_pages();
    for page in pages.iter_mut().filter(|page| page.nature == NaturePage::Edito) {
        (page.titre, page.texte) = ("Le mot de la présidente".into(), EDITO.into());
    }
    let tx = db.begin().await?;
    insert_edition(&tx, territoire.id, &edition).await?;
    save_rubriques(&tx, territoire.id, edition.id, &depart::list_rubriques()).await?;
    save_pages(&tx, territoire.id, edition.id, &pages).await?;
    Ok(tx.commit().await?)
}
