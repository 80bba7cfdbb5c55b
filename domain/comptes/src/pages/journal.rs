//! Who read and wrote what, for the administration.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::{Days, NaiveDate, NaiveTime};
use kit::journal::{self, Ligne, Recherche, Verdict};
use kit::{Instant, Result, Tableur};
use serde::Deserialize;
use ui::{Frame, show};

use crate::model::Compte;
use crate::permission::LireJournal;
use crate::rules::conservation::DureesJournal;
use crate::{Autorise, Comptes, Equipier, Menu, storage};

/// What is looked for, as it comes from the form and from links.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct JournalInput {
    du: String,
    au: String,
    qui: String,
    objet: String,
    objet_id: String,
    avant: String,
    /// Reads the whole chain again.
    verifier: String,
}

struct LigneMontree {
    numero: i64,
    quand: String,
    qui: String,
    acte: String,
    detail: String,
    /// Only this object's lines.
    href: String,
    objet: String,
}

#[derive(Template)]
#[template(path = "journal.html")]
struct JournalPage {
    frame: Frame,
    slug: String,
    input: JournalInput,
    comptes: Vec<Compte>,
    lignes: Vec<LigneMontree>,
    /// The address of the lines before those shown.
    suite: Option<String>,
    verdict: Option<Verdict>,
    durees: DureesJournal,
}

impl JournalInput {
    fn recherche(&self) -> Recherche {
        let objet = self.objet_id.parse().ok().map(|id| (self.objet.clone(), id));
        Recherche { auteur: self.qui.parse().ok(), objet, between: self.between() }
    }

    /// Whole days in Paris; a bound that does not read is none.
    fn between(&self) -> Option<(Instant, Instant)> {
        let read = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        let start = |day: NaiveDate| Instant::from_paris(day.and_time(NaiveTime::MIN));
        let from = read(&self.du).and_then(start).unwrap_or(Instant(i64::MIN));
        let to = read(&self.au).and_then(|day| day.checked_add_days(Days::new(1))).and_then(start).unwrap_or(Instant(i64::MAX));
        Some((from, to))
    }

    fn query(&self, avant: i64) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("du", &self.du), ("au", &self.au), ("qui", &self.qui), ("objet", &self.objet), ("objet_id", &self.objet_id)]
        {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.append_pair("avant", &avant.to_string()).finish()
    }
}

const PAR_PAGE: usize = 100;

pub async fn show_journal(
    equipier: Autorise<LireJournal>,
    State(comptes): State<Comptes>,
    Query(input): Query<JournalInput>,
) -> Result<Response> {
    let territoire = equipier.territoire.id;
    let limits = (input.avant.parse().ok(), PAR_PAGE as i64);
    let lignes = journal::list(&comptes.db, territoire, &input.recherche(), limits).await?;
    let known = storage::list_comptes(&comptes.db, territoire).await?;
    let last = lignes.last().filter(|_| lignes.len() == PAR_PAGE).map(|ligne| ligne.numero);
    let slug = equipier.territoire.slug.clone();
    let verdict = if input.verifier.is_empty() { None } else { Some(journal::verify(&comptes.db, territoire).await?) };
    let page = JournalPage {
        frame: equipier.frame("Journal", Menu::Journal),
        lignes: describe(&equipier, &known, lignes),
        suite: last.map(|numero| format!("/{slug}/equipe/journal?{}", input.query(numero))),
        verdict,
        durees: storage::conservation::find_durees(&comptes.db, territoire).await?,
        slug,
        input,
        comptes: known,
    };
    show(&page)
}

fn describe(equipier: &Equipier, known: &[Compte], lignes: Vec<Ligne>) -> Vec<LigneMontree> {
    let noms: HashMap<String, &str> = known.iter().map(|compte| (compte.id.to_string(), compte.nom.as_str())).collect();
    let slug = &equipier.territoire.slug;
    let show = |ligne: Ligne| LigneMontree {
        numero: ligne.numero,
        quand: ui::format::moment(&Instant(ligne.at), &equipier.now),
        // Emptied: what it was about is no longer known.
        href: if ligne.purge.is_some() {
            String::new()
        } else {
            format!("/{slug}/equipe/journal?objet={}&objet_id={}", ligne.objet, ligne.objet_id)
        },
        qui: if ligne.purge.is_some() { "effacé".into() } else { name(&noms, &ligne) },
        acte: ligne.acte,
        detail: ligne.detail,
        objet: ligne.objet,
    };
    lignes.into_iter().map(show).collect()
}

fn name(noms: &HashMap<String, &str>, ligne: &Ligne) -> String {
    let unknown = if ligne.auteur_id.is_empty() { "sans compte" } else { "compte supprimé" };
    noms.get(&ligne.auteur_id).copied().unwrap_or(unknown).to_string()
}

/// The lines of an export; more are asked for by dates.
const EXPORT: i64 = 100_000;

/// The same lines as a file, with their fingerprints: whoever keeps it can check the chain later.
pub async fn show_csv(
    equipier: Autorise<LireJournal>,
    State(comptes): State<Comptes>,
    Query(input): Query<JournalInput>,
) -> Result<Response> {
    let lignes = journal::list(&comptes.db, equipier.territoire.id, &input.recherche(), (None, EXPORT)).await?;
    let mut tableur = Tableur::new(&["numero", "moment", "compte", "acte", "objet", "objet_id", "detail", "sel", "purge", "empreinte"])?;
    for ligne in &lignes {
        let moment = Instant(ligne.at).paris().format("%Y-%m-%d %H:%M:%S").to_string();
        let numero = ligne.numero.to_string();
        let purge = ligne.purge.map(|numero| numero.to_string()).unwrap_or_default();
        let said = [&ligne.auteur_id, &ligne.acte, &ligne.objet, &ligne.objet_id, &ligne.detail].map(String::as_str);
        let [auteur, acte, objet, objet_id, detail] = said;
        tableur.push(&[&numero, &moment, auteur, acte, objet, objet_id, detail, &ligne.sel, &purge, &ligne.empreinte])?;
    }
    tableur.respond(&format!("journal-{}.csv", equipier.territoire.slug))
}
