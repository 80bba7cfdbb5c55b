//! What the forms of a record send: read whole, each wrong field said, nothing lost.

use chrono::NaiveDate;
use kit::{FieldErrors, Id, Instant, text};
use territoire::Territoire;

use super::couverture_saisie::{read_lines, write_lines};
use crate::besoin::Taxonomie;
use crate::fiche::{Fiche, Information, Interlocuteur, NatureInformation, Visibilite};
use crate::{Aide, Creneau, Disponibilite, Frais, Intervention, Lieu, Modalites, Mode, Public, Service};

/// A form as it was sent: names may come several times.
#[derive(Clone, Debug, Default)]
pub struct Saisie(pub Vec<(String, String)>);

impl Saisie {
    /// The first value under a name, empty when there is none.
    pub fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// Whether the field was sent at all: what a form does not show, it does not change.
    pub fn holds(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    pub fn has(&self, name: &str, value: &str) -> bool {
        self.0.iter().any(|(known, one)| known == name && one == value)
    }

    pub(crate) fn add(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_string(), value.into()));
    }

    pub(crate) fn list<T>(&self, name: &str, read: impl Fn(&str) -> Option<T>) -> Vec<T> {
        self.0.iter().filter(|(known, _)| known == name).filter_map(|(_, value)| read(value)).collect()
    }

    /// A text of `most` signs at most.
    pub(crate) fn text(&self, name: &'static str, most: usize, errors: &mut FieldErrors) -> Option<String> {
        let read = text::some(self.one(name));
        if read.as_deref().is_some_and(|read| read.chars().count() > most) {
            errors.add(name, format!("c’est trop long : {most} signes au plus"));
        }
        read
    }

    fn telephone(&self, name: &'static str, errors: &mut FieldErrors) -> Option<String> {
        let written = text::some(self.one(name))?;
        kit::telephone::read(&written).map_err(|why| errors.add(name, why)).ok()
    }

    fn number(&self, name: &'static str, most: u32, errors: &mut FieldErrors) -> Option<u32> {
        let written = text::some(self.one(name))?;
        let read = written.parse().ok().filter(|number| *number <= most);
        if read.is_none() {
            errors.add(name, format!("écrivez un nombre entre 0 et {most}, ou rien"));
        }
        read
    }

    pub(crate) fn date(&self, name: &'static str, errors: &mut FieldErrors) -> Option<NaiveDate> {
        let written = text::some(self.one(name))?;
        let read = NaiveDate::parse_from_str(&written, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(&written, "%d/%m/%Y")).ok();
        if read.is_none() {
            errors.add(name, "cette date n’existe pas : écrivez-la comme 31/12/2026");
        }
        read
    }
}

/// The form of a service, filled.
pub fn write_service(service: &Service, territoire: &Territoire) -> Saisie {
    let mut saisie = Saisie::default();
    let some = |value: &Option<String>| value.clone().unwrap_or_default();
    let number = |value: Option<u32>| value.map(|number| number.to_string()).unwrap_or_default();
    let modalites = &service.modalites;
    for (name, value) in [
        ("nom", service.nom.clone()),
        ("description", some(&service.description)),
        ("mode", service.mode.code().to_string()),
        ("lieu", service.lieu.id.to_string()),
        ("couverture", write_lines(&service.couverture, territoire)),
        ("disponibilite", service.disponibilite.code().to_string()),
        ("telephone", some(&service.telephone)),
        ("tarif", some(&service.tarif)),
        ("frais", modalites.frais.map(Frais::code).unwrap_or_default().to_string()),
        ("conditions", some(&modalites.conditions)),
        ("demarche", some(&modalites.demarche)),
        ("delai_jours", number(modalites.delai_jours)),
        ("places", number(modalites.places)),
    ] {
        saisie.add(name, value);
    }
    service.besoins.iter().for_each(|code| saisie.add("besoins", code.as_str()));
    service.intervention.iter().for_each(|one| saisie.add("intervention", one.code()));
    service.creneaux.iter().for_each(|one| saisie.add("creneaux", one.code()));
    modalites.publics.iter().for_each(|one| saisie.add("publics", one.code()));
    modalites.aides.iter().for_each(|one| saisie.add("aides", one.code()));
    saisie
}

