//! What a demande gathered since it was recorded: for the team, for the person, and for whoever asks for all that is held.

use kit::{Id, Instant, Result};

use crate::Accueil;
use crate::analyse::Constat;
use crate::analyse::storage::list_constats;
use crate::prise_en_charge::PriseEnCharge;
use crate::prise_en_charge::storage::list_of_demande;
use crate::qualite::AppelQualite;
use crate::qualite::storage::find_appel;
use crate::sans_solution::storage::find_note;
use crate::suivi;

#[derive(Clone, Debug)]
pub struct Complements {
    pub prises: Vec<PriseEnCharge>,
    /// « K7M 4PX », to be read to the person.
    pub code: Option<String>,
    /// By when somebody promised to call back.
    pub promesse: Option<Instant>,
    pub plan_note: Option<String>,
    pub qualite: Option<AppelQualite>,
    pub constats: Vec<Constat>,
}

impl Complements {
    pub async fn find(accueil: &Accueil, territoire: Id, demande: Id) -> Result<Self> {
        let (db, coffre) = (&accueil.db, &accueil.coffre);
        Ok(Self {
            prises: list_of_demande(db.read(), territoire, demande).await?,
            code: suivi::code_of(db.read(), coffre, territoire, demande).await?,
            promesse: suivi::storage::find_promesse(db, territoire, demande).await?,
            plan_note: find_note(db, coffre, territoire, demande).await?,
            qualite: find_appel(db, coffre, territoire, demande).await?,
            constats: list_constats(db, coffre, territoire, demande).await?,
        })
    }
}
