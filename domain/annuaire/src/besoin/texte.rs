//! French words made comparable: without accents, case, empty words or endings.

use deunicode::deunicode;
use frostem::{Algorithm, Stemmer};

/// Past this many characters nobody is describing a need any more, and the time of a query must stay bounded.
const CARACTERES_LUS: usize = 200;

/// Words that carry grammar, not a need. Folded.
const MOTS_VIDES: &[&str] = &[
    "ai", "ainsi", "alors", "apres", "as", "au", "aussi", "aux", "avec", "avoir", "beaucoup", "bien", "bonjour", "ca", "car", "ce", "cela",
    "ces", "cet", "cette", "chez", "comme", "comment", "dans", "de", "depuis", "des", "doit", "donc", "du", "elle", "elles", "en", "est",
    "et", "etait", "etes", "etre", "eu", "eux", "fait", "fais", "faire", "faut", "ici", "il", "ils", "je", "la", "le", "les", "leur",
    "leurs", "lui", "ma", "mais", "me", "meme", "merci", "mes", "moi", "mon", "ne", "ni", "nos", "notre", "nous", "on", "ont", "or", "ou",
    "oui", "par", "pas", "peu", "peut", "peux", "plus", "pour", "pourrait", "pourriez", "puis", "qu", "quand", "que", "quel", "quelle",
    "quelqu", "qui", "quoi", "sa", "se", "sera", "ses", "si", "soit", "son", "sont", "suis", "sur", "ta", "te", "tes", "toi", "ton",
    "tout", "toute", "toutes", "tous", "tres", "tu", "un", "une", "va", "vais", "veut", "veux", "vos", "votre", "vous", "voila",
    "voudrais", "voudrait", "voulons", "vouloir", "y",
];

/// Words said in any call: they complete a phrase (« aide à domicile ») but never decide alone. Folded.
const MOTS_FAIBLES: &[&str] = &[
    "aide",
    "aider",
    "aides",
    "allo",
    "ancien",
    "besoin",
    "besoins",
    "cherche",
    "chercher",
    "cherchons",
    "chose",
    "demande",
    "demander",
    "demarche",
    "domicile",
    "dame",
    "epouse",
    "femme",
    "fille",
    "fils",
    "grand",
    "grande",
    "gens",
    "habite",
    "homme",
    "jour",
    "jours",
    "maison",
    "maman",
    "mamie",
    "mari",
    "mere",
    "monsieur",
    "madame",
    "papa",
    "papi",
    "papy",
    "mamy",
    "parent",
    "personne",
    "personnes",
    "petit",
    "petite",
    "petits",
    "prendre",
    "pere",
    "quelque",
    "quelques",
    "question",
    "recherche",
    "rendre",
    "service",
    "services",
    "solution",
    "temps",
    "trouver",
    "truc",
    "vieille",
    "vieux",
    "age",
    "agee",
    "agees",
    "ages",
    "aller",
    "avant",
    "mettre",
    "vient",
    "venir",
    "viendrait",
    "heure",
    "heures",
    "semaine",
    "gros",
    "mal",
    "bon",
    "bonne",
    "nouveau",
    "mois",
    "an",
    "ans",
    "arrive",
    "seulement",
    "possible",
    "urgent",
    "vite",
    "main",
    "cher",
    "savoir",
    "sais",
    "tombe",
    "passer",
    "donner",
    "porter",
    "proche",
    "vie",
    "monde",
    "place",
    "matin",
    "soir",
    "fois",
    "sans",
    "moins",
    "prix",
    "pouvoir",
    "autre",
    "autres",
    "rien",
    "faite",
    "faites",
    "reste",
    "rester",
];

/// Words that announce what is wanted; what precedes them is the story. Folded.
const ANNONCES: &[&str] =
    &["aimerais", "besoin", "cherche", "cherchons", "faudrait", "faut", "recherche", "souhaite", "voudrais", "voudrait"];

/// A word of a text, as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mot {
    /// Lower case, without accents.
    pub(super) plie: String,
    /// Without its ending.
    pub(super) racine: String,
    pub(super) faible: bool,
    /// Said after « il faut », « je cherche »…
    pub(super) annonce: bool,
}

/// The words of a text that say something, in order, each once.
pub(super) fn read_mots(texte: &str) -> Vec<Mot> {
    let stemmer = Stemmer::new(Algorithm::French);
    let mut mots: Vec<Mot> = Vec::new();
    let mut annonce = false;
    for plie in fold(texte).split(|c: char| !c.is_ascii_alphanumeric()) {
        annonce |= ANNONCES.contains(&plie);
        if plie.len() < 2 || MOTS_VIDES.contains(&plie) || mots.iter().any(|mot| mot.plie == plie) {
            continue;
        }
        mots.push(Mot { plie: plie.to_owned(), racine: cut(stemmer, plie), faible: MOTS_FAIBLES.contains(&plie), annonce });
    }
    mots
}

/// Under four letters a root says too little: « repas » and « répit », « aide » and « aidant » would be the same.
fn cut(stemmer: Stemmer, plie: &str) -> String {
    let racine = stemmer.stem(plie);
    if racine.len() >= 4 { racine.into_owned() } else { plie.trim_end_matches(['s', 'x']).to_owned() }
}

/// Emoji are dropped first: `deunicode` would spell them in English words.
fn fold(texte: &str) -> String {
    let lettres: String = texte.chars().take(CARACTERES_LUS).map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    deunicode(&lettres).to_ascii_lowercase()
}
