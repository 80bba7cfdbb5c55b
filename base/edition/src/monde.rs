//! What a layout sees while it is composed: itself, the house's layout, its values, its drawings, and the fonts inside the program.

use std::sync::OnceLock;

use anyhow::anyhow;
use kit::Result;
use serde_json::Value;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_kit::fonts::{FontStore, embedded};

use crate::Dessin;

const MAISON: &str = include_str!("../modeles/maison.typ");

/// Letters without serifs for who sees little or reads with effort (Braille Institute, OFL 1.1: `polices/OFL.txt`).
const HYPERLEGIBLE: [&[u8]; 2] =
    [include_bytes!("../polices/AtkinsonHyperlegible-Regular.ttf"), include_bytes!("../polices/AtkinsonHyperlegible-Bold.ttf")];

pub(crate) struct Monde {
    library: LazyHash<Library>,
    modele: Source,
    maison: Source,
    /// Its values, and its drawings.
    files: Vec<(FileId, Bytes)>,
}

impl Monde {
    pub(crate) fn new(modele: &str, donnees: &Value, dessins: Vec<Dessin>) -> Result<Self> {
        let donnees = Bytes::new(serde_json::to_vec(donnees).map_err(anyhow::Error::from)?);
        let mut files = vec![(file("/donnees.json")?, donnees)];
        for (rang, dessin) in dessins.into_iter().enumerate() {
            files.push(match dessin {
                Dessin::Svg(drawn) => (file(&format!("/dessin-{rang}.svg"))?, Bytes::from_string(drawn)),
                Dessin::Png(pixels) => (file(&format!("/dessin-{rang}.png"))?, Bytes::new(pixels)),
            });
        }
        Ok(Self {
            library: LazyHash::new(Library::default()),
            modele: Source::new(file("/modele.typ")?, modele.to_string()),
            maison: Source::new(file("/maison.typ")?, MAISON.to_string()),
            files,
        })
    }
}

fn file(path: &str) -> Result<FileId> {
    let path = VirtualPath::new(path).map_err(|_| anyhow!("{path} is no path"))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn fonts() -> &'static FontStore {
    static FONTS: OnceLock<FontStore> = OnceLock::new();
    FONTS.get_or_init(|| {
        let mut fonts = FontStore::new();
        fonts.extend(embedded());
        fonts.extend(HYPERLEGIBLE.iter().flat_map(|face| Font::iter(Bytes::new(*face))).map(|font| (font.clone(), font.info().clone())));
        fonts
    })
}

/// Whether a font of the house has this sign.
pub(crate) fn can_write(sign: char) -> bool {
    let book = fonts().book();
    (0..).map_while(|index| book.info(index)).any(|info| info.coverage.contains(sign as u32))
}

impl World for Monde {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        fonts().book()
    }

    fn main(&self) -> FileId {
        self.modele.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        [&self.modele, &self.maison].into_iter().find(|source| source.id() == id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.iter().find(|(known, _)| *known == id).map(|(_, bytes)| bytes.clone()).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        fonts().font(index)
    }

    /// Time is a parameter: a layout reads its date among its values.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
