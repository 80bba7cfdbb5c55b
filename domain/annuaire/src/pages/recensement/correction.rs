//! The short form by which a structure mends its own record, from a letter that asked it: the census, the proof of what is printed.
//! Which link opened it, and where it comes back to, is its caller's.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use comptes::Visite;
use kit::{Error, FieldErrors, Id, Result};
use territoire::Referentiel;
use ui::{Frame, show_with};

use crate::acte::{Enregistrement, Entretemps, Main, mend_from};
use crate::fiche::Fiche;
use crate::rules::couverture_saisie::{read_lines, write_lines};
use crate::rules::presentation;
use crate::rules::saisie::{Saisie, date_capacite};
use crate::storage::fiche::{FicheTenue, find_fiche};
use crate::storage::historique::Cause;
use crate::storage::suggestion::insert_suggestion;
use crate::storage::verification::insert_verification;
use crate::suggestion::{Objet, Parole};
use crate::{Annuaire, Disponibilite, Lieu, Presentation, VerificationFiche, Voie};

/// Signs of what is told of a service, and of its address.
const DESCRIPTION: usize = 2_000;
const ADRESSE: usize = 300;

const AUTEUR: &str = "la structure, par le lien de son courriel";

/// The record as a short form.
#[derive(Template)]
#[template(path = "annuaire/recensement_corriger.html")]
struct CorrigerPage {
    frame: Frame,
    base: String,
    fiche: Fiche,
    version: i64,
    saisie: Saisie,
    errors: FieldErrors,
    entretemps: Vec<Entretemps>,
    now: kit::Instant,
}

impl CorrigerPage {
    fn commune(&self, lieu: &Lieu) -> String {
        Referentiel::get().find_commune(lieu.commune).map_or_else(|| lieu.commune.to_string(), |commune| commune.a())
    }
}

/// Whose hand it is, in the history of the record.
pub(super) fn main(visite: &Visite, cause: Cause) -> Main<'_> {
    Main { territoire: &visite.territoire, auteur_id: None, auteur: AUTEUR, cause, now: visite.now }
}

/// The structure has said its record right.
pub async fn confirm(annuaire: &Annuaire, visite: &Visite, structure: Id) -> Result<()> {
    let verification = VerificationFiche { at: visite.now, compte_id: None, voie: Voie::LibreService };
    let tx = annuaire.db.begin().await?;
    insert_verification(&tx, visite.territoire.id, structure, &verification).await?;
    Ok(tx.commit().await?)
}

fn write(fiche: &Fiche, visite: &Visite) -> Saisie {
    let contact = fiche.structure.contact.clone();
    let mut fields = vec![
        ("telephone".to_string(), contact.telephone.unwrap_or_default()),
        ("courriel".to_string(), contact.courriel.unwrap_or_default()),
        ("site_web".to_string(), contact.site_web.unwrap_or_default()),
        ("description".to_string(), fiche.structure.description.clone().unwrap_or_default()),
    ];
    for service in fiche.services.values() {
        fields.push((format!("disponibilite-{}", service.id), service.disponibilite.code().to_string()));
        fields.push((format!("tarif-{}", service.id), service.tarif.clone().unwrap_or_default()));
        fields.push((format!("texte-{}", service.id), service.description.clone().unwrap_or_default()));
        fields.push((format!("couverture-{}", service.id), write_lines(&service.couverture, &visite.territoire)));
    }
    let adresse = |lieu: &Lieu| (format!("adresse-{}", lieu.id), on_a_line(lieu.adresse.as_deref().unwrap_or_default()));
    fields.extend(fiche.lieux.values().map(adresse));
    Saisie(fields)
}

/// The form, filled; it is posted to `{base}/corriger`.
pub fn show_form(visite: &Visite, base: &str, known: FicheTenue) -> Result<Response> {
    let saisie = write(&known.fiche, visite);
    show((visite, base), known, saisie, (FieldErrors::default(), vec![]))
}

fn show(
    (visite, base): (&Visite, &str),
    known: FicheTenue,
    saisie: Saisie,
    (errors, entretemps): (FieldErrors, Vec<Entretemps>),
) -> Result<Response> {
    let status = crate::pages::fiche::status(&errors, &entretemps);
    let frame = visite.frame(format!("Corriger la fiche de {}", known.fiche.structure.nom));
    let (base, version, fiche) = (base.to_string(), known.version, known.fiche);
    show_with(status, &CorrigerPage { frame, base, fiche, version, saisie, errors, entretemps, now: visite.now })
}

