//! Years of dated facts made up always the same: a demande, its need and how it ended, as `accueil` writes them.

use anyhow::Result;
use kit::fait::{Fait, insert_faits};
use kit::{Db, Id, Instant};
use territoire::{Commune, Referentiel};

use crate::alea::{Alea, Poids};
use crate::tirage::Tirage;

const GRAINE: u64 = 36_010;
const ANNEES: i64 = 10;
const DAY: i64 = 86_400;
/// From the north of Pas-de-Calais on, in the order of their codes: neighbours, small and large.
const FIRST: &str = "62001";
/// Demandes written in one transaction.
const LOT: usize = 5_000;

const CANAUX: [(u64, &str); 5] = [(62, "telephone"), (20, "web"), (8, "guichet"), (6, "message_vocal"), (4, "sms")];
const ORIGINES: [(u64, &str); 8] = [
    (30, "bouche_a_oreille"),
    (20, "mairie"),
    (15, "professionnel"),
    (10, "internet"),
    (8, "presse"),
    (8, "papier"),
    (5, "structure"),
    (4, "deja_appele"),
];
const SEXES: [(u64, Option<&str>); 4] = [(60, Some("femme")), (30, Some("homme")), (2, Some("autre")), (8, None)];
const AGES: [(u64, Option<&str>); 5] = [(12, Some("18_59")), (24, Some("60_74")), (34, Some("75_84")), (20, Some("85_plus")), (10, None)];
const ISSUES: [(u64, &str); 4] = [(70, "orientee"), (10, "information"), (12, "sans_solution"), (8, "a_rappeler")];
const MOTIFS: [(u64, &str); 5] = [(40, "aucun_service"), (30, "pas_de_place"), (15, "trop_cher"), (10, "horaires"), (5, "hors_champ")];

/// The communes of the territoire that is measured.
pub fn list_communes(nombre: usize) -> Vec<&'static Commune> {
    Referentiel::get().communes().iter().filter(|commune| commune.code.as_str() >= FIRST).take(nombre).collect()
}

/// Writes `demandes` of them over the ten years that end today; gives how many facts that makes.
pub async fn write_faits(db: &Db, territoire: Id, communes: &[&'static Commune], (demandes, now): (usize, Instant)) -> Result<usize> {
    let (source, mut alea) = (Source::new(territoire, communes), Alea::new(GRAINE));
    let mut written = 0;
    for start in (0..demandes).step_by(LOT) {
        let faits: Vec<Fait> = (start..demandes.min(start + LOT))
            .flat_map(|rang| {
                let left = (demandes - rang) as i64 * ANNEES * 365 * DAY / demandes as i64;
                source.draw(now.plus_seconds(-left), &mut alea)
            })
            .collect();
        let tx = db.begin().await?;
        insert_faits(&tx, &faits).await?;
        tx.commit().await?;
        written += faits.len();
    }
    db.settle().await?;
    Ok(written)
}

/// What facts are drawn from.
struct Source {
    territoire: Id,
    tirage: Tirage,
    canaux: Poids<&'static str>,
    origines: Poids<&'static str>,
    sexes: Poids<Option<&'static str>>,
    ages: Poids<Option<&'static str>>,
    issues: Poids<&'static str>,
    motifs: Poids<&'static str>,
}

impl Source {
    fn new(territoire: Id, communes: &[&'static Commune]) -> Self {
        Self {
            territoire,
            tirage: Tirage::among(communes.to_vec()),
            canaux: Poids::new(CANAUX),
            origines: Poids::new(ORIGINES),
            sexes: Poids::new(SEXES),
            ages: Poids::new(AGES),
            issues: Poids::new(ISSUES),
            motifs: Poids::new(MOTIFS),
        }
    }

    fn draw(&self, at: Instant, alea: &mut Alea) -> [Fait; 3] {
        let commune = self.tirage.commune(alea).code.to_string();
        let (sexe, tranche_age) = (*self.sexes.draw(alea), *self.ages.draw(alea));
        let mut demande = vec![("canal", self.canaux.draw(alea).to_string()), ("heure", format!("{:02}", 8 + alea.below(11)))];
        if alea.happens(60) {
            demande.push(("origine", self.origines.draw(alea).to_string()));
        }
        let besoin = ("besoin", self.tirage.besoin(alea).to_string());
        let issue = *self.issues.draw(alea);
        let mut fin = vec![besoin.clone(), ("issue", issue.to_string())];
        if issue == "sans_solution" {
            fin.push(("motif", self.motifs.draw(alea).to_string()));
        }
        [("demande", demande), ("besoin", vec![besoin]), ("issue", fin)].map(|(code, dimensions)| Fait {
            territoire_id: self.territoire,
            code,
            at,
            code_insee: Some(commune.clone()),
            sexe,
            tranche_age,
            quantite: 1,
            dimensions,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_facts_are_made_up_each_time() {
        let source = Source::new(Id::from_name("banc"), &list_communes(20));
        let draw = || {
            let mut alea = Alea::new(GRAINE);
            (0..50).map(|_| source.draw(Instant(1_794_913_200), &mut alea)).collect::<Vec<_>>()
        };
        assert_eq!(draw(), draw());
        assert_eq!(list_communes(1_000).len(), 1_000);
    }
}
