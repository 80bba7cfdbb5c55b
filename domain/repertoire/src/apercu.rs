//! What is about to be printed, seen while it is written: a text, a part, the entry of a structure, on the pages of its book.

use base64ct::{Base64, Encoding};
use edition::Extrait;
use kit::{Id, Instant, Result};

use crate::contenu::Contenu;
use crate::model::NaturePage;
use crate::papier::draw_pages;
use crate::rules::livre::{Entree, Livre, Zone};

/// Pages shown at most: the book itself has the rest.
const PAGES: usize = 3;

/// Where and when: the address where the same is kept up to date, and now.
pub type Moment<'a> = (&'a str, Instant);

/// A page as an image of a page of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageVue {
    /// Its number in the book.
    pub numero: usize,
    /// `data:` address of its drawing.
    pub image: String,
}

/// What is shown of a book, and its number of pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vue {
    /// « Bassin de Crest ».
    pub livre: String,
    pub images: Vec<PageVue>,
    pub pages: usize,
}

/// What is looked for in a book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cherche {
    Texte(NaturePage),
    /// A part, by its rank in the edition.
    Rubrique(usize),
}

impl Contenu {
    /// The pages of a text, or the first ones of a part (its rank in the edition), in the first book that holds it.
    pub async fn look(&self, cherche: Cherche, moment: Moment<'_>) -> Result<Vue> {
        for (code, nom) in self.list_livres() {
            let zone = Zone::of(&self.territoire, Some(code));
            let livre = self.livre(&zone);
            let found = match cherche {
                Cherche::Texte(nature) => Some((format!("page-{}", nature.code()), format!("fin-{}", nature.code()))),
                Cherche::Rubrique(place) => find_rubrique(&livre, place),
            };
            if let Some((depuis, jusque)) = found {
                return self.draw((nom, &zone, &livre), Extrait { depuis, jusque, au_plus: PAGES }, moment).await;
            }
        }
        Ok(Vue::default())
    }

    async fn draw(&self, (nom, zone, livre): (String, &Zone, &Livre), extrait: Extrait, moment: Moment<'_>) -> Result<Vue> {
        let apercu = draw_pages(self.maquette((zone, livre), moment), extrait).await?;
        let image = |svg: String| format!("data:image/svg+xml;base64,{}", Base64::encode_string(svg.as_bytes()));
        let images = apercu.images.into_iter().map(|(numero, svg)| PageVue { numero, image: image(svg) });
        Ok(Vue { livre: nom, images: images.collect(), pages: apercu.pages })
    }

    /// The entry of a structure as it prints: under each part, and on the pages of a book that would hold nothing else. None when no
    /// book prints it.
    pub async fn look_at(&self, structure: Id, moment: Moment<'_>) -> Result<Option<FicheVue>> {
        let notices = self.notices.iter().filter(|one| one.structure == structure).cloned().collect();
        let alone = Self { notices, pages: vec![], ..self.clone() };
        let composed = self.list_livres().into_iter().map(|(code, nom)| {
            let zone = Zone::of(&self.territoire, Some(code));
            (nom, alone.livre(&zone), zone)
        });
        let mut holding: Vec<(String, Livre, Zone)> = composed.filter(|(_, livre, _)| !livre.rubriques.is_empty()).collect();
        let livres = holding.iter().map(|(nom, ..)| nom.clone()).collect();
        let Some((nom, livre, zone)) = (!holding.is_empty()).then(|| holding.swap_remove(0)) else { return Ok(None) };
        let keys: Vec<&String> = livre.rubriques.iter().flat_map(|one| &one.entrees).map(|entree| &entree.cle).collect();
        let (Some(first), Some(last)) = (keys.first(), keys.last()) else { return Ok(None) };
        let extrait = Extrait { depuis: (*first).clone(), jusque: (*last).clone(), au_plus: PAGES };
        let vue = alone.draw((nom, &zone, &livre), extrait, moment).await?;
        let entrees = livre.rubriques.into_iter().flat_map(|one| one.entrees.into_iter().map(move |entree| (one.titre.clone(), entree)));
        Ok(Some(FicheVue { livres, vue, entrees: entrees.collect() }))
    }
}

/// Labels of the layout where a part begins and where its last entry is; none when the book has nothing to put in it.
fn find_rubrique(livre: &Livre, place: usize) -> Option<(String, String)> {
    let (rang, rubrique) = livre.rubriques.iter().enumerate().find(|(_, one)| one.place == place)?;
    Some((format!("rubrique-{rang}"), rubrique.entrees.last()?.cle.clone()))
}

/// The entry of a structure, seen and in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FicheVue {
    /// Books that print it; the first one is shown.
    pub livres: Vec<String>,
    pub vue: Vue,
    /// Title of each part, and what it prints there.
    pub entrees: Vec<(String, Entree)>,
}
