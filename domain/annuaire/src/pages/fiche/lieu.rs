//! One place of a record: where it is, and when somebody is there.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::Response;
use kit::{Error, FieldErrors, Id, Result, text};
use territoire::{Point, Referentiel};
use ui::{Frame, show_with};

use super::{back, find, main, menu, status};
use crate::acces::StructureTenue;
use crate::acte::{Enregistrement, Entretemps, mend_from};
use crate::rules::commune_dite;
use crate::rules::horaires_saisie::{Semaine, read_over, write_semaine};
use crate::rules::saisie::Saisie;
use crate::storage::fiche::FicheTenue;
use crate::{Annuaire, Lieu};

#[derive(Template)]
#[template(path = "annuaire/lieu.html")]
struct LieuPage {
    frame: Frame,
    retour: String,
    action: String,
    version: i64,
    adresse: String,
    commune: String,
    /// The day's name beside its hours.
    jours: Vec<(&'static str, String)>,
    semaine: Semaine,
    errors: FieldErrors,
    entretemps: Vec<Entretemps>,
    now: kit::Instant,
}

const NOUVEAU: &str = "nouveau";
const JOURS: [&str; 7] = ["Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche"];

/// What the form shows.
struct Formulaire {
    adresse: String,
    commune: String,
    semaine: Semaine,
}

impl Formulaire {
    fn of(lieu: Option<&Lieu>) -> Self {
        let commune = lieu.and_then(|lieu| Referentiel::get().find_commune(lieu.commune));
        Self {
            adresse: lieu.and_then(|lieu| lieu.adresse.clone()).unwrap_or_default(),
            commune: commune.map(commune_dite::write).unwrap_or_default(),
            semaine: lieu.and_then(|lieu| lieu.horaires.as_deref()).map(write_semaine).unwrap_or_default(),
        }
    }

    fn sent(saisie: &Saisie) -> Self {
        Self {
            adresse: saisie.one("adresse").to_string(),
            commune: saisie.one("commune").to_string(),
            semaine: Semaine {
                jours: std::array::from_fn(|rang| saisie.one(&format!("jour{rang}")).to_string()),
                ferme_feries: saisie.has("feries", "oui"),
                fermetures: saisie.one("fermetures").replace("\r\n", "\n"),
            },
        }
    }
}

pub async fn show_lieu(
    tenue: StructureTenue,
    State(annuaire): State<Annuaire>,
    Path((_, _, named)): Path<(String, String, String)>,
) -> Result<Response> {
    let known = find(&annuaire, &tenue).await?;
    let formulaire = Formulaire::of(choose(&known, &named)?);
    show(&tenue, &known, (&named, formulaire), (FieldErrors::default(), vec![]))
}

fn choose<'a>(known: &'a FicheTenue, named: &str) -> Result<Option<&'a Lieu>> {
    if named == NOUVEAU { Ok(None) } else { known.fiche.lieux.get(&named.parse()?).map(Some).ok_or(Error::NotFound) }
}

fn show(
    tenue: &StructureTenue,
    known: &FicheTenue,
    (named, formulaire): (&str, Formulaire),
    (errors, entretemps): (FieldErrors, Vec<Entretemps>),
) -> Result<Response> {
    let retour = format!("/{}/equipe/structures/{}", tenue.territoire.slug, tenue.structure);
    let status = status(&errors, &entretemps);
    let page = LieuPage {
        frame: tenue.frame(format!("Lieu de {}", known.fiche.structure.nom), menu(tenue)),
        action: format!("{retour}/lieux/{named}"),
        retour,
        version: known.version,
        adresse: formulaire.adresse,
        commune: formulaire.commune,
        jours: JOURS.into_iter().zip(formulaire.semaine.jours.iter().cloned()).collect(),
        semaine: formulaire.semaine,
        errors,
        entretemps,
        now: tenue.now,
    };
    show_with(status, &page)
}

pub async fn update_lieu(
    tenue: StructureTenue,
    State(annuaire): State<Annuaire>,
    Path((_, _, named)): Path<(String, String, String)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let (saisie, avant) = (Saisie(sent), find(&annuaire, &tenue).await?);
    let formulaire = Formulaire::sent(&saisie);
    let made = match read(&formulaire, choose(&avant, &named)?, &tenue) {
        Ok(made) => made,
        Err(errors) => return show(&tenue, &avant, (&named, formulaire), (errors, vec![])),
    };
    let version = saisie.one("version").parse().unwrap_or_default();
    let mut apres = avant.fiche.clone();
    apres.lieux.insert(made.id, made);
    apres.settle_lieux();
    match mend_from(&annuaire, main(&tenue), version, (&avant, &apres)).await? {
        Enregistrement::Fait => Ok(back(&tenue)),
        Enregistrement::Devance(entretemps) => {
            show(&tenue, &find(&annuaire, &tenue).await?, (&named, formulaire), (FieldErrors::default(), entretemps))
        }
    }
}

/// A place that moved to another commune loses the point of the former one.
fn read(formulaire: &Formulaire, known: Option<&Lieu>, tenue: &StructureTenue) -> Result<Lieu, FieldErrors> {
    let mut errors = FieldErrors::default();
    let commune = commune_dite::read(&formulaire.commune, Some(&tenue.territoire));
    if commune.is_none() {
        errors.add("commune", "cette commune n’est pas reconnue : écrivez son nom en entier, ou son code INSEE");
    }
    let stored = known.and_then(|lieu| lieu.horaires.clone());
    let horaires = read_over(stored, &formulaire.semaine).map_err(|(field, why)| errors.add(field, why)).ok().flatten();
    let adresse = text::some(&formulaire.adresse);
    if adresse.as_deref().is_some_and(|adresse| adresse.chars().count() > 300) {
        errors.add("adresse", "c’est trop long : 300 signes au plus");
    }
    match commune.filter(|_| errors.is_empty()) {
        Some(commune) => {
            let point: Option<Point> =
                known.filter(|lieu| lieu.commune == commune.code && lieu.adresse == adresse).and_then(|lieu| lieu.point);
            let id = known.map_or_else(|| Id::new(tenue.now), |lieu| lieu.id);
            Ok(Lieu { id, adresse, commune: commune.code, point, horaires })
        }
        None => Err(errors),
    }
}
