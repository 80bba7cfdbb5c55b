//! Two territoires of the seeds, their real mairies, invented services said to be examples, and a year of demandes.

mod annee;
mod distribution;
mod habilitation;
mod ligne;
mod manques;
mod passe;
mod recensement;
mod repertoire;
mod suites;

use annuaire::import;
use comptes::Role;
use comptes::storage::insert_compte;
use kit::{Db, Error, Id, Instant, Result};
use territoire::{Bassin, Couleurs, LigneUnique, Referentiel, Territoire};

use crate::App;

const TERRITOIRES: &[u8] = include_bytes!("../../../donnees/demo/territoires.csv");
const BASSINS: &[u8] = include_bytes!("../../../donnees/demo/bassins.csv");
const ANNUAIRES: [(&str, &[u8]); 2] = [
    ("brenne", include_bytes!("../../../donnees/demo/brenne.csv")),
    ("val-de-drome", include_bytes!("../../../donnees/demo/val-de-drome.csv")),
];

/// The sign-ins of the demo, the same on both territoires; printed at start. The first one takes the calls.
const COMPTES: [(&str, &str, &[Role]); 4] = [
    ("accueil@example.org", "Accueil de démonstration", &[Role::Coordination, Role::TeleConseil]),
    ("administration@example.org", "Administration de démonstration", &[Role::Administration]),
    (REFERENT, "Référente de démonstration", &[Role::ReferentStructure]),
    ("elus@example.org", "Lecture de démonstration", &[Role::Lecture]),
];
const REFERENT: &str = "structure@example.org";
const MOT_DE_PASSE: &str = "la ligne est ouverte";

/// Fills an empty database with the demo, and leaves one that already holds territoires as it is; gives what to print.
pub async fn prepare(app: &App) -> Result<Vec<String>> {
    if app.territoires.list().is_empty() {
        fill(app).await?;
        app.refresh().await?;
        for territoire in app.territoires.list().iter() {
            manques::record(app, territoire, app.clock.now()).await?;
        }
    }
    let mut lines = vec![format!("Équipe, mot de passe « {MOT_DE_PASSE} » :")];
    for (courriel, _, roles) in COMPTES {
        lines.push(format!("  {courriel} ({})", Role::labels(roles)));
    }
    lines.extend(app.territoires.list().iter().map(|territoire| format!("  /{slug}  et  /{slug}/equipe", slug = territoire.slug)));
    Ok(lines)
}

async fn fill(app: &App) -> Result<()> {
    let now = app.clock.now();
    for territoire in read_territoires(now)? {
        let tx = app.db.begin().await?;
        territoire::storage::insert_territoire(&tx, &territoire, now).await?;
        let mut comptes = vec![];
        for (courriel, nom, roles) in COMPTES {
            comptes.push(insert_compte(&tx, territoire.id, (courriel, nom), (MOT_DE_PASSE, roles), now).await?);
        }
        let compte = *comptes.first().ok_or(Error::NotFound)?;
        tx.commit().await?;
        import_annuaire(&app.db, &territoire, now).await?;
        let aiguillage = annuaire::storage::load_aiguillage(&app.db, &territoire, (1, now.day())).await?;
        bind_referent(app, territoire.id).await?;
        recensement::record(app, &territoire, (compte, now)).await?;
        ligne::record(app, &territoire, now).await?;
        habilitation::record(app, &territoire, now).await?;
        record_lisible(&app.db, &territoire, now).await?;
        distribution::record(&app.db, &territoire, (compte, now)).await?;
        annee::record_annee(app, &territoire, &aiguillage, (compte, now)).await?;
        suites::record(app, &territoire, (compte, now)).await?;
    }
    Ok(())
}

/// What a command reads without accounts or demandes: years of figures, an edition.
pub async fn record_lisible(db: &Db, territoire: &Territoire, now: Instant) -> Result<()> {
    passe::record(db, territoire, now).await?;
    repertoire::record(db, territoire, now).await
}

