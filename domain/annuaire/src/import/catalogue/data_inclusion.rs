//! data·inclusion, versions 0 and 1: a structure under our titles, a service in our words.

use super::{Json, LieuDit, ServiceDit, say, say_first, say_list};

/// A row in the order of `TITRES`.
pub fn read_structure(objet: &Json) -> Vec<String> {
    let one = |names: &[&str]| say_first(objet, names);
    let lieu = read_lieu(objet);
    vec![
        one(&["source"]),
        one(&["id"]),
        one(&["nom"]),
        one(&["typologie", "reseaux_porteurs", "labels_nationaux"]).split('|').next().unwrap_or_default().into(),
        one(&["siret"]),
        one(&["description", "presentation_detail", "presentation_resume"]),
        lieu.adresse,
        lieu.code_postal,
        lieu.commune,
        lieu.code_insee,
        lieu.latitude,
        lieu.longitude,
        one(&["telephone"]),
        one(&["courriel"]),
        one(&["site_web", "lien_source"]),
        lieu.horaires,
    ]
}

fn read_lieu(objet: &Json) -> LieuDit {
    let one = |name: &str| say(objet.get(name));
    let adresse = [one("adresse"), one("complement_adresse")].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    LieuDit {
        adresse,
        code_postal: one("code_postal"),
        commune: one("commune"),
        code_insee: one("code_insee"),
        latitude: one("latitude"),
        longitude: one("longitude"),
        horaires: say_first(objet, &["horaires_accueil", "horaires_ouverture"]),
    }
}

pub fn read_service(objet: &Json) -> ServiceDit {
    let one = |names: &[&str]| say_first(objet, names);
    ServiceDit {
        id: one(&["id"]),
        structure: (one(&["source"]), one(&["structure_id"])),
        nom: one(&["nom"]),
        description: one(&["description", "presentation_detail", "presentation_resume"]),
        thematiques: say_list(objet, &["thematiques"]),
        modes: say_list(objet, &["modes_accueil"]),
        zones: read_zones(objet),
        frais: one(&["frais"]),
        publics: say_list(objet, &["publics", "profils"]),
        tarif: one(&["frais_precisions", "frais_autres"]),
        conditions: one(&["conditions_acces", "publics_precisions", "profils_precisions"]),
        demarche: one(&["mobilisation_precisions", "modes_mobilisation_precisions"]),
        telephone: one(&["telephone", "contact_telephone"]),
        lieu: read_lieu(objet),
        is_stopped: objet.contains_key("date_suspension") && !one(&["date_suspension"]).is_empty(),
        ..ServiceDit::default()
    }
}

/// Version 1 lists codes; version 0 said a kind and a code.
fn read_zones(objet: &Json) -> Vec<String> {
    let zones = say_list(objet, &["zone_eligibilite"]);
    if !zones.is_empty() {
        return zones;
    }
    match say(objet.get("zone_diffusion_type")).as_str() {
        "pays" => vec!["france".into()],
        _ => say_list(objet, &["zone_diffusion_code"]),
    }
}
