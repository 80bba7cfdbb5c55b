//! The book on paper: what the layout reads, in each of its forms.

use std::collections::{BTreeMap, BTreeSet};

use annuaire::cartes::{Carte, CommuneTracee, Tableau, Teinte, Trace};
use annuaire::rules::horaires::en_francais;
use chrono::NaiveDate;
use edition::{Apercu, Dessin, Document, Extrait, Imprime, Lecture, apercevoir, imprimer};
use kit::{Id, Result, codes};
use qrcode::QrCode;
use qrcode::render::svg;
use serde_json::{Value, json};
use territoire::Territoire;
use territoire::contours::MENTION;
use ui::format::typographie;

use crate::model::{Edition, LogoImprime, PageEditoriale};
use crate::rules::blocs::read_blocs;
use crate::rules::livre::{CommuneImprimee, Entree, Livre, Renvoi, RubriqueImprimee, Zone};
use crate::rules::logo::measure;
use crate::rules::texte::{begin, finir};

const MODELE: &str = include_str!("../modeles/livre.typ");

codes! {
    /// What the same book is made for.
    pub enum Forme {
        Livret = "livret" => "livret A5, à lire à l’écran",
        Presse = "presse" => "livret A5, pour l’imprimeur",
        GrandFormat = "a4" => "A4",
        GrandsCaracteres = "grands-caracteres" => "A4 en grands caractères",
    }
}

impl Forme {
    /// Of a link.
    pub const fn titre(self) -> &'static str {
        match self {
            Self::Livret => "À l’écran",
            Self::Presse => "Pour l’imprimeur",
            Self::GrandFormat => "En A4",
            Self::GrandsCaracteres => "En grands caractères",
        }
    }

    /// Width, height, inner and outer margins in millimetres, then the size of letters in points.
    const fn mesures(self) -> [f64; 5] {
        match self {
            Self::Livret | Self::Presse => [148.0, 210.0, 16.0, 13.0, 9.5],
            // A line of more than 80 signs is lost on the way back.
            Self::GrandFormat => [210.0, 297.0, 30.0, 25.0, 12.0],
            Self::GrandsCaracteres => [210.0, 297.0, 20.0, 17.0, 16.0],
        }
    }

    /// The place of a logo beside the name of a structure, in millimetres.
    fn place_logo(self) -> (f64, f64) {
        let [.., corps] = self.mesures();
        (corps * 1.7, corps)
    }

    const fn lecture(self) -> Lecture {
        match self {
            Self::Presse => Lecture::Presse,
            Self::Livret | Self::GrandFormat | Self::GrandsCaracteres => Lecture::Ecran,
        }
    }
}

/// All that a book is made of.
#[derive(Clone, Copy, Debug)]
pub struct Maquette<'a> {
    pub edition: &'a Edition,
    pub territoire: &'a Territoire,
    pub zone: &'a Zone,
    pub livre: &'a Livre,
    pub pages: &'a [PageEditoriale],
    pub logos: &'a [LogoImprime],
    /// Where the same is kept up to date: « https://example.org/brenne »; empty when the program does not know its own address.
    pub adresse: &'a str,
    /// The day that it tells: that of its freezing, else today.
    pub le: NaiveDate,
}

/// Composes the book.
pub async fn write_pdf(maquette: Maquette<'_>, forme: Forme) -> Result<Imprime> {
    imprimer(write_document(maquette, forme), forme.lecture()).await
}

/// Some pages of the A5 book, and how long it is.
pub async fn draw_pages(maquette: Maquette<'_>, extrait: Extrait) -> Result<Apercu> {
    apercevoir(write_document(maquette, Forme::Livret), extrait).await
}

fn write_document(maquette: Maquette<'_>, forme: Forme) -> Document {
    let images = Images::draw(maquette, forme);
    let donnees = write(maquette, forme, &images);
    Document { modele: MODELE, donnees, dessins: images.dessins }
}

/// The place of the logo of the territoire, on the white card of the cover.
const COUVERTURE: (f64, f64) = (46.0, 20.0);

/// The pictures of a book, and which is whose.
struct Images {
    /// The code and the map first.
    dessins: Vec<Dessin>,
    carte: bool,
    /// Communes that the map tells by a number.
    numerotees: Vec<String>,
    /// Of each part.
    pictos: Vec<Option<usize>>,
    /// Of each structure, and of the territoire: its rank, its width and its height.
    logos: BTreeMap<Id, Value>,
}

