//! The capabilities, sharing one database, one clock and one set of snapshots.

use std::sync::Arc;
use std::time::Duration;

use accueil::suivi::Freins;
use accueil::{Accueil, Tours};
use annuaire::Annuaire;
use annuaire::aiguillage::Aiguillages;
use axum::Router;
use comptes::{Comptes, SecondFacteur};
use diffusion::Diffusion;
use kit::routes::{Declaration, Routes};
use kit::{Clock, Coffre, Db, Result};
use ligne::Ligne;
use ligne::telephonie::Releve;
use observatoire::{Observatoire, Tenu};
use repertoire::Repertoire;
use sortant::Sortant;
use territoire::Territoires;

use crate::etat::{Fraicheur, Installation};
use crate::reglages::Reglages;
use crate::{openapi, page_etat, page_reglages, shell};

/// The running application; cloning shares it.
#[derive(Clone, Debug)]
pub struct App {
    pub db: Db,
    pub clock: Clock,
    pub territoires: Territoires,
    pub aiguillages: Aiguillages,
    pub coffre: Coffre,
    pub fraicheur: Fraicheur,
    /// Where the base is and how the program was set, to be looked at.
    reglages: Arc<(String, Reglages)>,
    pub(crate) comptes: Comptes,
    annuaire: Annuaire,
    tours: Tours,
    freins: Freins,
    tenu: Tenu,
    /// None until the settings are known.
    sortant: Option<Sortant>,
}

impl App {
    /// Migrates the database and loads what answering needs.
    pub async fn open(db: Db, clock: Clock, coffre: Coffre, second_facteur: SecondFacteur) -> Result<Self> {
        schema::migrate(&db, clock.now()).await?;
        let territoires = Territoires::default();
        let comptes = Comptes::new(db.clone(), clock.clone(), territoires.clone(), (coffre.clone(), second_facteur));
        let aiguillages = Aiguillages::default();
        let annuaire = Annuaire::new(db.clone(), comptes.clone(), aiguillages.clone());
        let (fraicheur, tours, freins) = (Fraicheur::default(), Tours::default(), Freins::default());
        let (reglages, tenu, sortant) = (Arc::default(), Tenu::default(), None);
        let app =
            Self { db, clock, territoires, aiguillages, coffre, fraicheur, reglages, comptes, annuaire, tours, freins, tenu, sortant };
        app.refresh().await?;
        Ok(app)
    }

    /// The same, knowing where its base is and how it was set: its page of état looks at them.
    pub fn set_by(self, base: &str, reglages: &Reglages) -> Self {
        let sortant = Sortant::new(&reglages.sortants_permis).ok();
        let annuaire = Annuaire { fond: reglages.fond().ok().flatten(), ..self.annuaire };
        Self { reglages: Arc::new((base.to_string(), reglages.clone())), sortant, annuaire, ..self }
    }

    pub fn annuaire(&self) -> &Annuaire {
        &self.annuaire
    }

    /// What the page of état looks at.
    pub fn installation(&self) -> Installation {
        let (base, reglages) = self.reglages.as_ref().clone();
        Installation { db: self.db.clone(), base, reglages, fraicheur: Some(self.fraicheur.clone()) }
    }

    /// Takes up what has changed in the database: territoires, snapshots.
    pub async fn refresh(&self) -> Result<()> {
        self.territoires.refresh(&self.db).await?;
        self.aiguillages.refresh(&self.db, &self.territoires.list(), self.clock.now()).await?;
        self.fraicheur.mark();
        Ok(())
    }

    /// Takes up the work that the last stop interrupted.
    pub async fn resume(&self) -> Result<()> {
        annuaire::lots::resume_lots(&self.annuaire, &self.territoires.list()).await
    }

    /// Refreshes every few seconds, for ever: other processes write too. A database away is waited for.
    pub async fn keep_fresh(self) {
        loop {
            tokio::time::sleep(REFRESH_EVERY).await;
            if let Err(error) = self.refresh().await {
                tracing::warn!(%error, "refresh put off");
            }
        }
    }

    pub fn accueil(&self) -> Accueil {
        Accueil {
            db: self.db.clone(),
            clock: self.clock.clone(),
            coffre: self.coffre.clone(),
            comptes: self.comptes.clone(),
            aiguillages: self.aiguillages.clone(),
            tours: self.tours.clone(),
            freins: self.freins.clone(),
        }
    }

    pub fn ligne(&self) -> Ligne {
        Ligne { accueil: self.accueil(), telephonie: self.reglages.1.telephonie() }
    }

    /// Who fetches the recordings of the line; none until the settings are known.
    pub fn releve(&self) -> Option<Releve> {
        self.sortant.clone().map(|sortant| Releve { ligne: self.ligne(), sortant })
    }

    pub fn diffusion(&self) -> Diffusion {
        let (db, comptes, coffre) = (self.db.clone(), self.comptes.clone(), self.coffre.clone());
        Diffusion { db, comptes, coffre, sortant: self.sortant.clone() }
    }

    pub fn observatoire(&self) -> Observatoire {
        Observatoire { db: self.db.clone(), comptes: self.comptes.clone(), aiguillages: self.aiguillages.clone(), tenu: self.tenu.clone() }
    }

    pub fn repertoire(&self) -> Repertoire {
        Repertoire { db: self.db.clone(), comptes: self.comptes.clone(), annuaire: self.annuaire.clone() }
    }

    /// Every route of the program, ready to serve.
    pub fn router(&self) -> Router {
        let pages = shell::wrap(self.pages().into_router(), self.territoires.clone(), self.annuaire.fond.as_ref());
        pages.merge(accueil::api::routes(self.accueil()).into_router())
    }

    /// Every route of the program, with who may call it.
    pub fn declarations(&self) -> Vec<Declaration> {
        self.pages().merge(accueil::api::routes(self.accueil())).declarations().to_vec()
    }

    /// All but the hottest ones, around which there is nothing.
    fn pages(&self) -> Routes {
        shell::routes(self.clone())
            .merge(comptes::routes(self.comptes.clone()))
            .merge(messages::routes(self.comptes.clone()))
            .merge(page_etat::routes(self.clone()))
            .merge(page_reglages::routes(self.clone()))
            .merge(annuaire::pages::routes(self.annuaire.clone()))
            .merge(diffusion::routes(self.diffusion()))
            .merge(accueil::pages::routes(self.accueil()))
            .merge(ligne::routes(self.ligne()))
            .merge(observatoire::routes(self.observatoire()))
            .merge(repertoire::routes(self.repertoire()))
            .merge(territoire::api::routes())
            .merge(annuaire::api::routes())
            .merge(openapi::routes())
            .merge(ui::assets::routes())
    }
}

const REFRESH_EVERY: Duration = Duration::from_millis(500);
