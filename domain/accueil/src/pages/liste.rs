//! The demandes, all of them.

use annuaire::besoin::Taxonomie;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use comptes::permission::LireDemandes;
use comptes::{Autorise, Droit, Menu};
use kit::{Instant, Result};
use territoire::{Commune, Territoire};
use ui::{Frame, show};

use crate::Accueil;
use crate::filtre::{Filtre, FiltreInput, NOUVELLE};
use crate::model::{Canal, Issue};
use crate::mots::{libelles_de_besoins, nom_de_commune};
use crate::storage::{self, DemandeListee, PAGE};

#[derive(Template)]
#[template(path = "accueil/demandes.html")]
struct DemandesPage<'a> {
    frame: Frame,
    territoire: &'a Territoire,
    input: FiltreInput,
    filtre: Filtre,
    demandes: Vec<DemandeListee>,
    total: i64,
    can_regler: bool,
    now: Instant,
}

impl DemandesPage<'_> {
    fn communes(&self) -> Vec<&'static Commune> {
        list_communes(self.territoire)
    }

    /// The address of another page of the same list, when there is one.
    fn href_page(&self, step: i64) -> Option<String> {
        let page = i64::from(self.filtre.page) + step;
        if page < 0 || page * PAGE >= self.total {
            return None;
        }
        let FiltreInput { issue, commune, besoin, canal, du, au, .. } = &self.input;
        let pairs = [("issue", issue), ("commune", commune), ("besoin", besoin), ("canal", canal), ("du", du), ("au", au)];
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()))
            .append_pair("page", &page.to_string())
            .finish();
        Some(format!("?{query}"))
    }
}

/// The communes of a territoire, in the order of the alphabet.
pub(super) fn list_communes(territoire: &Territoire) -> Vec<&'static Commune> {
    let mut communes: Vec<&Commune> = territoire.list_communes().collect();
    communes.sort_by_key(|commune| kit::text::fold(&commune.nom));
    communes
}

pub async fn show_demandes(
    equipier: Autorise<LireDemandes>,
    State(accueil): State<Accueil>,
    Query(input): Query<FiltreInput>,
) -> Result<Response> {
    let filtre = input.parse();
    let (demandes, total) = storage::list_demandes(&accueil.db, equipier.territoire.id, &filtre).await?;
    let frame = equipier.frame("Demandes", Menu::Demandes);
    let can_regler = equipier.can(Droit::ReglerAccueil);
    show(&DemandesPage { frame, territoire: &equipier.territoire, input, filtre, demandes, total, can_regler, now: equipier.now })
}
