//! A figure as somebody may read it: outside the team, what rests on too few people is hidden.

use comptes::{Droit, Equipier};

use crate::indicateurs::calcul::{Absence, Effectif, Resultat, Valeur, compare, say};
use crate::indicateurs::{Indicateur, Unite};
use crate::rules::secret::SEUIL;

/// Whether small counts are hidden from them: those who read the demandes know them anyway.
pub fn is_masque(equipier: &Equipier) -> bool {
    !equipier.can(Droit::LireDemandes)
}

/// A result as it may be told to somebody.
#[derive(Clone, Debug)]
pub struct Chiffre {
    unite: Unite,
    has_sexe: bool,
    resultat: Resultat,
}

impl Chiffre {
    pub fn new(indicateur: &Indicateur, resultat: &Resultat, is_masque: bool) -> Self {
        let hide = |valeur: Valeur, of: fn(&Effectif) -> Option<i64>| match is_masque && rests_on_few(indicateur, resultat, of) {
            true => Err(Absence::Masque),
            false => valeur,
        };
        // Women told, men hidden: the total gives them back.
        let (femmes, hommes) = (hide(resultat.femmes, |one| one.femmes), hide(resultat.hommes, |one| one.hommes));
        let is_told = femmes != Err(Absence::Masque) && hommes != Err(Absence::Masque);
        let keep = |valeur: Valeur| if is_told { valeur } else { Err(Absence::Masque) };
        let ensemble = hide(resultat.ensemble, |one| one.total);
        let resultat = Resultat { ensemble, femmes: keep(femmes), hommes: keep(hommes), ..resultat.clone() };
        Self { unite: indicateur.unite, has_sexe: indicateur.has_sexe(), resultat }
    }

    /// What changed since, in words.
    pub fn compare(&self, before: &Self) -> String {
        compare(self.unite, &self.resultat, &before.resultat)
    }

    /// All, women, men.
    pub fn valeurs(&self) -> [Valeur; 3] {
        [self.resultat.ensemble, self.resultat.femmes, self.resultat.hommes]
    }

    pub fn is_hidden(&self) -> bool {
        self.resultat.ensemble == Err(Absence::Masque)
    }

    pub fn say(&self) -> String {
        say(self.unite, self.resultat.ensemble)
    }

    pub fn say_femmes(&self) -> String {
        if self.has_sexe { say(self.unite, self.resultat.femmes) } else { "–".into() }
    }

    pub fn say_hommes(&self) -> String {
        if self.has_sexe { say(self.unite, self.resultat.hommes) } else { "–".into() }
    }
}

/// A count from 1 to the threshold, above or below the bar; what is of the annuaire is about nobody.
fn rests_on_few(indicateur: &Indicateur, resultat: &Resultat, of: fn(&Effectif) -> Option<i64>) -> bool {
    let counts = std::iter::once(&resultat.numerateur).chain(&resultat.denominateur);
    indicateur.is_about_people() && counts.filter_map(of).any(is_few)
}

/// So few that somebody could be known; nought is about nobody.
pub fn is_few(count: i64) -> bool {
    (1..SEUIL).contains(&count)
}

/// A count of people, or « moins de 5 ».
pub fn say_compte(count: i64, is_masque: bool) -> String {
    if is_masque && is_few(count) { format!("moins de {SEUIL}") } else { ui::format::nombre(count) }
}
