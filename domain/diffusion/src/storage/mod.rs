//! The tables `diffusion_*`.

pub mod abonnement;
pub mod edition;
pub mod hote;
