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
    /// « Bassin de Crest », or several that say the same.
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

    /// The entry of a structure as it prints, in each book that prints it another way; nothing when none does.
    pub async fn look_at(&self, structure: Id, moment: Moment<'_>) -> Result<Vec<FicheVue>> {
        let mut fiches: Vec<(Vec<String>, Zone, Livre)> = vec![];
        for (code, nom) in self.list_livres() {
            let zone = Zone::of(&self.territoire, Some(code));
            let livre = self.livre(&zone).keep(structure);
            match fiches.iter_mut().find(|(.., known)| known.says_as(&livre)) {
                Some((livres, ..)) => livres.push(nom),
                None if livre.rubriques.is_empty() => {}
                None => fiches.push((vec![nom], zone, livre)),
            }
        }
        let alone = Self { pages: vec![], ..self.clone() };
        let mut seen = vec![];
        for (livres, zone, livre) in fiches {
            let keys: Vec<&String> = livre.rubriques.iter().flat_map(|one| &one.entrees).map(|entree| &entree.cle).collect();
            let (Some(first), Some(last)) = (keys.first(), keys.last()) else { continue };
            let extrait = Extrait { depuis: (*first).clone(), jusque: (*last).clone(), au_plus: PAGES };
            let vue = alone.draw((livres.join(", "), &zone, &livre), extrait, moment).await?;
            let entrees =
                livre.rubriques.into_iter().flat_map(|one| one.entrees.into_iter().map(move |entree| (one.titre.clone(), entree)));
            seen.push(FicheVue { vue, entrees: entrees.collect() });
        }
        Ok(seen)
    }
}

/// Labels of the layout where a part begins and where its last entry is; none when the book has nothing to put in it.
fn find_rubrique(livre: &Livre, place: usize) -> Option<(String, String)> {
    let rubrique = livre.rubriques.iter().find(|one| one.place == place)?;
    Some((format!("rubrique-{}", rubrique.rang), rubrique.entrees.last()?.cle.clone()))
}

/// The entry of a structure, seen and in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FicheVue {
    /// In the books that it names.
    pub vue: Vue,
    /// Title of each part, and what it prints there.
    pub entrees: Vec<(String, Entree)>,
}
