//! The prises en charge: the page that a structure's link opens, and what the team does and lists.

pub(super) mod equipe;
pub(super) mod lien;
