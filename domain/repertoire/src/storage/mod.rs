//! The tables of editions, and what is printed of each structure: read from the annuaire until the edition is frozen.

pub mod edition;
pub mod livre;
pub mod logo;
pub mod notice;
