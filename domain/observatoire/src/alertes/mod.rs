//! What changed, told without crying wolf: a need asked more than chance explains (`rules`), a commune that lost its only service
//! (`couverture`). Looked at once a day, told by one letter a week (`passage`, `lettres`), and nothing is written when nothing changed.

pub mod couverture;
pub mod lettres;
pub mod model;
pub mod passage;
pub mod phrases;
pub mod rules;
