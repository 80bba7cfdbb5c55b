//! The bilan of a year: read by whoever reads figures, commented by who keeps the line; the same as PDF and as a workbook.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Datelike;
use comptes::permission::{LireChiffres, TenirLigne};
use comptes::{Autorise, Droit, Equipier, Menu};
use kit::journal::{self, Acte};
use kit::{Error, Result};
use serde::Deserialize;
use ui::{Frame, show_with};

use super::chiffre::is_masque;
use crate::Observatoire;
use crate::bilan::{Bilan, LETTRES, Lecture, Source, parse_couts, read_bilan, read_publication, write_classeur, write_pdf, write_saisie};
use crate::rules::mois::Plage;
use crate::rules::secret::{SEUIL, SEUIL_STRICT};
use crate::storage::bilan::{update_commentaire, update_couts, update_seuil};
use crate::storage::cumul::catch_up;
use crate::storage::publication::{Publiee, insert_publication, list_annees};

/// How a bilan is read.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Forme {
    #[default]
    Page,
    Pdf,
    Xlsx,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct FormeInput {
    forme: Forme,
}

/// What was typed and not taken, with the reason.
#[derive(Default)]
struct Refuse {
    /// The section of a comment, or « couts-saisie ».
    section: String,
    raison: String,
    texte: String,
    fonctionnement: String,
    communication: String,
}

#[derive(Template)]
#[template(path = "observatoire/bilan.html")]
struct BilanPage {
    frame: Frame,
    slug: String,
    bilan: Bilan,
    annees: Vec<i32>,
    /// Whether they write comments and costs.
    ecrit: bool,
    /// The year is over: it can be published.
    is_finie: bool,
    refuse: Refuse,
}

impl BilanPage {
    fn texte<'a>(&'a self, section: &'a crate::bilan::SectionBilan) -> &'a str {
        if self.refuse.section == section.code { &self.refuse.texte } else { &section.commentaire }
    }
}

pub async fn show_bilan(
    equipier: Autorise<LireChiffres>,
    State(room): State<Observatoire>,
    Path((slug, annee)): Path<(String, i32)>,
    Query(input): Query<FormeInput>,
) -> Result<Response> {
    let bilan = read(&room, &equipier, annee).await?;
    match input.forme {
        Forme::Page => respond((&room, &equipier), bilan, (StatusCode::OK, Refuse::default())).await,
        Forme::Pdf => send(write_pdf(&bilan).await?, "application/pdf", &format!("bilan-{slug}-{annee}.pdf")),
        Forme::Xlsx => {
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            send(write_classeur(&bilan)?, kind, &format!("bilan-{slug}-{annee}.xlsx"))
        }
    }
}

async fn read(room: &Observatoire, equipier: &Equipier, annee: i32) -> Result<Bilan> {
    let (territoire, aiguillage) = (&equipier.territoire, room.aiguillages.get(equipier.territoire.id));
    catch_up(&room.db, territoire.id).await?;
    let source = Source { db: &room.db, territoire, aiguillage: &aiguillage, tenu: &room.tenu };
    read_bilan(source, annee, (find_lecture(equipier), equipier.now)).await
}

/// Who prepares the bilan reads its draft.
fn find_lecture(equipier: &Equipier) -> Lecture {
    if !is_masque(equipier) || equipier.can(Droit::TenirLigne) { Lecture::Equipe } else { Lecture::Dehors }
}

async fn respond((room, equipier): (&Observatoire, &Equipier), bilan: Bilan, (status, refuse): (StatusCode, Refuse)) -> Result<Response> {
    let this = equipier.now.day().year();
    let annees = match find_lecture(equipier) {
        Lecture::Equipe => (0..4).map(|ago| this - ago).collect(),
        Lecture::Dehors => list_annees(&room.db, equipier.territoire.id).await?,
    };
    let page = BilanPage {
        frame: equipier.frame(format!("Bilan {}", bilan.annee), Menu::Chiffres),
        slug: equipier.territoire.slug.clone(),
        annees: annees.into_iter().filter(|annee| *annee != bilan.annee).collect(),
        ecrit: equipier.can(Droit::TenirLigne),
        is_finie: bilan.annee < this,
        bilan,
        refuse,
    };
    show_with(status, &page)
}

fn send(body: Vec<u8>, kind: &'static str, name: &str) -> Result<Response> {
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).map_err(anyhow::Error::from)?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, name)], body).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CommentaireInput {
    section: String,
    texte: String,
}

