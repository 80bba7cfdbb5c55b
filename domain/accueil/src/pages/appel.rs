//! The call screen: commune, need, person, live proposals, what was given, the outcome. Keyboard from end to end.

use annuaire::besoin::{Besoin, Reconnaissance, Taxonomie};
use askama::Template;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::permission::PrendreAppel;
use comptes::{Autorise, Equipier, Menu};
use kit::{Error, FieldErrors, Id, Result};
use territoire::Commune;
use ui::{Frame, show, show_with};

use super::carte::{Carte, Cartes};
use super::habitant::search_communes;
use crate::acte::PROPOSITIONS;
use crate::model::{Canal, Contraintes, Finalite, Issue, Motif, PourQui, Sexe, TrancheAge, Urgence};
use crate::rules::consentement::texte;
use crate::rules::orientation::{Recherche, orient};
use crate::saisie::{Circonstance, DemandeInput};
use crate::{Accueil, acte};

/// The call as it stands on the screen.
#[derive(Clone, Debug, Default)]
pub struct AppelInput {
    /// The words typed for the place and the need.
    pub ou: String,
    pub quoi: String,
    /// Services named to the person.
    pub donnees: Vec<Id>,
    pub demande: DemandeInput,
    contraintes: Vec<String>,
    besoins: Vec<String>,
    /// The need for which the turn was drawn: another need takes another turn.
    tour_besoin: String,
}

impl AppelInput {
    fn read(form: &[u8]) -> Self {
        let mut input = Self::default();
        for (name, value) in form_urlencoded::parse(form) {
            input.set(&name, value.into_owned());
        }
        input.demande.contraintes = input.contraintes.join(" ");
        input
    }

    fn set(&mut self, name: &str, value: String) {
        let demande = &mut self.demande;
        match name {
            "ou" => self.ou = value,
            "quoi" => self.quoi = value,
            "commune" => demande.commune = value,
            "besoin" => self.besoins.push(value),
            "contraintes" => self.contraintes.push(value),
            "donnee" => self.donnees.extend(value.parse::<Id>()),
            "tour" => demande.tour = value,
            "tour_besoin" => self.tour_besoin = value,
            "cle" => demande.cle = value,
            "pour_qui" => demande.pour_qui = value,
            "tranche_age" => demande.tranche_age = value,
            "sexe" => demande.sexe = value,
            "urgence" => demande.urgence = value,
            "note" => demande.note = value,
            "rappel_nom" => demande.rappel_nom = value,
            "rappel_telephone" => demande.rappel_telephone = value,
            "rappel_moment" => demande.rappel_moment = value,
            "consentement" => demande.consentement = value,
            "issue" => demande.issue = value,
            "motif" => demande.motif = value,
            _ => {}
        }
    }

    fn asks(&self, contrainte: &str) -> bool {
        self.contraintes.iter().any(|asked| asked == contrainte)
    }
}

/// One of the communes that the words could mean.
struct LieuPossible {
    code: String,
    nom: String,
    is_chosen: bool,
}

/// One of the needs that the words could mean.
struct BesoinPossible {
    code: &'static str,
    libelle: &'static str,
    is_chosen: bool,
}

/// The middle of the screen: what was understood, and the proposals.
#[derive(Template)]
#[template(path = "accueil/propositions.html")]
struct Volet {
    lieux: Vec<LieuPossible>,
    besoins: Vec<BesoinPossible>,
    /// The commune is not of this territoire.
    is_dehors: bool,
    has_ou: bool,
    has_quoi: bool,
    tour: String,
    tour_besoin: String,
    cartes: Option<Cartes>,
    donnees: Vec<String>,
}

impl Volet {
    fn is_given(&self, carte: &Carte) -> bool {
        self.donnees.contains(&carte.service_id)
    }
}

#[derive(Template)]
#[template(path = "accueil/appel.html")]
struct AppelPage {
    frame: Frame,
    slug: String,
    input: AppelInput,
    errors: FieldErrors,
    volet: String,
    /// Number and key of the demande that has just been recorded.
    enregistree: Option<(String, String)>,
    panne: Option<&'static str>,
}