/// The référente of the demo is that of its first structure.
async fn bind_referent(app: &App, territoire: Id) -> Result<()> {
    let structures = annuaire::storage::list_structures(&app.db, territoire, "", 0).await?;
    let comptes = comptes::storage::list_comptes(&app.db, territoire).await?;
    let (Some(structure), Some(compte)) = (structures.first(), comptes.iter().find(|compte| compte.courriel == REFERENT)) else {
        return Ok(());
    };
    let tx = app.db.begin().await?;
    comptes::storage::insert_referent(&tx, territoire, compte.id, structure.id.parse()?).await?;
    Ok(tx.commit().await?)
}

/// The territoires of the demo and their annuaires, without accounts or demandes: what can be given to everybody.
pub async fn fill_annuaires(db: &Db, now: Instant) -> Result<()> {
    for territoire in read_territoires(now)? {
        let tx = db.begin().await?;
        territoire::storage::insert_territoire(&tx, &territoire, now).await?;
        tx.commit().await?;
        import_annuaire(db, &territoire, now).await?;
    }
    Ok(())
}

/// The example services, through the same door as anybody's file.
async fn import_annuaire(db: &Db, territoire: &Territoire, now: Instant) -> Result<()> {
    let (slug, contenu) = ANNUAIRES.iter().find(|(slug, _)| *slug == territoire.slug).ok_or(Error::NotFound)?;
    let verification = import::verify(contenu, slug, territoire, &|_, _| {});
    import::import(db, territoire, &verification, now, &|_, _| {}).await
}

/// The columns of `territoires.csv`.
#[derive(serde::Deserialize)]
struct TerritoireLigne {
    slug: String,
    nom: String,
    couleur: String,
    couleur_accent: String,
    ligne_telephone: String,
    ligne_horaires: String,
    epcis: String,
}

/// The columns of `bassins.csv`.
#[derive(serde::Deserialize)]
struct BassinLigne {
    territoire: String,
    bassin_code: String,
    bassin_nom: String,
    code_insee: String,
}

fn read_csv<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<Vec<T>> {
    let rows = csv::ReaderBuilder::new().delimiter(b';').from_reader(bytes).into_deserialize().collect::<Result<Vec<T>, _>>();
    Ok(rows.map_err(anyhow::Error::from)?)
}

fn read_territoires(now: Instant) -> Result<Vec<Territoire>> {
    let bassins: Vec<BassinLigne> = read_csv(BASSINS)?;
    let lignes: Vec<TerritoireLigne> = read_csv(TERRITOIRES)?;
    Ok(lignes.into_iter().map(|ligne| read_territoire(ligne, &bassins, now)).collect())
}

fn read_territoire(ligne: TerritoireLigne, bassins: &[BassinLigne], now: Instant) -> Territoire {
    let national = Referentiel::get();
    let epcis = ligne.epcis.split('|').filter_map(|code| national.find_epci(code));
    let mut communes: Vec<u16> = epcis.flat_map(|epci| epci.communes.iter().copied()).collect();
    communes.sort_unstable();
    let mut made: Vec<Bassin> = vec![];
    for one in bassins.iter().filter(|one| one.territoire == ligne.slug) {
        let Ok(found) = national.resolve_code(&one.code_insee) else { continue };
        match made.iter_mut().find(|bassin| bassin.code == one.bassin_code) {
            Some(bassin) => bassin.communes.push(found.commune.rang),
            None => made.push(Bassin { code: one.bassin_code.clone(), nom: one.bassin_nom.clone(), communes: vec![found.commune.rang] }),
        }
    }
    made.iter_mut().for_each(|bassin| bassin.communes.sort_unstable());
    Territoire {
        id: Id::new(now),
        slug: ligne.slug,
        nom: ligne.nom,
        couleurs: Couleurs { principale: ligne.couleur, accent: ligne.couleur_accent },
        ligne: LigneUnique { telephone: Some(ligne.ligne_telephone), horaires: Some(ligne.ligne_horaires), ..LigneUnique::default() },
        communes,
        bassins: made,
        logo: None,
        fermeture: None,
    }
}
