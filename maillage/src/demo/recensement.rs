//! What the annuaire of the demo lives: a campaign that left twelve days ago and half answered, a structure closed for works,
//! errors that people reported, a structure that asks to be listed.

use annuaire::fiche::{Information, NatureInformation};
use annuaire::logo::LogoStructure;
use annuaire::recensement::{ARelire, Campagne, Cible};
use annuaire::storage::fiche::{find_fiche, save_fiche};
use annuaire::storage::historique::{Cause, Trace};
use annuaire::storage::list_structures;
use annuaire::storage::logo::replace_logo;
use annuaire::storage::recensement::{insert_campagne, list_destinataires, mark_ecrite, mark_envoyee};
use annuaire::storage::suggestion::insert_suggestion;
use annuaire::storage::verification::insert_verification;
use annuaire::suggestion::{Inscription, Objet, Parole};
use annuaire::{Categorie, VerificationFiche, Voie};
use chrono::Days;
use kit::{Id, Instant, Result};
use territoire::{Referentiel, Territoire};

use crate::App;

const DAY: i64 = 86_400;

pub async fn record(app: &App, territoire: &Territoire, (compte, now): (Id, Instant)) -> Result<()> {
    record_campagne(app, territoire, (compte, now)).await?;
    let structures = list_structures(&app.db, territoire.id, "", 0).await?;
    let [first, second, third, ..] = structures.as_slice() else { return Ok(()) };
    let (first, second) = (first.id.parse()?, second.id.parse()?);
    close_for_works(app, territoire, (third.id.parse()?, now)).await?;
    show_logo(app, territoire, first).await?;
    for one in structures.iter().filter(|one| one.exemple).rev().take(3) {
        forget_horaires(app, territoire, (one.id.parse()?, now)).await?;
    }
    let commune = territoire.communes.first().and_then(|rang| Referentiel::get().commune(*rang));
    let paroles = [
        Parole::Erreur { structure: first, objet: Objet::Horaires, valeur: "Fermé le mercredi après-midi depuis la rentrée".into() },
        Parole::Erreur { structure: first, objet: Objet::SiteWeb, valeur: "https://exemple.example.org".into() },
        Parole::Erreur { structure: second, objet: Objet::SiteWeb, valeur: "https://aide-a-domicile.example.org".into() },
        Parole::Inscription(Inscription {
            nom: "Les Mains vertes (exemple)".into(),
            categorie: Categorie::MicroEntreprise,
            commune: commune.map(|one| one.code.to_string()).unwrap_or_default(),
            telephone: Some("02 61 91 00 00".into()),
            courriel: None,
            site_web: None,
            description: "Petit jardinage et débroussaillage, à moins de vingt kilomètres.".into(),
        }),
    ];
    for (rang, parole) in (0..).zip(&paroles) {
        insert_suggestion(&app.db, territoire.id, parole, now.plus_seconds(-rang * DAY)).await?;
    }
    Ok(())
}

/// Written to all, answered by one in two: some by their link, some when they were called.
async fn record_campagne(app: &App, territoire: &Territoire, (compte, now): (Id, Instant)) -> Result<()> {
    let sent = now.plus_seconds(-12 * DAY);
    let campagne = Campagne {
        a_relire: vec![ARelire::Horaires, ARelire::Places],
        id: Id::new(sent),
        titre: "Mise à jour d’automne".into(),
        message: "Avant l’hiver, relisez votre fiche : c’est elle que lisent les habitants qui cherchent de l’aide.".into(),
        relances: 2,
        relance_jours: 15,
        created_at: sent,
        envoyee_at: None,
        close_at: None,
    };
    let tx = app.db.begin().await?;
    insert_campagne(&tx, territoire.id, (&campagne, compte), &Cible::default()).await?;
    tx.commit().await?;
    mark_envoyee(&app.db, territoire.id, campagne.id, sent).await?;
    let all = list_destinataires(&app.db, territoire.id, &campagne).await?;
    let tx = app.db.begin().await?;
    for (rang, to) in (0_i64..).zip(&all) {
        if to.courriel.is_some() {
            mark_ecrite(&tx, territoire.id, (campagne.id, to), sent).await?;
        }
        // The référente of the first one has still to answer.
        if rang > 0 && rang % 2 == 0 {
            let (compte_id, voie) = if rang % 4 == 0 { (None, Voie::LibreService) } else { (Some(compte), Voie::Appel) };
            let verification = VerificationFiche { at: sent.plus_seconds((1 + rang % 9) * DAY), compte_id, voie };
            insert_verification(&tx, territoire.id, to.structure, &verification).await?;
        } else if let Some(days) = [250_i64, 420, 600].get(usize::try_from(rang % 5).unwrap_or_default()) {
            // Those that did not answer: confirmed long ago, or never.
            let verification = VerificationFiche { at: now.plus_seconds(-days * DAY), compte_id: None, voie: Voie::LibreService };
            insert_verification(&tx, territoire.id, to.structure, &verification).await?;
        }
    }
    Ok(tx.commit().await?)
}

const LOGO: &[u8] = include_bytes!("../../../donnees/demo/logo.png");

/// The structure of the référente has its logo.
async fn show_logo(app: &App, territoire: &Territoire, structure: Id) -> Result<()> {
    let logo = LogoStructure::read(LOGO).map_err(anyhow::Error::from)?;
    let tx = app.db.begin().await?;
    replace_logo(&tx, territoire.id, structure, Some(&logo)).await?;
    Ok(tx.commit().await?)
}

/// A record that was never finished: nobody knows when to call.
async fn forget_horaires(app: &App, territoire: &Territoire, (structure, now): (Id, Instant)) -> Result<()> {
    let Some(known) = find_fiche(app.db.read(), territoire.id, structure).await? else { return Ok(()) };
    let mut apres = known.fiche.clone();
    apres.lieux.values_mut().for_each(|lieu| lieu.horaires = None);
    apres.settle_lieux();
    let trace = Trace { auteur_id: None, auteur: "Accueil de démonstration", cause: Cause::Equipe, lot: None };
    let tx = app.db.begin().await?;
    save_fiche(&tx, territoire.id, (&known, &apres), &trace, now).await?;
    Ok(tx.commit().await?)
}

async fn close_for_works(app: &App, territoire: &Territoire, (structure, now): (Id, Instant)) -> Result<()> {
    let Some(known) = find_fiche(app.db.read(), territoire.id, structure).await? else { return Ok(()) };
    let mut apres = known.fiche.clone();
    let message = Information {
        nature: NatureInformation::Message,
        service: None,
        texte: Some("L’accueil est en travaux : entrez par la cour.".into()),
        du: now.day(),
        au: now.day().checked_add_days(Days::new(20)),
    };
    apres.informations.insert(Id::new(now), message);
    let trace = Trace { auteur_id: None, auteur: "Référente de la structure", cause: Cause::Structure, lot: None };
    let tx = app.db.begin().await?;
    save_fiche(&tx, territoire.id, (&known, &apres), &trace, now).await?;
    tx.commit().await?;
    Ok(())
}