impl AppelPage {
    fn texte_consentement(&self) -> String {
        ui::format::typographie(texte(Finalite::Rappel, Canal::Telephone))
    }
}

const LIEUX_PROPOSES: usize = 6;
const BESOINS_PROPOSES: usize = 5;

pub async fn show_appel(equipier: Autorise<PrendreAppel>, State(accueil): State<Accueil>, RawQuery(query): RawQuery) -> Result<Response> {
    let query = query.unwrap_or_default();
    let mut input = AppelInput::read(query.as_bytes());
    let find =
        |wanted: &str| form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned());
    let enregistree = find("enregistree").zip(find("cle"));
    input.demande.cle = Id::new(equipier.now).to_string();
    show_page(&equipier, &accueil, input, (StatusCode::OK, FieldErrors::default(), None), enregistree).await
}

/// Without a script, « Proposer » sends the call as it stands and shows it again with its proposals; nothing is recorded.
pub async fn show_again(equipier: Autorise<PrendreAppel>, State(accueil): State<Accueil>, body: Bytes) -> Result<Response> {
    show_page(&equipier, &accueil, AppelInput::read(&body), (StatusCode::OK, FieldErrors::default(), None), None).await
}

type Verdict = (StatusCode, FieldErrors, Option<&'static str>);

async fn show_page(
    equipier: &Equipier,
    accueil: &Accueil,
    input: AppelInput,
    (status, errors, panne): Verdict,
    enregistree: Option<(String, String)>,
) -> Result<Response> {
    let volet = understand(equipier, accueil, &input).await.render().map_err(anyhow::Error::from)?;
    let frame = equipier.frame("Prendre un appel", Menu::Appel);
    show_with(status, &AppelPage { frame, slug: equipier.territoire.slug.clone(), input, errors, volet, enregistree, panne })
}

/// What is understood so far: asked again at each pause of the typing.
pub async fn show_propositions(
    equipier: Autorise<PrendreAppel>,
    State(accueil): State<Accueil>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let input = AppelInput::read(query.unwrap_or_default().as_bytes());
    show(&understand(&equipier, &accueil, &input).await)
}

async fn understand(equipier: &Equipier, accueil: &Accueil, input: &AppelInput) -> Volet {
    let (commune, lieux) = choose_lieu(input, equipier);
    let (chosen, besoins) = choose_besoins(input);
    let tour_besoin = chosen.first().map(|besoin| besoin.code.to_string()).unwrap_or_default();
    let mut volet = Volet {
        lieux,
        besoins,
        is_dehors: commune.is_some_and(|commune| !equipier.territoire.contains(commune.rang)),
        has_ou: !input.ou.trim().is_empty(),
        has_quoi: !input.quoi.trim().is_empty(),
        tour: input.demande.tour.clone(),
        donnees: input.donnees.iter().map(Id::to_string).collect(),
        cartes: None,
        tour_besoin: tour_besoin.clone(),
    };
    let (Some(commune), false) = (commune, chosen.is_empty()) else { return volet };
    if input.demande.tour.is_empty() || input.tour_besoin != tour_besoin {
        volet.tour = acte::draw_tour(accueil, equipier.territoire.id, &[tour_besoin]).await.to_string();
    }
    let aiguillage = accueil.aiguillages.get(equipier.territoire.id);
    let rangs: Vec<u8> = chosen.iter().map(|besoin| besoin.rang).collect();
    let contraintes = Contraintes::from_codes(input.contraintes.iter().map(String::as_str));
    let tour = volet.tour.parse().unwrap_or_default();
    let recherche = Recherche { commune, besoins: &rangs, contraintes: &contraintes, wall: equipier.now.paris(), tour };
    let reponse = orient(&aiguillage, &recherche, PROPOSITIONS);
    volet.cartes = Some(Cartes::new(&aiguillage, &recherche, &reponse, &equipier.territoire.slug));
    volet
}

/// The commune chosen among those that the words could mean: the first one, unless another was picked.
fn choose_lieu(input: &AppelInput, equipier: &Equipier) -> (Option<&'static Commune>, Vec<LieuPossible>) {
    let found = search_communes(&equipier.territoire, &input.ou, LIEUX_PROPOSES);
    let picked = found.iter().find(|one| one.commune.code.to_string() == input.demande.commune).or(found.first()).map(|one| one.commune);
    let possible = found.iter().map(|one| LieuPossible {
        code: one.commune.code.to_string(),
        nom: one.commune.nom_complet(),
        is_chosen: picked.is_some_and(|picked| picked.code == one.commune.code),
    });
    (picked, possible.collect())
}

/// The needs chosen among those that the words could mean: those recognised, unless others were picked.
fn choose_besoins(input: &AppelInput) -> (Vec<&'static Besoin>, Vec<BesoinPossible>) {
    let recognised: Vec<&'static Besoin> = match Taxonomie::get().recognise(&input.quoi) {
        Reconnaissance::Reconnu(besoins) => besoins,
        Reconnaissance::Ambigu(trouves) => trouves.into_iter().map(|trouve| trouve.besoin).collect(),
        Reconnaissance::Inconnu => vec![],
    };
    let is_several = matches!(Taxonomie::get().recognise(&input.quoi), Reconnaissance::Reconnu(_));
    let mut possible = recognised.clone();
    let found = Taxonomie::get().search(&input.quoi, BESOINS_PROPOSES);
    possible.extend(found.iter().map(|trouve| trouve.besoin).filter(|besoin| !recognised.contains(besoin)));
    possible.truncate(BESOINS_PROPOSES);
    let mut chosen: Vec<&'static Besoin> =
        possible.iter().copied().filter(|besoin| input.besoins.iter().any(|code| *besoin.code == **code)).collect();
    if chosen.is_empty() {
        let by_default = if is_several { recognised.len() } else { 1 };
        chosen = possible.iter().copied().take(by_default).collect();
    }
    let listed =
        possible.iter().map(|besoin| BesoinPossible { code: &besoin.code, libelle: &besoin.libelle, is_chosen: chosen.contains(besoin) });
    let listed = listed.collect();
    (chosen, listed)
}

