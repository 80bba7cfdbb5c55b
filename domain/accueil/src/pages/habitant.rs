//! The two questions: where do you live, what do you need.

use annuaire::besoin::{Besoin, Reconnaissance, Taxonomie};
use annuaire::rules::horaires::en_francais;
use annuaire::rules::horaires_ligne::{dire, dire_exception, etat, list_annonces};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use comptes::Visite;
use kit::{Instant, Result};
use serde::Deserialize;
use territoire::{Commune, CommuneTrouvee, LigneUnique, Referentiel, Territoire};
use ui::{Frame, show};

use crate::{Accueil, acte};

/// What was typed, and what was chosen among what it could mean.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ChoixInput {
    /// Where, in words: a name, a postal code.
    pub ou: String,
    /// What, in words.
    pub quoi: String,
    /// The code of the commune, once chosen.
    pub commune: String,
    /// The code of the need, once chosen.
    pub besoin: String,
}

#[derive(Template)]
#[template(path = "accueil/accueil.html")]
struct AccueilPage<'a> {
    frame: Frame,
    territoire: &'a Territoire,
    input: ChoixInput,
    /// The communes of the territoire, for the browser's own completion.
    communes: Vec<&'a Commune>,
    familles: Vec<Famille>,
    /// What each question could mean, when it means several things; or why it means nothing.
    lieux: Doute,
    besoins: Doute,
    ligne: Option<LigneDite>,
}

/// The line, as the public reads it.
struct LigneDite {
    telephone: String,
    /// « Ouverte en ce moment, jusqu’à 12 h ».
    etat: String,
    semaine: Option<String>,
    /// The days near on which it opens otherwise.
    annonces: Vec<String>,
}

impl LigneDite {
    fn new(ligne: &LigneUnique, now: Instant) -> Option<Self> {
        Some(Self {
            telephone: ligne.telephone.clone()?,
            etat: dire(&etat(ligne, now), now),
            semaine: ligne.horaires.as_deref().map(en_francais),
            annonces: list_annonces(ligne, now).into_iter().map(|one| dire_exception(one, now)).collect(),
        })
    }
}

/// A family of needs and its needs, as tiles.
struct Famille {
    libelle: &'static str,
    besoins: Vec<&'static Besoin>,
}

/// One of the things that an answer could mean.
struct Sens {
    href: String,
    libelle: String,
    detail: String,
}

#[derive(Default)]
struct Doute {
    sens: Vec<Sens>,
    message: Option<&'static str>,
}

impl Doute {
    fn is_certain(&self) -> bool {
        self.sens.is_empty() && self.message.is_none()
    }
}

/// More would make the page heavy: a larger territoire types the name.
const COMMUNES_COMPLETEES: usize = 300;

pub async fn show_accueil(visite: Visite) -> Result<Response> {
    show_questions(&visite, ChoixInput::default(), Doute::default(), Doute::default())
}

fn show_questions(visite: &Visite, input: ChoixInput, lieux: Doute, besoins: Doute) -> Result<Response> {
    let territoire = &visite.territoire;
    let national = Referentiel::get();
    let communes = if territoire.communes.len() <= COMMUNES_COMPLETEES {
        territoire.communes.iter().filter_map(|rang| national.commune(*rang)).collect()
    } else {
        vec![]
    };
    let taxonomie = Taxonomie::get();
    let familles =
        taxonomie.familles().map(|famille| Famille { libelle: &famille.libelle, besoins: taxonomie.list_by_famille(famille.rang) });
    let title =
        if lieux.is_certain() && besoins.is_certain() { "Trouver de l’aide près de chez soi" } else { "Précisez votre recherche" };
    show(&AccueilPage {
        frame: visite.frame(title),
        territoire,
        input,
        communes,
        familles: familles.collect(),
        lieux,
        besoins,
        ligne: LigneDite::new(&territoire.ligne, visite.now),
    })
}

