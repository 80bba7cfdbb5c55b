//! Charts as drawings in the page: no script, printed as they are shown, the same in a PDF. They are drawn with the ink of the text around them
//! (`currentColor`) and told apart by hatches and marks, never by colour alone; their title and their description say in words what they show.
//! Public face: `Barres`, `Courbes`, `Pyramide`, `Rangs`.

mod barres;
mod courbes;
mod echelle;
mod pyramide;
mod rangs;
#[cfg(test)]
mod tests;

use std::fmt::Write;

pub use barres::Barres;
pub use courbes::Courbes;
pub use pyramide::Pyramide;
pub use rangs::Rangs;

/// Narrow enough to be read on a telephone.
const LARGEUR: i64 = 480;
const POLICE: &str = r#"font-family="Atkinson Hyperlegible, Libertinus Serif, sans-serif""#;

/// What every chart says of itself.
#[derive(Clone, Debug, Default)]
pub struct Legende {
    /// Unlike any other of the page: names its hatches.
    pub cle: String,
    pub titre: String,
    /// What it shows, in a sentence; the table beside says each number.
    pub description: String,
}

/// A name, and a value for each place; none is a value that is hidden or cannot be counted, drawn as « – ».
#[derive(Clone, Debug, Default)]
pub struct Serie {
    pub nom: String,
    pub valeurs: Vec<Option<i64>>,
}

/// What the whole numbers of a chart count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Ecriture {
    #[default]
    Entiers,
    /// Tenths: a share of 12,4 % is drawn from 124.
    Dixiemes,
}

impl Ecriture {
    fn write(self, valeur: Option<i64>) -> String {
        match (self, valeur) {
            (_, None) => "–".into(),
            (Self::Entiers, Some(valeur)) => crate::format::nombre(valeur),
            (Self::Dixiemes, Some(valeur)) if valeur % 10 == 0 => crate::format::nombre(valeur / 10),
            (Self::Dixiemes, Some(valeur)) => format!("{},{}", crate::format::nombre(valeur / 10), (valeur % 10).abs()),
        }
    }
}

/// How the first and the second set of values are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trait {
    Plein,
    Hachure,
}

impl Trait {
    const fn of(rang: usize) -> Self {
        if rang == 0 { Self::Plein } else { Self::Hachure }
    }

    fn fill(self, cle: &str) -> String {
        match self {
            Self::Plein => "currentColor".into(),
            Self::Hachure => format!("url(#hachure-{cle})"),
        }
    }
}

/// The drawing being written.
struct Dessin<'a> {
    svg: String,
    cle: &'a str,
    ecriture: Ecriture,
}

impl<'a> Dessin<'a> {
    fn open(legende: &'a Legende, hauteur: i64) -> Self {
        let (cle, titre, description) = (&legende.cle, escape(&legende.titre), escape(&legende.description));
        let svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" class="graphique" viewBox="0 0 {LARGEUR} {hauteur}" role="img" aria-label="{titre}. {description}"><title>{titre}</title><desc>{description}</desc><defs><pattern id="hachure-{cle}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="2" height="6" fill="currentColor"/></pattern></defs>"#
        );
        Self { svg, cle, ecriture: Ecriture::default() }
    }

    const fn written(mut self, ecriture: Ecriture) -> Self {
        self.ecriture = ecriture;
        self
    }

    fn write(&self, valeur: Option<i64>) -> String {
        self.ecriture.write(valeur)
    }

    fn bar(&mut self, (x, y): (i64, i64), (width, height): (i64, i64), aspect: Trait) {
        let fill = aspect.fill(self.cle);
        let _infallible = write!(
            self.svg,
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}" stroke="currentColor" stroke-width="1"/>"#
        );
    }

    fn line(&mut self, (x1, y1): (i64, i64), (x2, y2): (i64, i64), opacity: &str) {
        let _infallible =
            write!(self.svg, r#"<path d="M{x1} {y1}L{x2} {y2}" stroke="currentColor" stroke-width="1" opacity="{opacity}"/>"#);
    }

    fn text(&mut self, (x, y): (i64, i64), ancre: &str, texte: &str) {
        let texte = escape(texte);
        let _infallible =
            write!(self.svg, r#"<text x="{x}" y="{y}" {POLICE} font-size="12" text-anchor="{ancre}" fill="currentColor">{texte}</text>"#);
    }

    /// The names of the sets of values, above, when there are several.
    fn names<'b>(&mut self, noms: impl ExactSizeIterator<Item = &'b str>) {
        if noms.len() < 2 {
            return;
        }
        let mut x = 4;
        for (rang, nom) in noms.enumerate() {
            self.bar((x, 3), (14, 12), Trait::of(rang));
            self.text((x + 20, 14), "start", nom);
            x += 40 + largeur(nom);
        }
    }

    fn close(mut self) -> String {
        self.svg.push_str("</svg>");
        self.svg
    }
}

/// About how wide a text is.
fn largeur(texte: &str) -> i64 {
    i64::try_from(texte.chars().count()).unwrap_or(i64::MAX / 16).saturating_mul(7)
}

/// What is too long for its place ends with « … »; the table beside has it whole.
fn shorten(texte: &str, lettres: usize) -> String {
    if texte.chars().count() <= lettres {
        return texte.into();
    }
    texte.chars().take(lettres.saturating_sub(1)).chain(['…']).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
