mod messages;
mod monde;
mod telephonie;
