//! Days that anybody may choose: whole months are read from the counters, and what sticks out of them from the facts.

use kit::{Db, Id, Result};

use super::Periode;
use super::comptage::catch_up;
use crate::rules::mois::{Mois, Plage};

/// How a period is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    pub mois: Option<Plage>,
    /// The days before these months, and after.
    pub jours: Vec<Periode>,
}

impl Parts {
    /// While the counters are behind, all is read from the facts: longer, and right.
    pub async fn read(db: &Db, territoire: Id, periode: Periode) -> Result<Self> {
        Ok(if catch_up(db, territoire).await? { Self::cut(periode) } else { Self { mois: None, jours: vec![periode] } })
    }

    fn cut(periode: Periode) -> Self {
        let (of_du, of_au) = (Mois::of(periode.du), Mois::of(periode.au));
        let de = if periode.du == of_du.first_day() { of_du } else { of_du.plus(1) };
        let a = if periode.au == of_au.last_day() { of_au } else { of_au.plus(-1) };
        if de > a {
            return Self { mois: None, jours: vec![periode] };
        }
        let before = Periode { du: periode.du, au: de.plus(-1).last_day() };
        let after = Periode { du: a.plus(1).first_day(), au: periode.au };
        Self { mois: Some(Plage { de, a }), jours: [before, after].into_iter().filter(|days| days.du <= days.au).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(du: &str, au: &str) -> (String, Vec<String>) {
        let Parts { mois, jours } = Parts::cut(Periode { du: du.parse().unwrap(), au: au.parse().unwrap() });
        let mois = mois.map_or_else(String::new, |plage| format!("{} {}", plage.de, plage.a));
        (mois, jours.iter().map(|days| format!("{} {}", days.du, days.au)).collect())
    }

    #[test]
    fn whole_months_are_counted_and_the_days_around_them_are_read() {
        let around = vec!["2025-11-23 2025-11-30".to_string(), "2026-11-01 2026-11-23".to_string()];
        assert_eq!(cut("2025-11-23", "2026-11-23"), ("2025-12 2026-10".into(), around));
        assert_eq!(cut("2026-01-01", "2026-12-31"), ("2026-01 2026-12".into(), vec![]));
        assert_eq!(cut("2026-02-01", "2026-03-01"), ("2026-02 2026-02".into(), vec!["2026-03-01 2026-03-01".into()]));
    }

    #[test]
    fn days_without_a_whole_month_are_all_read() {
        for (du, au) in [("2026-02-02", "2026-02-28"), ("2026-02-02", "2026-03-30"), ("2026-11-23", "2026-11-23")] {
            assert_eq!(cut(du, au), (String::new(), vec![format!("{du} {au}")]));
        }
    }
}
