//! All that an edition says, read once: what its books, its workbooks and its proofs are made from.

use std::sync::Arc;

use annuaire::besoin::{Besoin, Taxonomie};
pub use edition::Imprime;
use kit::{Db, Error, Id, Instant, Result};
use territoire::Territoire;

use crate::affiche::write_affiche;
use crate::classeur::write_classeur;
use crate::epreuve::rules::hush;
use crate::epreuve::storage::list_epreuves;
use crate::facile::{Fiche, MotsTenus, list_reponses, write_fiche};
use crate::model::{Edition, Etat, LogoImprime, Notice, PageEditoriale, Rubrique};
use crate::odt::write_odt;
use crate::papier::{Forme, Maquette, write_pdf};
use crate::rules::livre::{Livre, Zone, compose};
use crate::rules::zone::list_livres;
use crate::storage::edition::{find_cadre, find_edition, list_editions, list_pages, list_rubriques};
use crate::storage::logo::{list_logos, read_logos};
use crate::storage::notice::{list_notices, read_notices};

/// An edition and what it prints: as the annuaire is now, or as it was when it was frozen.
#[derive(Clone, Debug)]
pub struct Contenu {
    pub edition: Edition,
    /// As it is today; for a frozen edition, as it was.
    pub territoire: Arc<Territoire>,
    pub rubriques: Vec<Rubrique>,
    pub pages: Vec<PageEditoriale>,
    pub notices: Vec<Notice>,
    /// Of structures, and of the territoire; none unless `with_logos` read them.
    pub logos: Vec<LogoImprime>,
}

impl Contenu {
    pub async fn read(db: &Db, territoire: &Arc<Territoire>, edition: Edition) -> Result<Self> {
        let territoire = find_imprime(db, territoire, &edition).await?;
        let rubriques = list_rubriques(db.read(), territoire.id, edition.id).await?;
        let pages = list_pages(db, territoire.id, edition.id).await?;
        let notices = match edition.etat {
            Etat::Figee => list_notices(db, territoire.id, edition.id).await?,
            Etat::Preparation | Etat::Relecture => {
                let (mut notices, epreuves) =
                    tokio::try_join!(read_notices(db, &territoire), list_epreuves(db, territoire.id, edition.id))?;
                hush(&mut notices, &epreuves);
                notices
            }
        };
        Ok(Self { edition, territoire, rubriques, pages, notices, logos: vec![] })
    }

    /// The same with its logos: what prints a book reads them, pages do not.
    pub async fn with_logos(mut self, db: &Db) -> Result<Self> {
        let territoire = self.territoire.id;
        self.logos = match self.edition.etat {
            Etat::Figee => list_logos(db, territoire, self.edition.id).await?,
            Etat::Preparation | Etat::Relecture => read_logos(db, territoire).await?,
        };
        Ok(self)
    }

    /// The books of the edition, code and name.
    pub fn list_livres(&self) -> Vec<(&str, String)> {
        list_livres(&self.territoire)
    }

    /// What the book of this code covers, when the edition has such a book.
    pub fn find_zone(&self, code: &str) -> Option<Zone> {
        Zone::find(&self.territoire, code)
    }

    pub fn livre(&self, zone: &Zone) -> Livre {
        compose(&self.rubriques, &self.notices, zone)
    }

    /// The book of this code (none: of the whole territoire) as a file; `adresse` is where the same is kept up to date.
    pub async fn print(&self, (code, forme): (Option<&str>, Forme), (adresse, now): (&str, Instant)) -> Result<Imprime> {
        let zone = Zone::of(&self.territoire, code);
        let livre = self.livre(&zone);
        write_pdf(self.maquette((&zone, &livre), (adresse, now)), forme).await
    }

    /// The book in all its forms, one after the other: side by side they take as long, and twice the memory.
    pub async fn print_formes(&self, code: Option<&str>, (adresse, now): (&str, Instant)) -> Result<Vec<(Forme, Imprime)>> {
        let mut printed = vec![];
        for forme in Forme::ALL {
            printed.push((*forme, self.print((code, *forme), (adresse, now)).await?));
        }
        Ok(printed)
    }

