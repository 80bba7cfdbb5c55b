//! Everything held about the person of a demande, for themselves: to read, and as data (RGPD, articles 15 and 20).

use chrono::{DateTime, Utc};
use kit::{Instant, Result};
use schema::traitements::{Traitement, list_traitements};
use serde_json::{Value, json};
use territoire::{Referentiel, Territoire};

use crate::complements::Complements;
use crate::model::{Consentement, Demande, Orientation, PourQui, Sexe, TrancheAge};
use crate::mots::{libelle_de_besoin, nom_de_commune};
use crate::prise_en_charge::PriseEnCharge;
use crate::rules::conservation::Durees;

/// What is held, in words.
pub struct Dossier {
    pub numero: i64,
    /// Each thing held, under its name.
    pub donnees: Vec<(&'static str, String)>,
    pub consentements: Vec<Consentement>,
    pub orientations: Vec<Orientation>,
    /// Why it is held, by what right, who sees it.
    pub traitements: Vec<Traitement>,
    pub durees: Durees,
}

/// The treatments of the register that a demande belongs to.
const TRAITEMENTS: [&str; 2] = ["orientation", "rappel"];

impl Dossier {
    pub fn new(demande: &Demande, complements: &Complements, (durees, now): (Durees, Instant)) -> Result<Self> {
        let detail = &demande.detail;
        let rappel = &detail.rappel;
        let besoins = detail.besoins.iter().map(|code| libelle_de_besoin(code)).collect::<Vec<_>>().join(", ");
        let conditions = Some(detail.contraintes.labels()).filter(|labels| !labels.is_empty());
        let held = [
            ("Reçue", Some(format!("le {} ({})", ui::format::moment(&detail.received_at, &now), detail.canal.label()))),
            ("Commune", Some(nom_de_commune(detail.commune.as_str()))),
            ("Besoin", Some(besoins)),
            ("Dans vos mots", detail.besoin_texte.clone()),
            ("Conditions", conditions),
            ("Urgence", Some(detail.urgence.label().to_string())),
            ("Pour", detail.pour_qui.map(|one| one.label().to_string())),
            ("Âge", detail.tranche_age.map(|one| one.label().to_string())),
            ("Personne", detail.sexe.map(|one| one.label().to_string())),
            ("Note", detail.note.clone()),
            ("Nom", rappel.nom.clone()),
            ("Téléphone", rappel.telephone.clone()),
            ("Adresse électronique", rappel.courriel.clone()),
            ("Quand vous rappeler", rappel.moment.clone()),
            ("Issue", detail.issue.map(|one| one.label().to_string())),
            ("Raison", detail.motif.map(|one| one.label().to_string())),
            ("Numéro de l’envoi", Some(detail.cle.clone())),
        ];
        Ok(Self {
            numero: demande.numero,
            donnees: held.into_iter().chain(list_complements(complements, now)).filter_map(|(name, value)| Some((name, value?))).collect(),
            consentements: detail.consentements.clone(),
            orientations: detail.orientations.clone(),
            traitements: list_traitements()?.into_iter().filter(|one| TRAITEMENTS.contains(&one.code.as_str())).collect(),
            durees,
        })
    }
}

/// What was gathered since.
fn list_complements(held: &Complements, now: Instant) -> Vec<(&'static str, Option<String>)> {
    let asked = held.prises.iter().map(|one| {
        let dates = ui::format::moment(&one.envoyee_at, &now);
        ("Structure interrogée", Some(format!("{}, le {dates} ({})", one.structure_nom, one.etat.label())))
    });
    let constats = held.constats.iter().map(|one| ("Analyse de la situation", Some(format!("{} {}", one.question, one.choix))));
    let appel = held.qualite.as_ref().map(|appel| {
        let solution = appel.solution.map(|one| format!("solution trouvée : {}", one.label()));
        let note = appel.satisfaction.map(|note| format!("satisfaction : {note} sur 5"));
        let said = [Some(appel.reponse.label().to_string()), solution, note, appel.commentaire.clone()];
        said.into_iter().flatten().collect::<Vec<_>>().join(", ")
    });
    let promesse = held.promesse.map(|at| format!("avant le {}", ui::format::moment(&at, &now)));
    let single = [
        ("Code de suivi", held.code.clone()),
        ("Rappel promis", promesse),
        ("Note pour le plan d’action", held.plan_note.clone()),
        ("Appel de qualité", appel),
    ];
    asked.chain(constats).chain(single).collect()
}

/// The same as data: codes as they are stored, dates in UTC; what is not known is `null`.
pub fn write_json(demande: &Demande, complements: &Complements, territoire: &Territoire) -> Value {
    let detail = &demande.detail;
    let commune = Referentiel::get().resolve_code(detail.commune.as_str()).map(|found| found.commune.nom.to_string());
    json!({
        "territoire": territoire.nom,
        "numero": demande.numero,
        "recue_le": date(detail.received_at),
        "canal": detail.canal.code(),
        "commune": {"code_insee": detail.commune.as_str(), "nom": commune.ok()},
        "besoins": detail.besoins.iter().map(|code| json!({"code": code, "libelle": libelle_de_besoin(code)})).collect::<Vec<_>>(),
        "besoin_texte": detail.besoin_texte,
        "contraintes": detail.contraintes.codes(),
        "urgence": detail.urgence.code(),
        "pour_qui": detail.pour_qui.map(PourQui::code),
        "tranche_age": detail.tranche_age.map(TrancheAge::code),
        "sexe": detail.sexe.map(Sexe::code),
        "note": detail.note,
        "rappel": {
            "nom": detail.rappel.nom, "telephone": detail.rappel.telephone,
            "courriel": detail.rappel.courriel, "moment": detail.rappel.moment
        },
        "issue": detail.issue.map(|one| one.code()),
        "motif": detail.motif.map(|one| one.code()),
        "cle": detail.cle,
        "effacee_le": demande.efface_at.map(date),
        "consentements": detail.consentements.iter().map(write_consentement).collect::<Vec<_>>(),
        "propositions": detail.orientations.iter().map(write_orientation).collect::<Vec<_>>(),
        "prises_en_charge": complements.prises.iter().map(write_prise).collect::<Vec<_>>(),
        "suivi_code": complements.code,
        "rappel_promis_le": complements.promesse.map(date),
        "plan_note": complements.plan_note,
        "analyse": complements.constats,
        "appel_qualite": complements.qualite.as_ref().map(|appel| json!({
            "reponse": appel.reponse.code(), "solution": appel.solution.map(|one| one.code()),
            "satisfaction": appel.satisfaction, "commentaire": appel.commentaire
        })),
    })
}

fn write_consentement(one: &Consentement) -> Value {
    json!({
        "finalite": one.finalite.code(), "texte_montre": one.texte_montre,
        "donne_le": date(one.donne_at), "retire_le": one.retire_at.map(date)
    })
}

fn write_prise(one: &PriseEnCharge) -> Value {
    json!({
        "structure": one.structure_nom, "besoin": one.besoin, "etat": one.etat.code(), "motif": one.motif.map(|motif| motif.code()),
        "interrogee_le": date(one.envoyee_at), "repondue_le": one.repondue_at.map(date)
    })
}

fn write_orientation(one: &Orientation) -> Value {
    json!({
        "structure": one.structure_nom, "service": one.service_nom, "telephone": one.telephone,
        "raisons": one.raisons, "donnee": one.donnee
    })
}

fn date(at: Instant) -> String {
    DateTime::<Utc>::from_timestamp(at.0, 0).unwrap_or_default().to_rfc3339()
}
