//! What an edition holds: what was decided of it, and what is printed of each structure.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use kit::{Id, Instant, codes};
use serde::{Deserialize, Serialize};
use territoire::CodeInsee;

codes! {
    /// Where an edition stands.
    pub enum Etat {
        Preparation = "preparation" => "en préparation",
        Relecture = "relecture" => "en relecture par les structures",
        Figee = "figee" => "figée",
    }
}

impl Etat {
    /// Where an edition may go from there: what is frozen stays frozen.
    pub fn moves(self) -> Vec<Self> {
        match self {
            Self::Preparation => vec![Self::Relecture],
            Self::Relecture => vec![Self::Preparation, Self::Figee],
            Self::Figee => vec![],
        }
    }
}

/// A printed edition of a territoire: one book a bassin (seed 000: « décliné sur les 4 bassins de vie »).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    pub id: Id,
    pub titre: String,
    pub annee: i32,
    /// The last day that structures are given to answer; records still change the book until it is frozen.
    pub clot_le: Option<NaiveDate>,
    /// The census campaign that asked structures to read their record again.
    pub campagne: Option<Id>,
    pub etat: Etat,
    pub created_at: Instant,
    pub figee_at: Option<Instant>,
}

/// A part of the book: needs, in plain words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rubrique {
    pub titre: String,
    pub phrase: String,
    /// Codes of the taxonomy; a family stands for all its needs.
    pub besoins: Vec<String>,
}

codes! {
    /// What the territoire writes itself, in the order of the book.
    pub enum NaturePage {
        Edito = "edito" => "L’édito",
        Numeros = "numeros" => "Les numéros utiles",
        Choisir = "choisir" => "Comment choisir : prestataire, mandataire ou emploi direct",
        Droits = "droits" => "Vos droits et les aides",
    }
}

/// A page that the territoire writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageEditoriale {
    pub nature: NaturePage,
    pub titre: String,
    /// Paragraphs, apart by an empty line; lines that begin with « - » are a list.
    pub texte: String,
}

/// What is printed of a structure, in every part of every book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub structure: Id,
    pub nom: String,
    /// « association », « CCAS ou CIAS ».
    pub nature: String,
    /// One person's business: its telephone is that of a person, who is asked before it is printed.
    #[serde(default)]
    pub is_personne: bool,
    pub telephone: Option<String>,
    pub courriel: Option<String>,
    pub site_web: Option<String>,
    pub prestations: Vec<Prestation>,
}

/// A logo as it prints: a PNG on white, of that many points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoImprime {
    /// The structure; the territoire itself for the logo of the cover.
    pub structure: Id,
    pub contenu: Vec<u8>,
    pub largeur: u32,
    pub hauteur: u32,
}

/// One thing that a structure does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prestation {
    pub service: Id,
    pub nom: String,
    /// One or two sentences.
    pub texte: Option<String>,
    /// Codes of needs, those of its families included.
    pub besoins: Vec<String>,
    /// « à domicile, prestataire, le soir ».
    pub maniere: String,
    /// « 24 € de l’heure, CESU, APA ».
    pub prix: Option<String>,
    /// When it is not the structure's.
    pub telephone: Option<String>,
    /// « 3 rue des Lilas, Le Blanc ».
    pub adresse: Option<String>,
    pub horaires: Option<String>,
    /// Communes of the territoire that it reaches.
    pub communes: BTreeSet<CodeInsee>,
}
