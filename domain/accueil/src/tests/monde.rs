//! A small world for tests: a territoire in the Drôme and the services it is given.

use annuaire::aiguillage::{Aiguillage, Batisseur, Inscription};
use annuaire::{Categorie, Contact, Creneau, Disponibilite, Intervention, Lieu, Mode, Service, Structure};
use chrono::NaiveDateTime;
use kit::Id;
use territoire::{CodeInsee, Commune, Couleurs, LigneUnique, Referentiel, Territoire};

pub const LIVRON: &str = "26165";
pub const LORIOL: &str = "26166";

pub fn commune(code: &str) -> &'static Commune {
    Referentiel::get().resolve_code(code).unwrap().commune
}

/// The communes of the EPCI « Val de Drôme ».
pub fn territoire() -> Territoire {
    let epci = Referentiel::get().find_epci("242600252").unwrap();
    Territoire {
        id: Id::from_name("val-de-drome"),
        slug: "val-de-drome".into(),
        nom: "Val de Drôme".into(),
        couleurs: Couleurs { principale: "#1f5c45".into(), accent: "#8a5a00".into() },
        ligne: LigneUnique::default(),
        communes: epci.communes.clone(),
        bassins: vec![],
        logo: None,
        fermeture: None,
    }
}

/// A service that a test makes its own with the fields that matter to it.
pub fn inscription(nom: &str, besoin: &str, couverture: &str) -> Inscription {
    let structure = Structure {
        id: Id::from_name(nom),
        source: "essai".into(),
        source_id: nom.into(),
        nom: nom.into(),
        categorie: Categorie::Admr,
        description: None,
        siret: None,
        contact: Contact { telephone: Some("04 65 71 00 01".into()), ..Contact::default() },
        exemple: true,
    };
    let lieu = Lieu {
        id: Id::from_name(&format!("{nom}/lieu")),
        adresse: None,
        commune: CodeInsee::parse(LIVRON).unwrap(),
        point: None,
        horaires: None,
    };
    let service = Service {
        id: Id::from_name(&format!("{nom}/{besoin}")),
        structure_id: structure.id,
        lieu,
        source_id: besoin.into(),
        nom: format!("{besoin} de {nom}"),
        description: None,
        besoins: vec![besoin.into()],
        mode: Mode::ADomicile,
        couverture: couverture.parse().unwrap(),
        intervention: vec![],
        creneaux: vec![],
        disponibilite: Disponibilite::Inconnue,
        telephone: None,
        tarif: None,
        modalites: annuaire::Modalites::default(),
    };
    Inscription { structure, service }
}

pub fn at(mut inscription: Inscription, commune: &str) -> Inscription {
    inscription.service.lieu.commune = CodeInsee::parse(commune).unwrap();
    inscription
}

pub fn with_disponibilite(mut inscription: Inscription, disponibilite: Disponibilite) -> Inscription {
    inscription.service.disponibilite = disponibilite;
    inscription
}

pub fn with_creneau(mut inscription: Inscription, creneau: Creneau) -> Inscription {
    inscription.service.creneaux.push(creneau);
    inscription
}

pub fn with_intervention(mut inscription: Inscription, intervention: Intervention) -> Inscription {
    inscription.service.intervention.push(intervention);
    inscription
}

pub fn with_mode(mut inscription: Inscription, mode: Mode) -> Inscription {
    inscription.service.mode = mode;
    inscription
}

pub fn with_horaires(mut inscription: Inscription, horaires: &str) -> Inscription {
    inscription.service.lieu.horaires = Some(horaires.into());
    inscription
}

pub fn aiguillage(inscriptions: &[Inscription]) -> Aiguillage {
    let territoire = territoire();
    let mut batisseur = Batisseur::new(&territoire, 1);
    inscriptions.iter().for_each(|inscription| batisseur.add(inscription));
    batisseur.finish()
}

/// Tuesday at noon.
pub fn noon() -> NaiveDateTime {
    testkit::NOON.paris()
}