impl Images {
    fn draw(maquette: Maquette<'_>, forme: Forme) -> Self {
        let carte = draw_carte(maquette.zone);
        let is_drawn = carte.is_some();
        let (carte, numerotees) = carte.unwrap_or_default();
        let dessins = vec![draw_qr(maquette.adresse).into(), carte.into()];
        let mut images = Self { dessins, carte: is_drawn, numerotees, pictos: vec![], logos: BTreeMap::new() };
        for rubrique in &maquette.livre.rubriques {
            let picto = find_picto(rubrique).map(|picto| images.push(picto.to_string().into()));
            images.pictos.push(picto);
        }
        let shown: BTreeSet<Id> = maquette.livre.rubriques.iter().flat_map(|one| &one.entrees).map(|one| one.structure).collect();
        for logo in maquette.logos {
            let is_own = logo.structure == maquette.territoire.id;
            let place = if is_own { COUVERTURE } else { forme.place_logo() };
            let Some((largeur, hauteur)) = measure(logo, place).filter(|_| is_own || shown.contains(&logo.structure)) else { continue };
            let rang = images.push(Dessin::Png(logo.contenu.clone()));
            images.logos.insert(logo.structure, json!({ "rang": rang, "largeur": largeur, "hauteur": hauteur }));
        }
        images
    }

    fn push(&mut self, dessin: Dessin) -> usize {
        self.dessins.push(dessin);
        self.dessins.len() - 1
    }
}

/// The address as a code that a telephone reads; nothing without an address.
pub fn draw_qr(adresse: &str) -> String {
    if adresse.is_empty() {
        return String::new();
    }
    let drawn = QrCode::new(adresse).map(|code| code.render::<svg::Color>().quiet_zone(true).build()).unwrap_or_default();
    drawn.find("<svg").and_then(|start| drawn.get(start..)).unwrap_or_default().to_string()
}

/// The communes of the book, one colour; and those that have no room for their name.
fn draw_carte(zone: &Zone) -> Option<(String, Vec<String>)> {
    let communes = zone.communes.iter().map(|commune| CommuneTracee { commune, teinte: Teinte::Une, dit: commune.nom.to_string() });
    let (titre, tableau) = (String::new(), Tableau { intitule: "", colonnes: &[], lignes: vec![], omises: 0 });
    let carte = Carte { titre, phrases: vec![], communes: communes.collect(), lieux: vec![], tableau, classes: vec![] };
    let (trace, numerotees) = Trace::draw_numbered(&carte)?;
    Some((trace.svg, numerotees.into_iter().map(str::to_string).collect()))
}

macro_rules! pictos {
    ($($code:literal),+ $(,)?) => { &[$(($code, include_str!(concat!("../modeles/pictos/", $code, ".svg")))),+] };
}

/// A drawing for each family of needs.
const PICTOS: &[(&str, &str)] = pictos![
    "vie-quotidienne",
    "autonomie",
    "maison-jardin",
    "enfance",
    "deplacements",
    "aidants-repit",
    "sante",
    "lien-social",
    "demarches",
    "logement",
    "emploi-formation",
    "ressources",
];

fn find_picto(rubrique: &RubriqueImprimee) -> Option<&'static str> {
    find_dessin(rubrique.famille.as_deref()?)
}

/// The drawing of a family of needs.
pub(crate) fn find_dessin(famille: &str) -> Option<&'static str> {
    PICTOS.iter().find(|(code, _)| *code == famille).map(|(_, svg)| *svg)
}

/// Signs of the parts, in black and white as in colours.
const SIGNES: [&str; 26] =
    ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z"];

/// The one number to call, and when it answers; none when the territoire has none.
pub fn dire_ligne(territoire: &Territoire) -> Option<(String, String)> {
    let telephone = territoire.ligne.telephone.as_deref()?.replace(' ', "\u{a0}");
    Some((telephone, territoire.ligne.horaires.as_deref().map(en_francais).unwrap_or_default()))
}

