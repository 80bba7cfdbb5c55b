//! The answer, on the screen and on paper.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use chrono::NaiveDateTime;
use comptes::Visite;
use kit::{Error, Result};
use territoire::Territoire;
use ui::{Frame, show};

use super::carte::Cartes;
use crate::Accueil;
use crate::acte::PROPOSITIONS;
use crate::model::Contraintes;
use crate::question::Question;
use crate::rules::orientation::{Recherche, orient};
use crate::rules::plan::{self, Plan};

#[derive(Template)]
#[template(path = "accueil/reponse.html")]
struct ReponsePage<'a> {
    frame: Frame,
    territoire: &'a Territoire,
    question: &'a Question,
    contraintes: Contraintes,
    tour: u64,
    cartes: Cartes,
    plan: Option<Plan>,
    autre_territoire: Option<String>,
}

#[derive(Template)]
#[template(path = "accueil/feuille.html")]
struct FeuillePage<'a> {
    frame: Frame,
    territoire: &'a Territoire,
    question: &'a Question,
    cartes: Cartes,
    le: String,
}

/// What the address says beyond the commune and the need.
struct Precisions {
    contraintes: Contraintes,
    tour: Option<u64>,
}

impl Precisions {
    fn read(query: Option<&str>) -> Self {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
        let values = |wanted: &'static str| pairs.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value.as_str());
        Self { contraintes: Contraintes::from_codes(values("contraintes")), tour: values("tour").next().and_then(|tour| tour.parse().ok()) }
    }
}

type Chemin = Path<(String, String, String)>;

pub async fn show_reponse(
    visite: Visite,
    State(accueil): State<Accueil>,
    Path((_, commune, besoins)): Chemin,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let question = read_question(&commune, &besoins)?;
    let Precisions { contraintes, tour } = Precisions::read(query.as_deref());
    let tour = tour.unwrap_or_else(|| visite.now.day_number());
    let (cartes, plan) = answer(&accueil, &visite, &question, &contraintes, tour);
    let libelles = list_libelles(&question);
    show(&ReponsePage {
        frame: visite.frame(format!("{libelles} {}", question.commune.a())),
        territoire: &visite.territoire,
        autre_territoire: find_autre_territoire(&accueil, &visite, &question),
        question: &question,
        contraintes,
        tour,
        cartes,
        plan,
    })
}

pub async fn show_feuille(
    visite: Visite,
    State(accueil): State<Accueil>,
    Path((_, commune, besoins)): Chemin,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let question = read_question(&commune, &besoins)?;
    let Precisions { contraintes, tour } = Precisions::read(query.as_deref());
    let (cartes, _) = answer(&accueil, &visite, &question, &contraintes, tour.unwrap_or_else(|| visite.now.day_number()));
    let frame = visite.frame(format!("{} {}, à imprimer", list_libelles(&question), question.commune.a()));
    show(&FeuillePage { frame, territoire: &visite.territoire, question: &question, cartes, le: ui::format::date(visite.now.day()) })
}

/// An address that designates nothing is not found.
fn read_question(commune: &str, besoins: &str) -> Result<Question> {
    Question::read(commune, besoins).map_err(|_| Error::NotFound)
}

fn answer(accueil: &Accueil, visite: &Visite, question: &Question, contraintes: &Contraintes, tour: u64) -> (Cartes, Option<Plan>) {
    let aiguillage = accueil.aiguillages.get(visite.territoire.id);
    let besoins = question.rangs();
    let wall: NaiveDateTime = visite.now.paris();
    let recherche = Recherche { commune: question.commune, besoins: &besoins, contraintes, wall, tour };
    let reponse = orient(&aiguillage, &recherche, PROPOSITIONS);
    let cartes = Cartes::new(&aiguillage, &recherche, &reponse, &visite.territoire.slug);
    let plan = cartes.plan(&recherche);
    (cartes, plan)
}

pub(super) fn list_libelles(question: &Question) -> String {
    question.besoins.iter().map(|besoin| &*besoin.libelle).collect::<Vec<_>>().join(", ")
}

/// The site of the territoire where the person lives, when it is not this one.
fn find_autre_territoire(accueil: &Accueil, visite: &Visite, question: &Question) -> Option<String> {
    if visite.territoire.contains(question.commune.rang) {
        return None;
    }
    let other = accueil.comptes.territoires.find_by_commune(question.commune.rang)?;
    let codes = question.besoins.iter().map(|besoin| &*besoin.code).collect::<Vec<_>>().join(",");
    Some(format!("/{}/orientation/{}/{codes}", other.slug, question.commune.code))
}

impl ReponsePage<'_> {
    fn base(&self) -> String {
        format!("/{}/orientation/{}/{}", self.territoire.slug, self.question.commune.code, self.codes())
    }

    fn codes(&self) -> String {
        self.question.besoins.iter().map(|besoin| &*besoin.code).collect::<Vec<_>>().join(",")
    }

    fn libelles(&self) -> String {
        list_libelles(self.question)
    }

    /// The same answer on another page.
    fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        self.contraintes.codes().into_iter().for_each(|code| {
            query.append_pair("contraintes", code);
        });
        query.append_pair("tour", &self.tour.to_string()).finish()
    }

    /// The form that keeps the demande, filled with what is already known.
    fn href_demande(&self) -> String {
        format!(
            "/{}/demandes/nouvelle?commune={}&besoin={}&{}",
            self.territoire.slug,
            self.question.commune.code,
            self.codes(),
            self.query()
        )
    }
}
