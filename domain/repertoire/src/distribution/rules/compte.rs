//! Totals of an edition, by book and in all: printed, planned, delivered, brought back, left.

use territoire::Territoire;
use ui::format::compte;

use super::argent::write_cents;
use crate::distribution::{Flux, Point, Suivi, Tirage};
use crate::rules::zone::{find_livret, list_livres};

/// What became of the copies of one book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compte {
    pub code: String,
    pub nom: String,
    pub tirage: Tirage,
    pub prevus: i64,
    pub livres: i64,
    pub repris: i64,
}

impl Compte {
    /// Copies that wait to be carried.
    pub fn stock(&self) -> i64 {
        self.tirage.exemplaires - self.livres + self.repris
    }

    /// Copies that people took, or that places still hold.
    pub fn remis(&self) -> i64 {
        self.livres - self.repris
    }

    /// What is wrong with it, in words.
    fn list_alertes(&self) -> Vec<String> {
        let mut alertes = vec![];
        let over = self.prevus - self.tirage.exemplaires;
        if over > 0 {
            let planned = compte(self.prevus, "exemplaire prévu", "exemplaires prévus");
            alertes.push(format!("{} : {planned}, {}, il en manque {}", self.nom, self.write_imprimes(), ui::format::nombre(over)));
        }
        if self.stock() < 0 {
            let gone = compte(self.remis(), "exemplaire est sorti", "exemplaires sont sortis");
            alertes.push(format!("{} : {gone}, {} : vérifiez le tirage", self.nom, self.write_imprimes()));
        }
        alertes
    }

    fn write_imprimes(&self) -> String {
        compte(self.tirage.exemplaires, "imprimé", "imprimés")
    }
}

/// The count of each book, and of all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bilan {
    pub livrets: Vec<Compte>,
    /// Its cost is known when that of every book is.
    pub total: Compte,
    /// What is known of the cost.
    pub cout_connu: i64,
}

impl Bilan {
    pub fn find(&self, code: &str) -> Option<&Compte> {
        self.livrets.iter().find(|one| one.code == code)
    }

    pub fn list_alertes(&self) -> Vec<String> {
        self.livrets.iter().flat_map(Compte::list_alertes).collect()
    }

    /// Whether more was spent than planned.
    pub fn is_depasse(&self, budget: Option<i64>) -> bool {
        budget.is_some_and(|budget| self.cout_connu > budget)
    }

    /// Whether the edition stays within its budget, as a sentence.
    pub fn write_budget(&self, budget: Option<i64>) -> String {
        let Some(budget) = budget else { return "Aucun budget n’est noté".into() };
        let (written, spent) = (write_cents(budget), write_cents(self.cout_connu));
        match (self.total.tirage.cout, self.cout_connu - budget) {
            (_, over) if over > 0 => format!("Le budget de {written} est dépassé de {} : l’impression coûte {spent}", write_cents(over)),
            (Some(_), under) => format!("Le budget de {written} est tenu : l’impression coûte {spent}, il reste {}", write_cents(-under)),
            (None, _) => format!("Le budget est de {written} : on ne sait pas encore s’il est tenu, le coût d’un tirage manque"),
        }
    }
}

/// A place that is no longer served counts where it was.
pub fn is_compte(point: &Point, suivi: &Suivi) -> bool {
    point.retire_at.is_none() || suivi.flux.contains_key(&point.id)
}

/// Copies planned for a place; one that is no longer served waits for nothing more than what it got.
pub fn count_prevus(prevus: Option<i64>, point: &Point, flux: Flux) -> i64 {
    let prevus = prevus.unwrap_or_default();
    if point.retire_at.is_some() { prevus.min(flux.livres) } else { prevus }
}

/// Counts an edition.
pub fn count(suivi: &Suivi, territoire: &Territoire) -> Bilan {
    let mut livrets: Vec<Compte> = list_livres(territoire)
        .into_iter()
        .map(|(code, nom)| Compte {
            tirage: suivi.tirages.get(code).copied().unwrap_or_default(),
            code: code.into(),
            nom,
            ..Compte::default()
        })
        .collect();
    for point in suivi.points.iter().filter(|point| is_compte(point, suivi)) {
        let code = find_livret(territoire, point.commune);
        let Some(livret) = livrets.iter_mut().find(|one| one.code == code) else { continue };
        let flux = suivi.flux.get(&point.id).copied().unwrap_or_default();
        livret.prevus += count_prevus(suivi.previsions.get(&point.id).copied(), point, flux);
        livret.livres += flux.livres;
        livret.repris += flux.repris;
    }
    let total = sum(&livrets);
    Bilan { cout_connu: livrets.iter().filter_map(|one| one.tirage.cout).sum(), livrets, total }
}

fn sum(livrets: &[Compte]) -> Compte {
    let printed: Vec<&Compte> = livrets.iter().filter(|one| one.tirage.exemplaires > 0 || one.tirage.cout.is_some()).collect();
    let couts: Option<Vec<i64>> = printed.iter().map(|one| one.tirage.cout).collect();
    let of = |read: fn(&Compte) -> i64| livrets.iter().map(read).sum();
    Compte {
        code: String::new(),
        nom: "Ensemble".into(),
        tirage: Tirage {
            exemplaires: of(|one| one.tirage.exemplaires),
            cout: couts.filter(|all| !all.is_empty()).map(|all| all.iter().sum()),
        },
        prevus: of(|one| one.prevus),
        livres: of(|one| one.livres),
        repris: of(|one| one.repris),
    }
}
