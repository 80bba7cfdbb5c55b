//! The page that says what is right and what is wrong with the installation, to whoever administers or operates it.

use askama::Template;
use axum::extract::{FromRef, State};
use axum::response::Response;
use comptes::permission::VoirEtat;
use comptes::{Autorise, Comptes, Menu};
use kit::Result;
use kit::routes::Routes;
use ui::{Frame, show};

use crate::App;
use crate::etat::{Constat, Gravite, list_constats};

impl FromRef<App> for Comptes {
    fn from_ref(app: &App) -> Self {
        app.comptes.clone()
    }
}

pub fn routes(app: App) -> Routes {
    Routes::new().get("/{territoire}/equipe/etat", show_etat).with_state(app)
}

#[derive(Template)]
#[template(path = "etat.html")]
struct EtatPage {
    frame: Frame,
    constats: Vec<Constat>,
    /// The worst of them.
    gravite: Gravite,
}

async fn show_etat(equipier: Autorise<VoirEtat>, State(app): State<App>) -> Result<Response> {
    let constats = list_constats(&app.installation(), equipier.now).await;
    let gravite = constats.iter().map(|constat| constat.gravite).max().unwrap_or(Gravite::Bien);
    show(&EtatPage { frame: equipier.frame("État du service", Menu::Etat), constats, gravite })
}