/// A service as its form says it; `known` keeps what the form does not show (its ids, its place).
pub fn read_service(saisie: &Saisie, known: &Service, (territoire, now): (&Territoire, Instant)) -> Result<Service, FieldErrors> {
    let mut errors = FieldErrors::default();
    let nom = saisie.text("nom", 200, &mut errors);
    if nom.is_none() {
        errors.add("nom", "donnez un nom au service : « Aide au ménage »");
    }
    let taxonomie = Taxonomie::get();
    let besoins = saisie.list("besoins", |code| taxonomie.find(code).map(|besoin| besoin.code.to_string()));
    if besoins.is_empty() {
        errors.add("besoins", "cochez au moins un besoin auquel ce service répond");
    }
    let couverture = read_lines(saisie.one("couverture"), territoire).map_err(|why| errors.add("couverture", why)).ok();
    let (mode, disponibilite) = (Mode::from_code(saisie.one("mode")), Disponibilite::from_code(saisie.one("disponibilite")));
    if mode.is_none() {
        errors.add("mode", "dites où le service est rendu");
    }
    let mut made = Service {
        nom: nom.unwrap_or_default(),
        description: saisie.text("description", 2_000, &mut errors),
        besoins,
        mode: mode.unwrap_or(known.mode),
        couverture: couverture.unwrap_or_default(),
        intervention: saisie.list("intervention", Intervention::from_code),
        creneaux: saisie.list("creneaux", Creneau::from_code),
        disponibilite: disponibilite.unwrap_or(Disponibilite::Inconnue),
        telephone: saisie.telephone("telephone", &mut errors),
        tarif: saisie.text("tarif", 200, &mut errors),
        modalites: Modalites {
            publics: saisie.list("publics", Public::from_code),
            frais: Frais::from_code(saisie.one("frais")),
            aides: saisie.list("aides", Aide::from_code),
            conditions: saisie.text("conditions", 500, &mut errors),
            demarche: saisie.text("demarche", 500, &mut errors),
            delai_jours: saisie.number("delai_jours", 3_650, &mut errors),
            places: saisie.number("places", 10_000, &mut errors),
            capacite_at: known.modalites.capacite_at,
        },
        ..known.clone()
    };
    date_capacite(&mut made, known, now);
    if errors.is_empty() { Ok(made) } else { Err(errors) }
}

/// Availability, delay and places carry the moment when they were last said.
pub fn date_capacite(made: &mut Service, known: &Service, now: Instant) {
    let said = |service: &Service| (service.disponibilite, service.modalites.delai_jours, service.modalites.places);
    if said(made) != said(known) {
        made.modalites.capacite_at = Some(now);
    }
}

/// A service that does not exist yet, at a place of the structure.
pub fn new_service((structure, lieu): (Id, Lieu), now: Instant) -> Service {
    let id = Id::new(now);
    Service {
        id,
        structure_id: structure,
        lieu,
        source_id: id.to_string(),
        nom: String::new(),
        description: None,
        besoins: vec![],
        mode: Mode::ADomicile,
        couverture: Default::default(),
        intervention: vec![],
        creneaux: vec![],
        disponibilite: Disponibilite::Inconnue,
        telephone: None,
        tarif: None,
        modalites: Modalites::default(),
    }
}

/// Something true for a time: its dates stand in order, and each kind says what it needs to.
pub fn read_information(saisie: &Saisie, fiche: &Fiche, today: NaiveDate) -> Result<Information, FieldErrors> {
    let mut errors = FieldErrors::default();
    let nature = NatureInformation::from_code(saisie.one("nature"));
    if nature.is_none() {
        errors.add("nature", "dites ce qui change : fermeture, horaires, message ou service suspendu");
    }
    let service = saisie.one("service").parse().ok().filter(|id| fiche.services.contains_key(id));
    if nature == Some(NatureInformation::Suspension) && service.is_none() {
        errors.add("service", "dites quel service est suspendu");
    }
    let texte = saisie.text("texte", 500, &mut errors);
    if texte.is_none() && matches!(nature, Some(NatureInformation::Message | NatureInformation::Horaires)) {
        errors.add("texte", "écrivez ce qu’il faut savoir, ou les horaires de ces jours-là");
    }
    let du = saisie.date("du", &mut errors).unwrap_or(today);
    let au = saisie.date("au", &mut errors);
    if au.is_some_and(|au| au < du) {
        errors.add("au", "le dernier jour vient avant le premier");
    }
    if errors.is_empty() {
        Ok(Information { nature: nature.unwrap_or(NatureInformation::Message), service, texte, du, au })
    } else {
        Err(errors)
    }
}

