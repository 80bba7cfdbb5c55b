//! From a gap to a service: what is asked and not served (`manques`), the pistes that somebody of the team follows from a first
//! step to the day a service opens, and what was asked before beside what is asked since (seed 000: the territoire « soutient au
//! démarrage » the meals and the volunteers that are missing).

pub mod manques;
pub mod model;
pub mod regard;
pub mod rules;
