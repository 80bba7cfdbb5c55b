//! The program: settings, the capabilities assembled behind one router, the server, the command line, the demo.
//! Public face: `App`, `serveur::serve`, `commande::run`.

mod app;
pub mod commande;
mod demo;
mod openapi;
pub mod reglages;
pub mod serveur;
mod shell;

pub use app::App;
