mod messages;
mod monde;
mod repondeur;
mod telephonie;
