//! What completes a record: temporary information, somebody to call, names and identifiers. Short forms on one page.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kit::{FieldErrors, Id, Instant, Result, text};
use ui::{Frame, show_with};

use super::{find, list_informations, main, menu, status};
use crate::acces::StructureTenue;
use crate::acte::{Enregistrement, Entretemps, mend_from};
use crate::fiche::{Fiche, Identifiant, NatureIdentifiant};
use crate::rules::identifiant;
use crate::rules::saisie::{Saisie, read_information, read_interlocuteur};
use crate::{Annuaire, Categorie};

#[derive(Template)]
#[template(path = "annuaire/complements.html")]
struct ComplementsPage {
    frame: Frame,
    /// The record, where one comes back.
    retour: String,
    fiche: Fiche,
    informations: Vec<(Id, String)>,
    /// What was typed in the form that was refused, whichever.
    saisie: Saisie,
    errors: FieldErrors,
    entretemps: Vec<Entretemps>,
    now: Instant,
}

impl ComplementsPage {
    fn identifiant(&self, nature: NatureIdentifiant) -> &str {
        self.fiche.identifiants.iter().find(|one| one.nature == nature).map_or("", |one| one.valeur.as_str())
    }
}

pub async fn show_complements(tenue: StructureTenue, State(annuaire): State<Annuaire>) -> Result<Response> {
    show_again((&tenue, &annuaire), Saisie::default(), (FieldErrors::default(), vec![])).await
}

async fn show_again(
    (tenue, annuaire): (&StructureTenue, &Annuaire),
    saisie: Saisie,
    (errors, entretemps): (FieldErrors, Vec<Entretemps>),
) -> Result<Response> {
    let fiche = find(annuaire, tenue).await?.fiche;
    let status = status(&errors, &entretemps);
    let page = ComplementsPage {
        frame: tenue.frame(format!("Compléter la fiche de {}", fiche.structure.nom), menu(tenue)),
        retour: href(tenue),
        informations: list_informations(&fiche, tenue.now),
        fiche,
        saisie,
        errors,
        entretemps,
        now: tenue.now,
    };
    show_with(status, &page)
}

fn href(tenue: &StructureTenue) -> String {
    format!("/{}/equipe/structures/{}", tenue.territoire.slug, tenue.structure)
}

type Envoi = Form<Vec<(String, String)>>;

/// One change of the record by a short form. It does not compete with other fields: it is applied to the record as it is now.
async fn change(
    (tenue, annuaire): (&StructureTenue, &Annuaire),
    saisie: Saisie,
    apply: impl Fn(&mut Fiche, &Saisie) -> Result<(), FieldErrors>,
) -> Result<Response> {
    let avant = find(annuaire, tenue).await?;
    let mut apres = avant.fiche.clone();
    if let Err(errors) = apply(&mut apres, &saisie) {
        return show_again((tenue, annuaire), saisie, (errors, vec![])).await;
    }
    match mend_from(annuaire, main(tenue), avant.version, (&avant, &apres)).await? {
        Enregistrement::Fait => Ok(Redirect::to(&format!("{}/complements", href(tenue))).into_response()),
        Enregistrement::Devance(entretemps) => show_again((tenue, annuaire), saisie, (FieldErrors::default(), entretemps)).await,
    }
}

pub async fn create_information(tenue: StructureTenue, State(annuaire): State<Annuaire>, Form(sent): Envoi) -> Result<Response> {
    let now = tenue.now;
    change((&tenue, &annuaire), Saisie(sent), |fiche, saisie| {
        let made = read_information(saisie, fiche, now.day())?;
        fiche.informations.insert(Id::new(now), made);
        Ok(())
    })
    .await
}

pub async fn delete_information(
    tenue: StructureTenue,
    State(annuaire): State<Annuaire>,
    Path((_, _, information)): Path<(String, String, String)>,
) -> Result<Response> {
    let id: Id = information.parse()?;
    change((&tenue, &annuaire), Saisie::default(), |fiche, _| {
        fiche.informations.remove(&id);
        Ok(())
    })
    .await
}

pub async fn create_interlocuteur(tenue: StructureTenue, State(annuaire): State<Annuaire>, Form(sent): Envoi) -> Result<Response> {
    let now = tenue.now;
    change((&tenue, &annuaire), Saisie(sent), |fiche, saisie| {
        fiche.interlocuteurs.insert(Id::new(now), read_interlocuteur(saisie)?);
        Ok(())
    })
    .await
}

pub async fn delete_interlocuteur(
    tenue: StructureTenue,
    State(annuaire): State<Annuaire>,
    Path((_, _, interlocuteur)): Path<(String, String, String)>,
) -> Result<Response> {
    let id: Id = interlocuteur.parse()?;
    change((&tenue, &annuaire), Saisie::default(), |fiche, _| {
        fiche.interlocuteurs.remove(&id);
        Ok(())
    })
    .await
}

/// Name, kind, networks and identifiers.
pub async fn update_identite(tenue: StructureTenue, State(annuaire): State<Annuaire>, Form(sent): Envoi) -> Result<Response> {
    change((&tenue, &annuaire), Saisie(sent), |fiche, saisie| {
        let mut errors = FieldErrors::default();
        match text::some(saisie.one("nom_structure")) {
            Some(nom) if nom.chars().count() <= 200 => fiche.structure.nom = nom,
            _ => errors.add("nom_structure", "donnez le nom de la structure, en 200 signes au plus"),
        }
        match Categorie::from_code(saisie.one("categorie")) {
            Some(categorie) => fiche.structure.categorie = categorie,
            None => errors.add("categorie", "choisissez la nature de la structure"),
        }
        fiche.reseaux = saisie.one("reseaux").split([',', ' ', '\n']).filter_map(text::some).collect();
        fiche.structure.siret = read_one(NatureIdentifiant::Siret, saisie.one("siret"), &mut errors).map(|one| one.valeur);
        let others = [(NatureIdentifiant::Rna, "rna"), (NatureIdentifiant::Finess, "finess")];
        let read = others.iter().filter_map(|(nature, field)| read_one(*nature, saisie.one(field), &mut errors)).collect::<Vec<_>>();
        fiche.identifiants.retain(|one| one.nature == NatureIdentifiant::Siret);
        fiche.identifiants.extend(read);
        fiche.identifiants.sort();
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    })
    .await
}

fn read_one(nature: NatureIdentifiant, written: &str, errors: &mut FieldErrors) -> Option<Identifiant> {
    let written = text::some(written)?;
    identifiant::read(nature, &written).map_err(|why| errors.add(nature.code(), why)).ok()
}