/// Mends and says right at once: whoever corrects has read the whole. Then back to `base`.
pub async fn correct(
    annuaire: &Annuaire,
    (visite, base, cause): (&Visite, &str, Cause),
    known: FicheTenue,
    sent: Vec<(String, String)>,
) -> Result<Response> {
    let saisie = Saisie(sent);
    let apres = match read(&saisie, &known.fiche, visite) {
        Ok(apres) => apres,
        Err(errors) => return show((visite, base), known, saisie, (errors, vec![])),
    };
    let version: i64 = saisie.one("version").parse().unwrap_or_default();
    let structure = known.fiche.structure.id;
    if let Enregistrement::Devance(entretemps) = mend_from(annuaire, main(visite, cause), version, (&known, &apres)).await? {
        let known = find_fiche(annuaire.db.read(), visite.territoire.id, structure).await?.ok_or(Error::NotFound)?;
        return show((visite, base), known, saisie, (FieldErrors::default(), entretemps));
    }
    confirm(annuaire, visite, structure).await?;
    if let Some(valeur) = kit::text::some(saisie.one("autre")) {
        let valeur = valeur.chars().take(500).collect();
        insert_suggestion(&annuaire.db, visite.territoire.id, &Parole::Erreur { structure, objet: Objet::Autre, valeur }, visite.now)
            .await?;
    }
    Ok(Redirect::to(base).into_response())
}

/// As a field of one line shows it: an address that was not touched is the same one.
fn on_a_line(adresse: &str) -> String {
    adresse.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn read(saisie: &Saisie, fiche: &Fiche, visite: &Visite) -> Result<Fiche, FieldErrors> {
    let read = presentation::read(saisie.one("telephone"), saisie.one("courriel"), saisie.one("site_web"), saisie.one("description"));
    let (Presentation { contact, description }, mut errors) = match read {
        Ok(read) => (read, FieldErrors::default()),
        Err(errors) => (Presentation::default(), errors),
    };
    let mut made = fiche.clone();
    made.structure.contact = contact;
    made.structure.description = description;
    for service in made.services.values_mut() {
        let known = service.clone();
        let one = |name: &str| saisie.one(&format!("{name}-{}", known.id));
        if one("retire") == "oui" {
            continue;
        }
        service.disponibilite = Disponibilite::from_code(one("disponibilite")).unwrap_or(known.disponibilite);
        service.tarif = kit::text::some(one("tarif")).map(|tarif| tarif.chars().take(200).collect());
        if saisie.holds(&format!("texte-{}", known.id)) {
            service.description = kit::text::some(one("texte"));
        }
        // What an import brought may be longer: it is not refused to who does not touch it.
        let is_long = service.description.as_deref().is_some_and(|texte| texte.chars().count() > DESCRIPTION);
        if is_long && service.description != known.description {
            errors.add("services", format!("{} : c’est trop long, {DESCRIPTION} signes au plus", known.nom));
        }
        match read_lines(one("couverture"), &visite.territoire) {
            Ok(couverture) => service.couverture = couverture,
            Err(why) => errors.add("services", format!("{} : {why}", known.nom)),
        }
        date_capacite(service, &known, visite.now);
    }
    for lieu in made.lieux.values_mut().filter(|lieu| saisie.holds(&format!("adresse-{}", lieu.id))) {
        let typed = on_a_line(saisie.one(&format!("adresse-{}", lieu.id)));
        if typed == on_a_line(lieu.adresse.as_deref().unwrap_or_default()) {
            continue;
        }
        if typed.chars().count() > ADRESSE {
            errors.add("services", format!("cette adresse est trop longue : {ADRESSE} signes au plus"));
        }
        // Where it was on the map is no longer known.
        (lieu.adresse, lieu.point) = (kit::text::some(&typed), None);
    }
    made.settle_lieux();
    made.services.retain(|id, _| saisie.one(&format!("retire-{id}")) != "oui");
    if errors.is_empty() { Ok(made) } else { Err(errors) }
}