/// Somebody to call.
pub fn read_interlocuteur(saisie: &Saisie) -> Result<Interlocuteur, FieldErrors> {
    let mut errors = FieldErrors::default();
    let nom = saisie.text("nom", 100, &mut errors);
    if nom.is_none() {
        errors.add("nom", "écrivez un nom, ou une fonction : « Secrétariat »");
    }
    let telephone = saisie.telephone("telephone", &mut errors);
    let courriel = saisie.text("courriel", 254, &mut errors);
    if courriel.as_deref().is_some_and(|written| !text::is_courriel(written)) {
        errors.add("courriel", super::presentation::COURRIEL_REFUSE);
    }
    if errors.is_empty() && telephone.is_none() && courriel.is_none() {
        errors.add("telephone", "laissez un téléphone ou un courriel");
    }
    let made = Interlocuteur {
        nom: nom.unwrap_or_default(),
        fonction: saisie.text("fonction", 100, &mut errors),
        telephone,
        courriel,
        visibilite: Visibilite::from_code(saisie.one("visibilite")).unwrap_or(Visibilite::Equipe),
    };
    if errors.is_empty() { Ok(made) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::territoire;

    fn service() -> Service {
        let lieu = Lieu {
            id: Id::from_name("lieu"),
            adresse: None,
            commune: "26006".to_string().try_into().unwrap(),
            point: None,
            horaires: None,
        };
        Service {
            nom: "Ménage".into(),
            besoins: vec!["menage".into()],
            couverture: "epci:242600252 sauf commune:26006".parse().unwrap(),
            creneaux: vec![Creneau::Soir],
            tarif: Some("24 €".into()),
            modalites: Modalites {
                publics: vec![Public::PersonnesAgees],
                aides: vec![Aide::Apa, Aide::Cesu],
                places: Some(3),
                ..Modalites::default()
            },
            ..new_service((Id::from_name("structure"), lieu), Instant(0))
        }
    }

    #[test]
    fn a_service_shown_and_sent_back_is_the_same_at_the_same_place() {
        let (service, territoire) = (service(), territoire());
        let saisie = write_service(&service, &territoire);
        assert_eq!(saisie.one("lieu"), service.lieu.id.to_string());
        assert_eq!(read_service(&saisie, &service, (&territoire, Instant(9))), Ok(service));
    }

    #[test]
    fn what_can_be_taken_is_dated_when_it_changes() {
        let (known, mut made) = (service(), service());
        made.tarif = None;
        date_capacite(&mut made, &known, Instant(9));
        assert_eq!(made.modalites.capacite_at, None, "a price says nothing of places");
        made.disponibilite = Disponibilite::Complet;
        date_capacite(&mut made, &known, Instant(9));
        assert_eq!(made.modalites.capacite_at, Some(Instant(9)));
    }

    #[test]
    fn each_wrong_field_of_a_service_says_so() {
        let sent = [("nom", " "), ("couverture", "Atlantide"), ("delai_jours", "demain"), ("telephone", "douze")];
        let saisie = Saisie(sent.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect());
        let errors = read_service(&saisie, &service(), (&territoire(), Instant(0))).unwrap_err();
        for field in ["nom", "besoins", "couverture", "mode", "telephone", "delai_jours"] {
            assert!(errors.about(field).is_some(), "{field}");
        }
    }

    #[test]
    fn a_closing_has_dates_that_exist_and_stand_in_order() {
        let fiche = crate::suggestion::regles::make_fiche(
            &crate::suggestion::Inscription {
                nom: "Essai".into(),
                categorie: crate::Categorie::Association,
                commune: "26006".into(),
                telephone: None,
                courriel: None,
                site_web: None,
                description: "Essai".into(),
            },
            Instant(0),
        )
        .unwrap();
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let read = |fields: &[(&str, &str)]| {
            let saisie = Saisie(fields.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect());
            read_information(&saisie, &fiche, today)
        };
        let closed = read(&[("nature", "fermeture"), ("au", "2026-12-31")]).unwrap();
        assert_eq!((closed.du, closed.au), (today, NaiveDate::from_ymd_opt(2026, 12, 31)));
        assert!(read(&[("nature", "fermeture"), ("au", "31/02/2027")]).unwrap_err().about("au").is_some());
        assert!(read(&[("nature", "fermeture"), ("au", "2026-01-01")]).unwrap_err().about("au").is_some());
        assert!(read(&[("nature", "message")]).unwrap_err().about("texte").is_some());
        assert!(read(&[("nature", "suspension")]).unwrap_err().about("service").is_some());
        assert!(read(&[]).unwrap_err().about("nature").is_some());
    }
}
