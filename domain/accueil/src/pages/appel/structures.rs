//! A structure found by its name while somebody speaks of it.

use annuaire::aiguillage::FicheStructure;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use comptes::Autorise;
use comptes::permission::PrendreAppel;
use kit::{Result, text};
use serde::Deserialize;
use ui::show;

use crate::Accueil;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RechercheInput {
    structure: String,
}

struct Trouvee {
    id: String,
    nom: String,
    telephone: Option<String>,
}

#[derive(Template)]
#[template(path = "accueil/appel_structures.html")]
struct StructuresVolet {
    slug: String,
    has_words: bool,
    trouvees: Vec<Trouvee>,
}

/// More is read no more.
const SHOWN: usize = 6;
/// One letter finds everybody.
const LETTERS: usize = 2;

/// In memory: asked again at each pause of the typing.
pub async fn show_structures(
    equipier: Autorise<PrendreAppel>,
    State(accueil): State<Accueil>,
    Query(input): Query<RechercheInput>,
) -> Result<Response> {
    let wanted = text::fold(&input.structure);
    let words: Vec<&str> = wanted.split_whitespace().collect();
    let has_words = wanted.trim().chars().count() >= LETTERS;
    let aiguillage = accueil.aiguillages.get(equipier.territoire.id);
    let is_named = |(_, structure): &(u32, &FicheStructure)| {
        let nom = text::fold(&structure.nom);
        words.iter().all(|word| nom.contains(word))
    };
    let telephone_of =
        |rang: u32| aiguillage.services().filter(|service| service.structure == rang).find_map(|service| service.telephone.as_deref());
    let found = (0_u32..).zip(aiguillage.structures()).filter(|_| has_words).filter(is_named).take(SHOWN);
    let trouvees = found.map(|(rang, structure)| Trouvee {
        id: structure.id.to_string(),
        nom: structure.nom.to_string(),
        telephone: telephone_of(rang).map(str::to_string),
    });
    let trouvees = trouvees.collect();
    show(&StructuresVolet { slug: equipier.territoire.slug.clone(), has_words, trouvees })
}
