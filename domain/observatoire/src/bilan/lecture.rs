//! Reads what a bilan is made of. Only counters, the annuaire of today, and what was written of the year: no person.

use annuaire::aiguillage::Aiguillage;
use annuaire::qualite::rattrapage::catch_up_few;
use annuaire::storage::qualite::{CompteQualite, count_fraicheur};
use kit::{Db, Error, Instant, Result};
use territoire::Territoire;

use super::sections::{Offerte, list_public, list_sections};
use super::{Bilan, Compteurs, Couts};
use crate::Tenu;
use crate::publication::{Groupes, Publication, publish, read_a_publier};
use crate::rules::mois::{Mois, Plage};
use crate::storage::bilan::{find_couts, find_seuil, list_commentaires};
use crate::storage::cumul::find_lot;
use crate::storage::publication::find_publication;

/// Where a bilan is read from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub db: &'a Db,
    pub territoire: &'a Territoire,
    pub aiguillage: &'a Aiguillage,
    /// Drafts made already.
    pub tenu: &'a Tenu,
}

/// Who reads a bilan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lecture {
    /// Those who read the demandes: a year that is not published is a draft.
    Equipe,
    /// All others: what is published, and nothing else.
    Dehors,
}

/// The bilan of a year, as it can be told `now`.
pub async fn read_bilan(source: Source<'_>, annee: i32, (lecture, now): (Lecture, Instant)) -> Result<Bilan> {
    let Source { db, territoire, aiguillage, .. } = source;
    let today = now.day();
    let this = Mois::of(today);
    if annee > this.annee || annee < 2000 || (annee == this.annee && this.mois == 1) {
        return Err(Error::Conflict(format!("l’année {annee} n’a pas encore un mois entier : il n’y a rien à en dire")));
    }
    let publiee = find_publication(db, territoire.id, annee).await?;
    if publiee.is_none() && lecture == Lecture::Dehors {
        return Err(Error::Conflict(format!(
            "le bilan {annee} n’est pas encore publié : la coordination le publie quand l’année est finie"
        )));
    }
    let plage = Plage::of_year(annee, today);
    let publie_le = publiee.as_ref().map(|one| ui::format::date(one.publiee_at.day()));
    let cette = match publiee {
        Some(one) => one.publication,
        None => source.read_brouillon(plage).await?,
    };
    let avant = match find_publication(db, territoire.id, annee - 1).await? {
        Some(one) if plage.is_year() => Some(one.publication),
        _ if lecture == Lecture::Dehors => None,
        _ => Some(source.read_brouillon(plage.year_before()).await?),
    };
    let compteurs = Compteurs { annee, seuil: cette.seuil, cette, avant, mois: plage.months().collect() };
    let couts = (find_couts(db, territoire.id, annee).await?, find_couts(db, territoire.id, annee - 1).await?);
    let equite = accueil::storage::count_equite_of(db, territoire.id, plage.semaines()).await?;
    // The annuaire keeps no past: of an older year, it would tell what was not.
    let offre = match annee >= this.annee - 1 {
        true => {
            // Before they are read: nobody has perhaps opened the page of their quality since they were saved.
            let is_comptee = catch_up_few(db, territoire).await?;
            Some(Offerte { aiguillage, fraicheur: read_fraicheur(db, territoire, now).await?, is_comptee, equite: &equite })
        }
        false => None,
    };
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
        publie_le,
        seuil: compteurs.seuil,
        couts: couts.0,
        sections,
    })
}

async fn read_fraicheur(db: &Db, territoire: &Territoire, now: Instant) -> Result<CompteQualite> {
    let mut fraicheur = CompteQualite::default();
    count_fraicheur(db, territoire.id, now).await?.iter().for_each(|one| fraicheur.add(one));
    Ok(fraicheur)
}

fn say_periode(plage: Plage) -> String {
    let until = ui::format::date(plage.a.last_day());
    let day = until.split_once(' ').map_or(until.as_str(), |(_, day)| day).to_string();
    match plage.a.mois {
        12 => format!("Du 1er janvier au {day}, comparé à l’année {}.", plage.de.annee - 1),
        _ => format!("Du 1er janvier au {day} : l’année n’est pas finie, elle est comparée aux mêmes mois de {}.", plage.de.annee - 1),
    }
}

/// What anybody reads of a published year: neither the annuaire of today, nor costs, nor what the coordination wrote.
pub async fn read_public(db: &Db, territoire: &Territoire, annee: i32) -> Result<Bilan> {
    let publiee = find_publication(db, territoire.id, annee).await?.ok_or(Error::NotFound)?;
    let avant = find_publication(db, territoire.id, annee - 1).await?.map(|one| one.publication);
    let plage = Plage::whole_year(annee);
    let (seuil, publie_le) = (publiee.publication.seuil, ui::format::date(publiee.publiee_at.day()));
    let compteurs = Compteurs { annee, seuil, cette: publiee.publication, avant, mois: plage.months().collect() };
    Ok(Bilan {
        territoire: territoire.nom.clone(),
        annee,
        plage,
        periode: say_periode(plage),
        edite_le: publie_le.clone(),
        publie_le: Some(publie_le),
        seuil,
        couts: Couts::default(),
        sections: list_public(territoire, &compteurs),
    })
}

impl Source<'_> {
    async fn read_brouillon(&self, plage: Plage) -> Result<Publication> {
        let territoire = self.territoire.id;
        let (cle, etat) = ((territoire, plage.de, plage.a), (find_lot(self.db, territoire).await?, find_seuil(self.db, territoire).await?));
        let known = match self.tenu.brouillons.find(&cle, &etat) {
            Some(known) => known,
            None => self.tenu.brouillons.keep(cle, etat, read_publication(self.db, self.territoire, plage).await?),
        };
        Ok(known.as_ref().clone())
    }
}

/// What could be told today of some months.
pub async fn read_publication(db: &Db, territoire: &Territoire, plage: Plage) -> Result<Publication> {
    let (releves, seuil) = (read_a_publier(db, territoire.id, plage).await?, find_seuil(db, territoire.id).await?);
    let territoire = territoire.clone();
    // A thousand communes crossed with all the rest: away from the threads that answer.
    let published = tokio::task::spawn_blocking(move || publish(&releves, Groupes(Some(&territoire)), seuil)).await;
    Ok(published.map_err(anyhow::Error::from)?)
}
