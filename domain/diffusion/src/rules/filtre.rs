//! What a reader asks to be left with: a commune that is reached, a need, a kind of structure, what changed since a moment.

use annuaire::Categorie;
use annuaire::besoin::Taxonomie;
use annuaire::rules::couverture::resolve;
use annuaire::storage::export::{ServiceDate, StructureDatee};
use chrono::{DateTime, NaiveDate};
use kit::{Error, Instant, Result};
use territoire::{CodeRefuse, Commune, Referentiel, Territoire};

use super::lieu::LieuSitue;

/// A question that has been read. What is absent asks for nothing.
#[derive(Clone, Debug, Default)]
pub struct Filtre {
    commune: Option<&'static Commune>,
    /// The need with those that stand for it.
    besoins: Option<Vec<&'static str>>,
    categorie: Option<Categorie>,
    depuis: Option<Instant>,
}

impl Filtre {
    /// Reads what is asked, each part in words; refuses what does not exist.
    pub fn read(commune: &str, besoin: &str, categorie: &str, depuis: &str) -> Result<Self> {
        Ok(Self {
            commune: ask(commune, read_commune)?,
            besoins: ask(besoin, read_besoin)?,
            categorie: ask(categorie, read_categorie)?,
            depuis: ask(depuis, read_moment)?,
        })
    }

    /// Whether a service answers what is asked of services.
    pub fn keeps_service(&self, territoire: &Territoire, datee: &StructureDatee, date: &ServiceDate) -> bool {
        let service = &date.service;
        self.keeps_categorie(datee)
            && self.depuis.is_none_or(|since| date.updated_at.max(datee.updated_at) >= since)
            && self.besoins.as_ref().is_none_or(|codes| service.besoins.iter().any(|code| codes.contains(&code.as_str())))
            && self.commune.is_none_or(|commune| {
                let point = LieuSitue::of(&service.lieu).point();
                resolve(&service.couverture, territoire, point).is_ok_and(|desserte| desserte.covers(commune))
            })
    }

    /// Whether a structure does: by one of its services, or by itself when nothing is asked of services.
    pub fn keeps_structure(&self, territoire: &Territoire, datee: &StructureDatee) -> bool {
        let asks_of_services = self.besoins.is_some() || self.commune.is_some();
        let is_recent = self.depuis.is_none_or(|since| datee.updated_at >= since);
        (!asks_of_services && is_recent && self.keeps_categorie(datee))
            || datee.services.iter().any(|date| self.keeps_service(territoire, datee, date))
    }

    fn keeps_categorie(&self, datee: &StructureDatee) -> bool {
        self.categorie.is_none_or(|categorie| datee.structure.categorie == categorie)
    }
}

fn ask<T>(written: &str, read: impl Fn(&str) -> Result<T>) -> Result<Option<T>> {
    Some(written.trim()).filter(|written| !written.is_empty()).map(read).transpose()
}

fn read_commune(written: &str) -> Result<&'static Commune> {
    let refuse = |refusal: CodeRefuse| match refusal {
        CodeRefuse::Forme(_) | CodeRefuse::ZeroPerdu(_) => Error::Unreadable(refusal.to_string()),
        CodeRefuse::CodePostal { .. } | CodeRefuse::CodePostalUnique { .. } | CodeRefuse::Inconnu(_) => Error::Unknown(refusal.to_string()),
    };
    Ok(Referentiel::get().resolve_code(written).map_err(refuse)?.commune)
}

/// A need, its family, which stands for it, and its own needs when it is a family.
fn read_besoin(written: &str) -> Result<Vec<&'static str>> {
    let taxonomie = Taxonomie::get();
    let unknown = || Error::Unknown(format!("besoin={written} n’est pas un code de besoin : la liste est à /api/v1/besoins"));
    let besoin = taxonomie.find(written).ok_or_else(unknown)?;
    let famille = besoin.famille.and_then(|rang| taxonomie.besoin(rang));
    let members = taxonomie.list_by_famille(besoin.rang);
    Ok([besoin].into_iter().chain(famille).chain(members).map(|one| &*one.code).collect())
}

fn read_categorie(written: &str) -> Result<Categorie> {
    let unknown = || Error::Unknown(format!("categorie={written} n’existe pas : écrivez l’une de {}", Categorie::codes()));
    Categorie::from_code(written).ok_or_else(unknown)
}

/// A day, from its first moment in Paris, or a moment (RFC 3339).
pub fn read_moment(written: &str) -> Result<Instant> {
    let day = NaiveDate::parse_from_str(written, "%Y-%m-%d").ok().and_then(|day| Instant::from_paris(day.and_hms_opt(0, 0, 0)?));
    let moment = || DateTime::parse_from_rfc3339(written).ok().map(|moment| Instant(moment.timestamp()));
    let refused = || Error::Unreadable(format!("« {written} » n’est pas une date : écrivez 2026-11-22 ou 2026-11-22T10:00:00Z"));
    day.or_else(moment).ok_or_else(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_need_is_answered_by_its_family_and_a_family_by_its_needs() {
        assert_eq!(read_besoin("menage").unwrap(), ["menage", "vie-quotidienne"]);
        let family = read_besoin("vie-quotidienne").unwrap();
        assert!(family.len() > 5 && family.contains(&"portage-repas"));
        assert!(read_besoin("fusee").is_err());
    }

    #[test]
    fn a_day_begins_in_paris_and_a_moment_is_where_it_says() {
        assert_eq!(read_moment("2026-11-22").unwrap(), read_moment("2026-11-21T23:00:00Z").unwrap());
        for wrong in ["", "hier", "2026-13-01", "2026-11-22T10:00:00", "22/11/2026"] {
            assert!(read_moment(wrong).is_err(), "{wrong}");
        }
    }
}
