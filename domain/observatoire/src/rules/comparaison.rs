//! Two periods side by side: the months asked, and those they are compared with.

use chrono::NaiveDate;

use super::mois::{Mois, Plage};

/// A period and the one that it is compared with: the same months of the year before, unless somebody chose another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparaison {
    pub plage: Plage,
    pub avant: Plage,
    pub is_choisie: bool,
}

impl Comparaison {
    /// Of one end alone, a period as long as the first; upside down, it is turned; of nonsense, the year before.
    pub fn read((de, a): (&str, &str), (de2, a2): (&str, &str), today: NaiveDate) -> Self {
        let plage = Plage::read(de, a, today);
        let ahead = plage.count_months() - 1;
        let chosen = match (Mois::parse(de2), Mois::parse(a2)) {
            (Some(one), Some(other)) => Some(Plage { de: one.min(other), a: one.max(other) }),
            (Some(de), None) => Some(Plage { de, a: de.plus(ahead) }),
            (None, Some(a)) => Some(Plage { de: a.plus(-ahead), a }),
            (None, None) => None,
        };
        let avant = chosen.unwrap_or_else(|| plage.year_before());
        Self { plage, avant, is_choisie: avant != plage.year_before() }
    }

    /// Two years, the second one chosen when it is not the one before.
    pub fn of_years(annee: i32, avant: i32) -> Self {
        Self { plage: Plage::whole_year(annee), avant: Plage::whole_year(avant), is_choisie: avant != annee - 1 }
    }

    /// Whether both have as many months: counts are compared as they are.
    pub fn is_egale(&self) -> bool {
        self.plage.count_months() == self.avant.count_months()
    }

    /// « comparé aux mêmes mois de l’année d’avant », « comparé à la période de janvier 2025 à mars 2025 ».
    pub fn say(&self) -> String {
        match (self.is_choisie, self.avant.de == self.avant.a) {
            (false, _) => "comparé aux mêmes mois de l’année d’avant".into(),
            (true, true) => format!("comparé à {}", self.avant.nom()),
            (true, false) => format!("comparé à la période {}", self.avant.nom()),
        }
    }

    /// The head of a column.
    pub fn entete(&self) -> &'static str {
        if self.is_choisie { "Période comparée" } else { "Un an avant" }
    }

    /// As an address says it.
    pub fn query(&self) -> String {
        let Plage { de, a } = self.plage;
        match self.is_choisie {
            true => format!("de={de}&a={a}&de2={}&a2={}", self.avant.de, self.avant.a),
            false => format!("de={de}&a={a}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(one: (&str, &str), other: (&str, &str)) -> Comparaison {
        Comparaison::read(one, other, "2026-11-23".parse().unwrap())
    }

    #[test]
    fn without_a_choice_a_period_is_compared_with_the_year_before() {
        let known = read(("2026-01", "2026-06"), ("", "hier"));
        assert_eq!((known.avant.de.to_string(), known.avant.a.to_string()), ("2025-01".into(), "2025-06".into()));
        assert_eq!((known.is_choisie, known.is_egale(), known.query()), (false, true, "de=2026-01&a=2026-06".into()));
        assert_eq!(read(("2026-01", "2026-06"), ("2025-06", "2025-01")), known, "the year before is no choice");
    }

    #[test]
    fn a_chosen_period_upside_down_is_turned_and_one_end_gives_the_other() {
        let turned = read(("2026-01", "2026-06"), ("2024-12", "2024-10"));
        assert_eq!((turned.say().as_str(), turned.is_egale()), ("comparé à la période d’octobre 2024 à décembre 2024", false));
        assert_eq!(turned.query(), "de=2026-01&a=2026-06&de2=2024-10&a2=2024-12");
        assert_eq!(read(("2026-01", "2026-06"), ("2024-07", "")).avant.a.to_string(), "2024-12");
        assert_eq!(read(("2026-01", "2026-06"), ("", "2024-12")).avant.de.to_string(), "2024-07");
    }
}
