//! The demo's editions: that of two years ago, printed, and that of the year, which the structures are reading again.

use std::collections::BTreeMap;

use annuaire::Categorie;
use annuaire::storage::adresse::list_courriels;
use annuaire::storage::recensement::list_campagnes;
use chrono::{Datelike, Days};
use kit::{Db, Id, Instant, Result};
use repertoire::epreuve::rules::{fingerprint_said, hush};
use repertoire::epreuve::storage::{mark_ecrite, save_reponse};
use repertoire::epreuve::{Avis, Dite, VoieReponse};
use repertoire::facile::storage::save_tenus;
use repertoire::facile::{MotsTenus, Relecture, find_besoin};
use repertoire::rules::depart;
use repertoire::storage::edition::{insert_edition, save_pages, save_rubriques};
use repertoire::storage::notice::{insert_notices, read_notices};
use repertoire::{Edition, Etat, NaturePage, Notice};
use territoire::Territoire;

const EDITO: &str = "\
Vivre ici, c’est pouvoir compter les uns sur les autres.

Ce livret dit qui peut venir chez vous, pour quoi et à quel prix. Il ne contient aucune publicité. Chaque structure a relu ce qui y est \
écrit d’elle.

Gardez-le près du téléphone. Et si vous ne trouvez pas, appelez la ligne unique : quelqu’un cherche avec vous.";

const TITRE: &str = "Répertoire des services à la population";
const DAY: i64 = 86_400;

pub async fn record(db: &Db, territoire: &Territoire, now: Instant) -> Result<()> {
    let notices = read_notices(db, territoire).await?;
    record_ancienne(db, territoire, (&notices, now)).await?;
    let edition = Edition {
        id: Id::new(now),
        titre: TITRE.into(),
        annee: now.day().year(),
        clot_le: now.day().checked_add_days(Days::new(20)),
        campagne: list_campagnes(db, territoire.id).await?.first().map(|one| one.id),
        etat: Etat::Relecture,
        created_at: now,
        figee_at: None,
    };
    insert(db, territoire, &edition).await?;
    record_fiches(db, territoire, now).await?;
    record_epreuves(db, territoire, (edition.id, &notices, now)).await
}

async fn insert(db: &Db, territoire: &Territoire, edition: &Edition) -> Result<()> {
    let mut pages = depart::list_pages();
    for page in pages.iter_mut().filter(|page| page.nature == NaturePage::Edito) {
        (page.titre, page.texte) = ("Le mot de la présidente".into(), EDITO.into());
    }
    let tx = db.begin().await?;
    insert_edition(&tx, territoire.id, edition).await?;
    save_rubriques(&tx, territoire.id, edition.id, &depart::list_rubriques()).await?;
    save_pages(&tx, territoire.id, edition.id, &pages).await?;
    Ok(tx.commit().await?)
}

/// Sheets that persons concerned have read, one of them in words that they changed; the others wait.
async fn record_fiches(db: &Db, territoire: &Territoire, now: Instant) -> Result<()> {
    let tx = db.begin().await?;
    for (rang, besoin) in (0..).zip(["portage-repas", "menage", "transport-solidaire"]) {
        let Some((_, propose)) = find_besoin(besoin) else { continue };
        let mut mots = propose.clone();
        if rang == 0 {
            mots.dire = "Je voudrais des repas tout prêts, livrés chez moi.".into();
        }
        let par = "le groupe de lecture de l’ESAT (exemple)".into();
        let relecture = Relecture { par, le: now.plus_seconds(-(20 + 7 * rang) * DAY).day() };
        save_tenus(&tx, territoire.id, besoin, &MotsTenus { mots, relecture: Some(relecture) }).await?;
    }
    Ok(tx.commit().await?)
}

/// Some were not there yet, some have another telephone since, one is gone.
async fn record_ancienne(db: &Db, territoire: &Territoire, (notices, now): (&[Notice], Instant)) -> Result<()> {
    let at = now.plus_seconds(-731 * DAY);
    let edition = Edition {
        id: Id::new(at),
        titre: TITRE.into(),
        annee: at.day().year(),
        clot_le: None,
        campagne: None,
        etat: Etat::Figee,
        created_at: at.plus_seconds(-90 * DAY),
        figee_at: Some(at),
    };
    insert(db, territoire, &edition).await?;
    let mut printed: Vec<Notice> = notices.iter().enumerate().filter(|(rang, _)| rang % 17 != 5).map(|(_, one)| one.clone()).collect();
    for notice in printed.iter_mut().step_by(11) {
        notice.telephone = Some("02 61 91 99 99".into());
    }
    if let Some(last) = printed.last().cloned() {
        printed.push(Notice { structure: Id::from_name("partie"), nom: "Coup de main à domicile (exemple)".into(), ..last });
    }
    hush(&mut printed, &BTreeMap::new());
    let tx = db.begin().await?;
    insert_notices(&tx, territoire.id, edition.id, &printed).await?;
    Ok(tx.commit().await?)
}

/// Letters left eight days ago: most answered by their link, some were called, one asks for a correction, one has changed since.
async fn record_epreuves(db: &Db, territoire: &Territoire, (edition, notices, now): (Id, &[Notice], Instant)) -> Result<()> {
    let (courriels, sent) = (list_courriels(db, territoire.id).await?, now.plus_seconds(-8 * DAY));
    let a_corriger = notices.iter().find(|one| one.nature != Categorie::Mairie.label()).map(|one| one.structure);
    let tx = db.begin().await?;
    for (rang, notice) in (0_i64..).zip(notices) {
        let key = (edition, notice.structure);
        if courriels.contains_key(&notice.structure) {
            mark_ecrite(&tx, territoire.id, key, (0, sent)).await?;
        }
        let (reponse, voie, remarque) = match rang % 10 {
            _ if a_corriger == Some(notice.structure) => {
                (Avis::ACorriger, VoieReponse::Lien, Some("Le prix de l’heure a augmenté en septembre.".to_string()))
            }
            0 | 7 => continue,
            2 | 5 => (Avis::Bonne, VoieReponse::Telephone, None),
            _ => (Avis::Bonne, VoieReponse::Lien, None),
        };
        let telephone = notice.is_personne.then_some(rang % 2 == 0);
        let empreinte = if rang == 4 { "autre".into() } else { fingerprint_said(notice, telephone)? };
        let dite = Dite { reponse, voie, at: sent.plus_seconds((1 + rang % 7) * DAY), remarque, empreinte };
        save_reponse(&tx, territoire.id, key, (&dite, telephone)).await?;
    }
    Ok(tx.commit().await?)
}
