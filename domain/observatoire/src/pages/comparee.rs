//! A figure beside that of the period it is compared with, as somebody may read both.

use super::chiffre::Chiffre;
use crate::indicateurs::calcul::{Resultat, Valeur, say};
use crate::indicateurs::mensuel::{grows_with_time, per_month};
use crate::indicateurs::{Indicateur, Unite};
use crate::rules::comparaison::Comparaison;

pub struct Comparee {
    unite: Unite,
    pub now: Chiffre,
    /// None for what is of today: the annuaire keeps no past.
    pub avant: Option<Chiffre>,
    /// A month of each, where both periods have not as many: what is counted in twelve is not compared with what is counted in three.
    mensuelles: Option<(Chiffre, Chiffre)>,
}

impl Comparee {
    pub fn new(indicateur: &Indicateur, (now, before): (&Resultat, Option<&Resultat>), comparaison: &Comparaison) -> Self {
        let before = before.filter(|_| !indicateur.is_of_today());
        let write = |resultat: &Resultat| Chiffre::new(indicateur, resultat);
        let is_mean = grows_with_time(indicateur.unite) && !comparaison.is_egale();
        let mensuelles = before.filter(|_| is_mean).map(|before| {
            let mean = |one: &Resultat, months: i32| write(&per_month(one, months));
            (mean(now, comparaison.plage.count_months()), mean(before, comparaison.avant.count_months()))
        });
        Self { unite: indicateur.unite, now: write(now), avant: before.map(write), mensuelles }
    }

    /// « 132 », « 132 (11,0 par mois) ».
    pub fn say(&self) -> String {
        self.write(&self.now, self.mensuelles.as_ref().map(|(now, _)| now))
    }

    pub fn say_avant(&self) -> String {
        let Some(avant) = &self.avant else { return "–".into() };
        self.write(avant, self.mensuelles.as_ref().map(|(_, before)| before))
    }

    pub fn evolution(&self) -> String {
        match (&self.mensuelles, &self.avant) {
            (Some((now, before)), _) => now.compare(before),
            (None, Some(before)) => self.now.compare(before),
            (None, None) => String::new(),
        }
    }

    fn write(&self, chiffre: &Chiffre, mensuel: Option<&Chiffre>) -> String {
        // A mean of a count is no whole number.
        let unite = if self.unite == Unite::Nombre { Unite::Rapport } else { self.unite };
        let mean = mensuel.and_then(|mensuel| Valeur::ok(mensuel.valeurs()[0]));
        match mean {
            Some(mean) => format!("{} ({} par mois)", chiffre.say(), say(unite, Ok(mean))),
            None => chiffre.say(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::indicateurs::calcul::{Effectif, compute};
    use crate::indicateurs::find_indicateur;

    fn count(total: i64) -> Resultat {
        let counts = BTreeMap::from([(String::new(), Effectif { femmes: Ok(0), hommes: Ok(0), total: Ok(total) })]);
        compute(find_indicateur("demandes").unwrap(), &counts, None).remove(0)
    }

    fn compare(one: (&str, &str), other: (&str, &str), counts: (i64, i64)) -> Comparee {
        let comparaison = Comparaison::read(one, other, "2026-11-23".parse().unwrap());
        let indicateur = find_indicateur("demandes").unwrap();
        Comparee::new(indicateur, (&count(counts.0), Some(&count(counts.1))), &comparaison)
    }

    #[test]
    fn periods_as_long_are_compared_as_they_are() {
        let told = compare(("2026-01", "2026-06"), ("2024-01", "2024-06"), (90, 60));
        assert_eq!((told.say(), told.say_avant(), told.evolution()), ("90".into(), "60".into(), "+50,0\u{202f}%".into()));
    }

    #[test]
    fn a_year_is_compared_with_a_quarter_by_its_months() {
        let told = compare(("2025-01", "2025-12"), ("2024-01", "2024-03"), (120, 60));
        assert_eq!((told.say().as_str(), told.say_avant().as_str()), ("120 (10,0 par mois)", "60 (20,0 par mois)"));
        assert_eq!(told.evolution(), "−50,0\u{202f}%");
    }
}