fn write(maquette: Maquette<'_>, forme: Forme, images: &Images) -> Value {
    let Maquette { edition, territoire, zone, livre, .. } = maquette;
    let [largeur, hauteur, dedans, dehors, corps] = forme.mesures();
    let ligne = dire_ligne(territoire).map(|(telephone, horaires)| json!({ "telephone": telephone, "horaires": horaires }));
    // A proof shows some entries: the number of their pages would not be that of the book.
    let is_extrait = livre.structures.is_empty();
    let rubriques = livre.rubriques.iter().zip(&images.pictos).map(|(rubrique, picto)| write_rubrique(rubrique, (*picto, images)));
    let communes: Vec<&str> = zone.communes.iter().map(|commune| &*commune.nom).collect();
    json!({
        "titre": typographie(&match zone.suite() { Some(part) => format!("{}, {part}", edition.titre), None => edition.titre.clone() }),
        "titre_court": typographie(&edition.titre),
        "territoire": territoire.nom,
        "bassin": zone.intitule(),
        "annee": format!("Édition {}", edition.annee),
        "arrete_le": ui::format::date(maquette.le),
        "is_figee": edition.figee_at.is_some(),
        "adresse": maquette.adresse,
        "qr": !maquette.adresse.is_empty(),
        "carte": images.carte,
        "logo": images.logos.get(&territoire.id),
        "carte_alternative": "Carte des communes du livret, nommées au-dessus.",
        "carte_phrase": typographie(&format!("{} : {}.", ui::format::compte(communes.len(), "commune", "communes"), communes.join(", "))),
        "carte_numeros": typographie(&write_numeros(&images.numerotees)),
        "carte_mention": MENTION,
        "zone_nom": zone.nom(),
        "forme": {
            "largeur": largeur, "hauteur": hauteur, "marge_dedans": dedans, "marge_dehors": dehors, "corps": corps,
            "presse": forme == Forme::Presse,
        },
        "signes": SIGNES,
        "folios": !is_extrait,
        "ligne": ligne,
        "pages": maquette.pages.iter().filter(|page| !page.texte.is_empty()).map(write_page).collect::<Vec<_>>(),
        "rubriques": rubriques.collect::<Vec<_>>(),
        "partout": livre.partout.iter().map(write_renvoi).collect::<Vec<_>>(),
        "communes": livre.communes.iter().map(write_commune).collect::<Vec<_>>(),
        "structures": livre.structures.iter().map(write_renvoi).collect::<Vec<_>>(),
    })
}

/// Lines that surely stand on a page, in large letters too, and the signs that each surely holds.
const LIGNES: usize = 22;
const SIGNES_PAR_LIGNE: usize = 55;

/// « 1 Chazelet, 2 Rivarennes ».
fn write_numeros(numerotees: &[String]) -> String {
    let say = |(numero, nom): (usize, &String)| format!("{numero}\u{a0}{nom}");
    (1..).zip(numerotees).map(say).collect::<Vec<_>>().join(", ")
}

fn write_page(page: &PageEditoriale) -> Value {
    let blocs = read_blocs(&typographie(&page.texte));
    let write = |(liste, lignes): (bool, Vec<String>)| json!({ "liste": liste, "lignes": lignes });
    let titre = if page.titre.is_empty() { page.nature.label() } else { &page.titre };
    // Such a text is kept on one page: a line of it is one at least on paper.
    let is_court = page.texte.lines().map(|line| 1 + line.chars().count() / SIGNES_PAR_LIGNE).sum::<usize>() <= LIGNES;
    json!({ "code": page.nature.code(), "titre": typographie(titre), "court": is_court, "blocs": blocs.into_iter().map(write).collect::<Vec<_>>() })
}

fn write_rubrique(rubrique: &RubriqueImprimee, (picto, images): (Option<usize>, &Images)) -> Value {
    json!({
        "rang": rubrique.rang,
        "titre": typographie(&rubrique.titre),
        "phrase": typographie(&rubrique.phrase),
        "picto": picto,
        "entrees": rubrique.entrees.iter().map(|entree| write_entree(entree, images)).collect::<Vec<_>>(),
    })
}

fn write_entree(entree: &Entree, images: &Images) -> Value {
    let prestations = entree.prestations.iter().map(|one| {
        json!({
            "nom": typographie(&finir(&one.nom)),
            "texte": one.texte.as_deref().map(|texte| typographie(&begin(&finir(texte)))),
            "details": typographie(&begin(&finir(&one.details))),
            "communes": one.communes,
        })
    });
    json!({
        "cle": entree.cle,
        "logo": images.logos.get(&entree.structure),
        "nom": typographie(&entree.nom),
        "nature": entree.nature,
        "prestations": prestations.collect::<Vec<_>>(),
        "autres": entree.autres.as_deref().map(|autres| typographie(&finir(autres))),
        "communes": entree.communes,
        "telephones": entree.telephones.iter().map(|telephone| telephone.replace(' ', "\u{a0}")).collect::<Vec<_>>(),
        "courriel": entree.courriel,
        "site_web": entree.site_web,
        "site_lien": entree.site_lien,
        "lieux": entree.lieux,
    })
}

fn write_renvoi(renvoi: &Renvoi) -> Value {
    json!({ "nom": renvoi.nom, "cles": renvoi.cles })
}

fn write_commune(commune: &CommuneImprimee) -> Value {
    let rubriques = commune.rubriques.iter().map(|(rang, renvois)| json!([rang, renvois.iter().map(write_renvoi).collect::<Vec<_>>()]));
    json!({ "nom": commune.nom, "rubriques": rubriques.collect::<Vec<_>>() })
}
