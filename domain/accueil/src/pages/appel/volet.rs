//! What is understood while somebody speaks: the commune, the needs, whom to propose, what to know.

use annuaire::besoin::{Besoin, Reconnaissance, Taxonomie};
use askama::Template;
use comptes::Equipier;
use kit::{Id, Result};
use territoire::Commune;

use super::super::carte::{Carte, Cartes};
use super::super::habitant::search_communes;
use super::AppelInput;
use crate::acte::PROPOSITIONS;
use crate::model::{Contraintes, Issue, Motif};
use crate::rules::orientation::{Recherche, orient};
use crate::storage::reperes::list_notes;
use crate::{Accueil, acte};

const LIEUX_PROPOSES: usize = 6;
const BESOINS_PROPOSES: usize = 5;

/// One of the communes that the words could mean.
pub(super) struct LieuPossible {
    code: String,
    nom: String,
    is_chosen: bool,
}

/// One of the needs that the words could mean.
pub(super) struct BesoinPossible {
    code: &'static str,
    libelle: &'static str,
    is_chosen: bool,
    /// `code:issue:motif`, when it ends in its own way.
    issue: String,
}

/// The middle of the screen: what was understood, and the proposals.
#[derive(Template)]
#[template(path = "accueil/propositions.html")]
pub(super) struct Volet {
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
    /// What the coordination wrote about these needs.
    notes: Vec<String>,
}

impl Volet {
    fn is_given(&self, carte: &Carte) -> bool {
        self.donnees.contains(&carte.service_id)
    }

    /// Several needs in one call: each may end in its own way.
    fn is_several(&self) -> bool {
        self.besoins.iter().filter(|besoin| besoin.is_chosen).count() > 1
    }
}

pub(super) async fn understand(equipier: &Equipier, accueil: &Accueil, input: &AppelInput) -> Result<Volet> {
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
        notes: list_notes(&accueil.db, equipier.territoire.id, &chosen).await?,
    };
    let (Some(commune), false) = (commune, chosen.is_empty()) else { return Ok(volet) };
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
    Ok(volet)
}

/// The commune chosen among those that the words could mean: the first one, unless another was picked.
pub(super) fn choose_lieu(input: &AppelInput, equipier: &Equipier) -> (Option<&'static Commune>, Vec<LieuPossible>) {
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
pub(super) fn choose_besoins(input: &AppelInput) -> (Vec<&'static Besoin>, Vec<BesoinPossible>) {
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
    let listed = possible.iter().map(|besoin| BesoinPossible {
        code: &besoin.code,
        libelle: &besoin.libelle,
        is_chosen: chosen.contains(besoin),
        issue: input.issues.iter().find(|one| one.split(':').next() == Some(&*besoin.code)).cloned().unwrap_or_default(),
    });
    let listed = listed.collect();
    (chosen, listed)
}

impl BesoinPossible {
    /// Every way in which a need may end, as one choice: `menage:sans_solution:trop_cher`.
    fn list_issues(&self) -> Vec<(String, String)> {
        let plain =
            [Issue::Orientee, Issue::Information, Issue::ARappeler].map(|issue| (issue.code().to_string(), issue.label().to_string()));
        let unmet = Motif::ALL
            .iter()
            .map(|motif| (format!("{}:{}", Issue::SansSolution.code(), motif.code()), format!("sans solution : {}", motif.label())));
        plain.into_iter().chain(unmet).map(|(code, label)| (format!("{}:{code}", self.code), label)).collect()
    }
}