/// Understands both answers and leads to the orientation, or asks which was meant.
pub async fn show_choix(visite: Visite, State(accueil): State<Accueil>, Query(input): Query<ChoixInput>) -> Result<Response> {
    let lieu = find_lieu(&input, &visite.territoire);
    let besoin = find_besoin(&input, &visite.territoire);
    match (lieu, besoin) {
        (Ok(commune), Ok(besoins)) => {
            let codes: Vec<String> = besoins.iter().map(|besoin| besoin.code.to_string()).collect();
            let tour = acte::draw_tour(&accueil, visite.territoire.id, &codes).await;
            let path = format!("/{}/orientation/{}/{}?tour={tour}", visite.territoire.slug, commune.code, codes.join(","));
            Ok(Redirect::to(&path).into_response())
        }
        (lieu, besoin) => show_questions(&visite, input, lieu.err().unwrap_or_default(), besoin.err().unwrap_or_default()),
    }
}

/// In this territoire first; elsewhere, to be able to say so.
pub fn search_communes(territoire: &Territoire, typed: &str, limite: usize) -> Vec<CommuneTrouvee<'static>> {
    let here = Referentiel::get().search_communes(typed, Some(&|rang| territoire.contains(rang)), limite);
    if here.is_empty() { Referentiel::get().search_communes(typed, None, limite) } else { here }
}

/// A postal code of 26 communes shows them all.
const LIEUX_PROPOSES: usize = 30;

fn find_lieu(input: &ChoixInput, territoire: &Territoire) -> Result<&'static Commune, Doute> {
    if let Ok(chosen) = Referentiel::get().resolve_code(&input.commune) {
        return Ok(chosen.commune);
    }
    if input.ou.trim().is_empty() {
        return Err(Doute {
            sens: vec![], message: Some("Dites d’abord où vous habitez : le nom de votre commune, ou son code postal.")
        });
    }
    let found = search_communes(territoire, &input.ou, LIEUX_PROPOSES);
    match found.as_slice() {
        [] => Err(Doute {
            sens: vec![],
            message: Some("Cette commune n’est pas trouvée. Vérifiez l’orthographe, ou essayez le code postal."),
        }),
        [only] => Ok(only.commune),
        [first, second, ..] if first.raison.is_exact() && !second.raison.is_exact() => Ok(first.commune),
        several => Err(Doute { sens: several.iter().map(|one| sens_of_commune(one, input, territoire)).collect(), message: None }),
    }
}

fn sens_of_commune(found: &CommuneTrouvee, input: &ChoixInput, territoire: &Territoire) -> Sens {
    let choice = ChoixInput { commune: found.commune.code.to_string(), ..input.clone() };
    Sens { href: href(&choice, territoire), libelle: found.commune.nom_complet(), detail: found.raison.to_string() }
}

fn find_besoin(input: &ChoixInput, territoire: &Territoire) -> Result<Vec<&'static Besoin>, Doute> {
    if let Some(chosen) = Taxonomie::get().find(&input.besoin) {
        return Ok(vec![chosen]);
    }
    if input.quoi.trim().is_empty() {
        return Err(Doute { sens: vec![], message: Some("Dites de quoi vous avez besoin, ou choisissez dans la liste.") });
    }
    match Taxonomie::get().recognise(&input.quoi) {
        Reconnaissance::Reconnu(besoins) => Ok(besoins),
        Reconnaissance::Ambigu(trouves) => {
            let sens = trouves.iter().map(|trouve| {
                let choice = ChoixInput { besoin: trouve.besoin.code.to_string(), ..input.clone() };
                Sens {
                    href: href(&choice, territoire),
                    libelle: trouve.besoin.libelle.to_string(),
                    detail: trouve.besoin.phrase.to_string(),
                }
            });
            Err(Doute { sens: sens.collect(), message: None })
        }
        Reconnaissance::Inconnu => {
            Err(Doute { sens: vec![], message: Some("Ces mots ne sont pas reconnus. Dites-le autrement, ou choisissez dans la liste.") })
        }
    }
}

fn href(choice: &ChoixInput, territoire: &Territoire) -> String {
    let pairs = [("ou", &choice.ou), ("quoi", &choice.quoi), ("commune", &choice.commune), ("besoin", &choice.besoin)];
    let known = pairs.iter().filter(|(_, value)| !value.is_empty());
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(known).finish();
    format!("/{}/orientation?{query}", territoire.slug)
}