    pub(crate) fn maquette<'a>(&'a self, (zone, livre): (&'a Zone, &'a Livre), (adresse, now): (&'a str, Instant)) -> Maquette<'a> {
        let le = self.edition.figee_at.unwrap_or(now).day();
        Maquette { edition: &self.edition, territoire: &self.territoire, zone, livre, pages: &self.pages, logos: &self.logos, adresse, le }
    }

    /// All the books as a workbook.
    pub fn write_classeur(&self) -> Result<Vec<u8>> {
        let livres = self.list_livres().into_iter().map(|(code, nom)| (nom, self.livre(&Zone::of(&self.territoire, Some(code)))));
        write_classeur(&livres.collect::<Vec<_>>())
    }

    /// A book as a text document, laid out by others.
    pub fn write_odt(&self, code: &str, now: Instant) -> Result<Vec<u8>> {
        let zone = Zone::of(&self.territoire, Some(code));
        let livre = self.livre(&zone);
        write_odt(self.maquette((&zone, &livre), ("", now)))
    }

    /// Needs that somebody answers in a book, in the order of the taxonomy.
    pub fn list_besoins(&self, zone: &Zone) -> Vec<&'static Besoin> {
        let is_answered = |besoin: &&Besoin| !list_reponses(&self.notices, &besoin.code, zone).is_empty();
        Taxonomie::get().hors_familles().filter(is_answered).collect()
    }

    /// The sheet of a need that is easy to read, for a book; `tenus`: the words that the territoire keeps for it.
    pub async fn print_fiche(
        &self,
        (besoin, zone): (&Besoin, &Zone),
        (tenus, now): (Option<&MotsTenus>, Instant),
    ) -> Result<Option<Imprime>> {
        let reponses = list_reponses(&self.notices, &besoin.code, zone);
        // Its structures are of the edition; its words may have been read since.
        let relue = tenus.and_then(|one| one.relecture.as_ref()).map(|relecture| relecture.le);
        let le = self.edition.figee_at.unwrap_or(now).day().max(relue.unwrap_or_default());
        write_fiche(Fiche { besoin, territoire: &self.territoire, zone, reponses: &reponses, tenus, le }).await
    }

    /// The poster of a commune of the territoire; none when it is of another.
    pub async fn print_affiche(&self, code: &str, (adresse, now): (&str, Instant)) -> Result<Option<Vec<u8>>> {
        let zone = Zone::of(&self.territoire, None);
        let Some((rang, commune)) = zone.communes.iter().enumerate().find(|(_, one)| one.code.as_str() == code) else { return Ok(None) };
        let livre = self.livre(&zone);
        write_affiche(self.maquette((&zone, &livre), (adresse, now)), (commune, rang)).await.map(Some)
    }
}

/// The territoire as an edition prints it: of today until it is frozen.
pub(crate) async fn find_imprime(db: &Db, territoire: &Arc<Territoire>, edition: &Edition) -> Result<Arc<Territoire>> {
    let cadre = match edition.etat {
        Etat::Figee => find_cadre(db, territoire.id, edition.id).await?,
        Etat::Preparation | Etat::Relecture => None,
    };
    Ok(cadre.map_or_else(|| territoire.clone(), |cadre| Arc::new(cadre.apply(territoire))))
}

/// The edition of this id, else not found.
pub async fn need_edition(db: &Db, territoire: Id, id: &str) -> Result<Edition> {
    find_edition(db, territoire, id.parse()?).await?.ok_or(Error::NotFound)
}

/// The last edition of a year.
pub async fn find_edition_of(db: &Db, territoire: Id, annee: i32) -> Result<Option<Edition>> {
    Ok(list_editions(db, territoire).await?.into_iter().find(|one| one.annee == annee))
}

/// The edition that was frozen before this one.
pub async fn find_precedente(db: &Db, territoire: Id, edition: &Edition) -> Result<Option<Edition>> {
    let before =
        |one: &Edition| one.id != edition.id && one.etat == Etat::Figee && one.figee_at < edition.figee_at.or(Some(Instant(i64::MAX)));
    let all = list_editions(db, territoire).await?;
    Ok(all.into_iter().filter(before).max_by_key(|one| one.figee_at))
}
