mod boite;
mod messages;
pub mod monde;
mod repondeur;
mod telephonie;
