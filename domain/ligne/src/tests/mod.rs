mod messages;
pub mod monde;
