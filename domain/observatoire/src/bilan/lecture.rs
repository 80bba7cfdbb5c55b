//! Reads what a bilan is made of. Only counters, the annuaire of today, and what was written of the year: no person.

use annuaire::aiguillage::Aiguillage;
use annuaire::storage::qualite::{CompteQualite, count_by_commune};
use kit::{Db, Error, Instant, Result};
use territoire::Territoire;

use super::sections::{Offerte, list_sections};
use super::{Annee, Bilan, Compteurs};
use crate::rules::mois::{Mois, Plage};
use crate::storage::bilan::{find_couts, find_seuil, list_commentaires, sum_by_axe};
use crate::storage::cumul::{Somme, list_cumuls};

type Source<'a> = (&'a Db, &'a Territoire, &'a Aiguillage);

/// The bilan of a year, as it can be told `now`.
pub async fn read_bilan((db, territoire, aiguillage): Source<'_>, annee: i32, now: Instant) -> Result<Bilan> {
    let today = now.day();
    let this = Mois::of(today);
    if annee > this.annee || annee < 2000 || (annee == this.annee && this.mois == 1) {
        return Err(Error::Conflict(format!("l’année {annee} n’a pas encore un mois entier : il n’y a rien à en dire")));
    }
    let plage = Plage::of_year(annee, today);
    let compteurs = Compteurs {
        annee,
        cette: read_annee(db, territoire, plage).await?,
        avant: read_annee(db, territoire, plage.year_before()).await?,
        noms_de_mois: plage.months().map(|mois| NOMS.get(mois.mois as usize - 1).copied().unwrap_or_default().to_string()).collect(),
        seuil: find_seuil(db, territoire.id).await?,
    };
    let couts = (find_couts(db, territoire.id, annee).await?, find_couts(db, territoire.id, annee - 1).await?);
    let mut fraicheur = CompteQualite::default();
    count_by_commune(db, territoire.id, now).await?.iter().for_each(|one| fraicheur.add(one));
    let equite = accueil::storage::count_equite_of(db, territoire.id, plage.semaines()).await?;
    // The annuaire keeps no past: of an older year, it would tell what was not.
    let offre = (annee >= this.annee - 1).then_some(Offerte { aiguillage, fraicheur, equite: &equite });
    let mut sections = list_sections(territoire, (&compteurs, offre.as_ref()), couts);
    let ecrits = list_commentaires(db, territoire.id, annee).await?;
    for section in &mut sections {
        let find = |annee: i32| ecrits.get(&(annee, section.code.to_string())).cloned().unwrap_or_default();
        (section.commentaire, section.precedent) = (find(annee), find(annee - 1));
    }
    Ok(Bilan {
        territoire: territoire.nom.clone(),
        annee,
        plage,
        periode: say_periode(plage),
        edite_le: ui::format::date(today),
        seuil: compteurs.seuil,
        couts: couts.0,
        sections,
    })
}

const NOMS: [&str; 12] = ["janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];

fn say_periode(plage: Plage) -> String {
    let until = ui::format::date(plage.a.last_day());
    let day = until.split_once(' ').map_or(until.as_str(), |(_, day)| day).to_string();
    match plage.a.mois {
        12 => format!("Du 1er janvier au {day}, comparé à l’année {}.", plage.de.annee - 1),
        _ => format!("Du 1er janvier au {day} : l’année n’est pas finie, elle est comparée aux mêmes mois de {}.", plage.de.annee - 1),
    }
}

async fn read_annee(db: &Db, territoire: &Territoire, plage: Plage) -> Result<Annee> {
    let mut annee = Annee::default();
    for (mesure, axe, somme) in sum_by_axe(db, territoire.id, plage).await? {
        annee.sommes.entry((mesure, axe)).or_insert_with(Vec::<Somme>::new).push(somme);
    }
    let months = list_cumuls(db, territoire.id, ("demande", ""), (plage.de, plage.a)).await?;
    annee.mois = plage.months().map(|mois| months.iter().filter(|one| one.mois == mois).map(|one| one.quantite).sum()).collect();
    Ok(annee)
}
