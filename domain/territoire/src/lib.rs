//! The places of France, as the INSEE names them: communes, EPCI, départements, distances.
//!
//! Everything is embedded in the program and read once, without a database: start from [`Referentiel::get`].
//! The key of a place is its [`CodeInsee`]; a postal code never is (26400 covers 24 communes).
//! [`Referentiel::search_communes`] takes what people type; [`Referentiel::resolve_code`] what files contain.

pub mod api;
mod code;
pub mod contours;
mod finder;
mod grille;
mod load;
mod model;
mod point;
mod referentiel;
mod refus;
#[cfg(test)]
mod tests;

pub use code::{Code, CodeDepartement, CodeEpci, CodeInsee, CodePostal, CodeRegion};
pub use finder::{CommuneTrouvee, Raison};
pub use model::{AncienneCommune, Commune, CommuneResolue, Departement, Epci, NatureAncienne, PopulationAge};
pub use point::Point;
pub use referentiel::{MILLESIME, Referentiel};
pub use refus::CodeRefuse;

mod installation;
mod logo;
mod registre;
pub mod storage;
pub use installation::{Bassin, Couleurs, ExceptionLigne, Fermeture, LigneUnique, Territoire, TerritoireRefuse};
pub use logo::{LOGO_BYTES, Logo, LogoRefuse};
pub use registre::Territoires;
