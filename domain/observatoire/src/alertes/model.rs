//! What an alert is. No input or output here.

use chrono::NaiveDate;
use kit::{Id, Instant, codes};
use territoire::Territoire;

use crate::pistes::model::{Etendue, Portee};

codes! {
    /// What changed.
    pub enum NatureAlerte {
        Perte = "perte" => "plus aucun service",
        HausseDemandes = "hausse_demandes" => "demandes en hausse",
        HausseSansSolution = "hausse_sans_solution" => "demandes sans solution en hausse",
    }
}

/// Days counted and days compared with, first and last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparaison {
    pub recent: (NaiveDate, NaiveDate),
    pub reference: (NaiveDate, NaiveDate),
}

/// A change that somebody should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alerte {
    pub id: Id,
    pub nature: NatureAlerte,
    /// Code of the need.
    pub besoin: String,
    pub etendue: Etendue,
    pub comparaison: Comparaison,
    /// What was counted in the days compared with; the communes served, for a service that was lost.
    pub avant: i64,
    pub apres: i64,
    /// One chance in that many that nothing changed; 0 when it is no matter of chance.
    pub hasard: i64,
    pub trouvee_at: Instant,
    pub vue_at: Option<Instant>,
}

impl Comparaison {
    /// The share of all the days that are recent ones: what chance would give them of all the demandes.
    pub fn part(&self) -> f64 {
        let days = |(first, last): (NaiveDate, NaiveDate)| (last - first).num_days() + 1;
        let (recent, reference) = (days(self.recent), days(self.reference));
        recent as f64 / (recent + reference).max(1) as f64
    }

    pub fn is_an_dernier(&self) -> bool {
        (self.recent.0 - self.reference.0).num_days() > 360
    }
}

impl Alerte {
    /// The same for the same change, whoever finds it and however often.
    pub fn identify(territoire: &Territoire, (nature, besoin): (NatureAlerte, &str), portee: &Portee, du: NaiveDate) -> Id {
        Id::from_name(&format!("alerte {} {} {besoin} {} {du}", territoire.id, nature.code(), portee.code()))
    }
}