pub async fn write_commentaire(
    equipier: Autorise<TenirLigne>,
    State(room): State<Observatoire>,
    Path((slug, annee)): Path<(String, i32)>,
    Form(input): Form<CommentaireInput>,
) -> Result<Response> {
    let bilan = read(&room, &equipier, annee).await?;
    let unknown = || Error::Conflict(format!("la partie « {} » n’est pas du bilan", input.section));
    let section = bilan.sections.iter().find(|one| one.code == input.section).map(|one| one.code).ok_or_else(unknown)?;
    let texte = kit::text::tidy(&input.texte);
    if texte.chars().count() > LETTRES {
        let raison = format!("Ce commentaire a plus de {} lettres : raccourcissez-le.", ui::format::nombre(LETTRES));
        let refuse = Refuse { section: section.into(), raison, texte, ..Refuse::default() };
        return respond((&room, &equipier), bilan, (StatusCode::UNPROCESSABLE_ENTITY, refuse)).await;
    }
    let tx = room.db.begin().await?;
    update_commentaire(&tx, equipier.territoire.id, (annee, section), (&texte, equipier.now)).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/{slug}/equipe/observatoire/bilan/{annee}#{section}")).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CoutsInput {
    fonctionnement: String,
    communication: String,
}

pub async fn write_couts(
    equipier: Autorise<TenirLigne>,
    State(room): State<Observatoire>,
    Path((slug, annee)): Path<(String, i32)>,
    Form(input): Form<CoutsInput>,
) -> Result<Response> {
    let couts = match parse_couts(&input.fonctionnement, &input.communication) {
        Ok(couts) => couts,
        Err(raison) => {
            let CoutsInput { fonctionnement, communication } = input;
            let refuse = Refuse {
                section: "couts-saisie".into(),
                raison: ui::format::phrase(&raison),
                fonctionnement,
                communication,
                ..Refuse::default()
            };
            let bilan = read(&room, &equipier, annee).await?;
            return respond((&room, &equipier), bilan, (StatusCode::UNPROCESSABLE_ENTITY, refuse)).await;
        }
    };
    let tx = room.db.begin().await?;
    update_couts(&tx, equipier.territoire.id, annee, couts).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/{slug}/equipe/observatoire/bilan/{annee}#couts")).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SeuilInput {
    seuil: i64,
    annee: i32,
}

/// Publishes a year that is over, as it is now: what is told is not changed any more.
pub async fn publish_annee(
    equipier: Autorise<TenirLigne>,
    State(room): State<Observatoire>,
    Path((slug, annee)): Path<(String, i32)>,
) -> Result<Response> {
    let (territoire, now) = (&equipier.territoire, equipier.now);
    if annee >= now.day().year() || annee < 2000 {
        return Err(Error::Conflict(format!("l’année {annee} n’est pas finie : elle se publie à partir du 1er janvier suivant")));
    }
    if !catch_up(&room.db, territoire.id).await? {
        return Err(Error::Conflict("des faits attendent encore d’être comptés : publiez dans un instant".into()));
    }
    let publication = read_publication(&room.db, territoire, Plage::whole_year(annee)).await?;
    let tx = room.db.begin().await?;
    if insert_publication(&tx, territoire.id, &Publiee { annee, publiee_at: now, publication }).await? {
        let detail = annee.to_string();
        let acte = Acte {
            auteur: Some(equipier.compte_id),
            acte: "publication d’une année",
            objet: ("territoire", territoire.id),
            detail: &detail,
        };
        journal::record(&tx, territoire.id, now, &acte).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&format!("/{slug}/equipe/observatoire/bilan/{annee}")).into_response())
}

/// From now on, on what is published later; what was handed out stays what it was.
pub async fn write_seuil(
    equipier: Autorise<TenirLigne>,
    State(room): State<Observatoire>,
    Form(input): Form<SeuilInput>,
) -> Result<Response> {
    if input.seuil != SEUIL && input.seuil != SEUIL_STRICT {
        return Err(Error::Conflict(format!("le seuil du secret statistique est {SEUIL} ou {SEUIL_STRICT}")));
    }
    let territoire = equipier.territoire.id;
    let tx = room.db.begin().await?;
    update_seuil(&tx, territoire, input.seuil).await?;
    let detail = input.seuil.to_string();
    let acte =
        Acte { auteur: Some(equipier.compte_id), acte: "seuil du secret statistique", objet: ("territoire", territoire), detail: &detail };
    journal::record(&tx, territoire, equipier.now, &acte).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/{}/equipe/observatoire/bilan/{}#methode", equipier.territoire.slug, input.annee)).into_response())
}
