//! What the program sends: takes the messages that other rooms wrote down (`kit::envoi`), delivers them by e-mail and by SMS, tries again
//! when the server refuses, respects the night, and shows the team what left and what did not.
//! A message that somebody waits for leaves at least once: a stop between the server's « accepted » and our writing of it makes
//! it leave twice, with the same `Message-ID`. The others leave once at most: such a stop leaves them « peut-être parti ».
//! Public face: `Facteur`, `Messagerie`, `Passerelle`, `routes`.

mod facteur;
mod pages;
mod passerelle;
pub mod rules;
#[cfg(test)]
mod tests;

pub use facteur::{Facteur, Messagerie};
pub use pages::routes;
pub use passerelle::Passerelle;
