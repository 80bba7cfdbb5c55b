mod messages;
mod monde;
