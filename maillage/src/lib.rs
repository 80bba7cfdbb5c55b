//! The program: settings, the capabilities assembled behind one router, the server, the command line, the demo.
//! Public face: `App`, `serveur::serve`, `commande::run`, `etat::list_constats`.

mod app;
pub mod commande;
pub mod conservation;
mod demo;
pub mod etat;
pub mod exportation;
mod exterieur;
mod metriques;
mod openapi;
mod page_etat;
mod page_reglages;
pub mod recensement;
pub mod reglages;
pub mod serveur;
mod shell;
pub mod veille;

pub use app::App;