/// Records the call. What is understood without a click counts as chosen; a structure given means « orientée ».
pub async fn create_demande(equipier: Autorise<PrendreAppel>, State(accueil): State<Accueil>, body: Bytes) -> Result<Response> {
    let mut input = AppelInput::read(&body);
    if let Some(commune) = choose_lieu(&input, &equipier).0 {
        input.demande.commune = commune.code.to_string();
    }
    let chosen: Vec<&str> = choose_besoins(&input).0.iter().map(|besoin| &*besoin.code).collect();
    input.demande.besoin = chosen.join(",");
    input.demande.besoin_texte = input.quoi.clone();
    if input.demande.issue.is_empty() && !input.donnees.is_empty() {
        input.demande.issue = Issue::Orientee.code().into();
    }
    let circonstance = Circonstance {
        territoire_id: equipier.territoire.id,
        canal: Canal::Telephone,
        now: equipier.now,
        compte_id: Some(equipier.compte_id),
    };
    let demande = match input.demande.parse(circonstance) {
        Ok(demande) => demande,
        Err(errors) => return show_page(&equipier, &accueil, input, (StatusCode::UNPROCESSABLE_ENTITY, errors, None), None).await,
    };
    let cle = demande.cle.clone();
    match acte::record(&accueil, demande, &input.donnees).await {
        Ok(recorded) => {
            let path = format!("/{}/equipe/appel?enregistree={}&cle={cle}", equipier.territoire.slug, recorded.numero);
            Ok(Redirect::to(&path).into_response())
        }
        Err(Error::Unavailable(cause)) => {
            tracing::error!(%cause, "call not recorded");
            let panne = "L’appel n’a pas pu être enregistré à l’instant. Rien n’est perdu : tout est encore à l’écran. Recommencez dans une minute.";
            show_page(&equipier, &accueil, input, (StatusCode::SERVICE_UNAVAILABLE, FieldErrors::default(), Some(panne)), None).await
        }
        Err(error) => Err(error),
    }
}
