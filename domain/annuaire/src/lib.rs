//! Structures, services, what they cover and the needs they answer.

pub mod besoin;
