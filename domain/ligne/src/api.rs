//! `GET /api/v1/ligne`: whether somebody answers, until when or from when on.

use annuaire::rules::horaires::{en_francais, say_plages};
use annuaire::rules::horaires_ligne::{EtatLigne, dire, etat, list_annonces};
use axum::Json;
use axum::extract::{Query, State};
use kit::routes::{Routes, Tous};
use kit::{Error, Instant, Result};
use serde::{Deserialize, Serialize};
use territoire::Territoire;
use utoipa::{IntoParams, ToSchema};

use crate::Ligne;

pub fn routes(ligne: Ligne) -> Routes {
    Routes::new().get("/api/v1/ligne", show_ligne).with_state(ligne)
}

/// What one may ask.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LigneParams {
    /// Nom du territoire dans les adresses ; inutile s’il n’y en a qu’un.
    #[param(example = "brenne")]
    territoire: Option<String>,
}

/// The line of a territoire, at the moment it is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LigneBody {
    #[schema(example = "brenne")]
    pub territoire: String,
    pub nom: String,
    /// À composer ; absent quand le territoire n’a pas de ligne.
    #[schema(example = "02 54 28 12 12")]
    pub telephone: Option<String>,
    /// Absent quand les horaires ne sont pas connus.
    pub ouverte: Option<bool>,
    /// Fin de l’ouverture en cours, à l’heure de Paris.
    #[schema(example = "2026-11-17T12:00:00+01:00")]
    pub jusqua: Option<String>,
    /// Début de la prochaine, si la ligne est fermée.
    #[schema(example = "2026-11-17T14:00:00+01:00")]
    pub prochaine_ouverture: Option<String>,
    /// En une phrase.
    #[schema(example = "Fermée pour l’instant ; ouvre aujourd’hui à 14 h")]
    pub phrase: String,
    pub horaires: HorairesLigneBody,
    /// Jours proches où la ligne ouvre autrement.
    pub exceptions: Vec<ExceptionLigneBody>,
}

/// The ordinary week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HorairesLigneBody {
    /// Syntaxe `opening_hours` d’OpenStreetMap.
    #[schema(example = "Mo-We,Fr 09:00-12:00,14:00-17:00; Th 09:00-12:00; PH off")]
    pub osm: Option<String>,
    /// En français.
    pub semaine: Option<String>,
}

/// Days on which the line opens otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ExceptionLigneBody {
    #[schema(example = "2026-12-24")]
    pub du: String,
    /// Compris.
    pub au: String,
    pub ouverte: bool,
    /// « 9 h–12 h » ; absent d’une fermeture.
    pub heures: Option<String>,
    pub message: String,
}

/// Whether somebody answers now.
#[utoipa::path(get, path = "/api/v1/ligne", tag = "ligne", params(LigneParams), responses(
    (status = 200, description = "La ligne d’un territoire : ouverte ou fermée, et la prochaine ouverture", body = LigneBody),
    (status = 404, description = "Ce territoire n’est pas servi ici", content_type = "application/problem+json")
))]
pub async fn show_ligne(_: Tous, State(ligne): State<Ligne>, Query(params): Query<LigneParams>) -> Result<Json<LigneBody>> {
    let all = ligne.accueil.comptes.territoires.list();
    let found = match (params.territoire.as_deref(), all.as_slice()) {
        (None, [only]) => Some(only),
        (slug, all) => all.iter().find(|one| Some(one.slug.as_str()) == slug),
    };
    let slugs = || all.iter().map(|one| one.slug.as_str()).collect::<Vec<_>>().join(", ");
    let territoire = found.ok_or_else(|| Error::Unknown(format!("Dites territoire=…, parmi : {}.", slugs())))?;
    Ok(Json(describe(territoire, ligne.accueil.clock.now())))
}

/// The same answer, for the command line.
pub fn describe(territoire: &Territoire, now: Instant) -> LigneBody {
    let (of, found) = (&territoire.ligne, etat(&territoire.ligne, now));
    let (ouverte, jusqua, ouvre) = match &found {
        EtatLigne::Ouverte { jusqua } => (Some(true), Some(*jusqua), None),
        EtatLigne::Fermee { ouvre } => (Some(false), None, *ouvre),
        EtatLigne::Inconnue => (None, None, None),
    };
    let exceptions = list_annonces(of, now).into_iter().map(|one| ExceptionLigneBody {
        du: one.du.to_string(),
        au: one.au.to_string(),
        ouverte: !one.plages.is_empty(),
        heures: (!one.plages.is_empty()).then(|| say_plages(&one.plages)),
        message: one.message.clone(),
    });
    LigneBody {
        territoire: territoire.slug.clone(),
        nom: territoire.nom.clone(),
        telephone: of.telephone.clone(),
        ouverte,
        jusqua: jusqua.map(write_instant),
        prochaine_ouverture: ouvre.map(write_instant),
        phrase: dire(&found, now),
        horaires: HorairesLigneBody { osm: of.horaires.clone(), semaine: of.horaires.as_deref().map(en_francais) },
        exceptions: exceptions.collect(),
    }
}

/// « 2026-11-17T12:00:00+01:00 ».
fn write_instant(at: Instant) -> String {
    let (wall, utc) = (at.paris(), at.0);
    let offset = (wall.and_utc().timestamp() - utc) / 3_600;
    format!("{}+{offset:02}:00", wall.format("%Y-%m-%dT%H:%M:%S"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_says_its_distance_to_greenwich_in_both_seasons() {
        assert_eq!(write_instant(testkit::NOON), "2026-11-17T12:00:00+01:00");
        assert_eq!(write_instant(Instant(testkit::NOON.0 + 200 * 86_400)), "2027-06-05T13:00:00+02:00");
    }
}
