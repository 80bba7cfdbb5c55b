//! The line for the team: when it opens, who answers, what was left for it.

mod horaires;
mod message;

use kit::routes::Routes;

use crate::Ligne;

pub fn routes(ligne: Ligne) -> Routes {
    Routes::new()
        .get("/{territoire}/equipe/ligne/messages", message::show_messages)
        .get("/{territoire}/equipe/ligne/messages/{id}", message::show_message)
        .get("/{territoire}/equipe/ligne/messages/{id}/audio", message::show_audio)
        .post("/{territoire}/equipe/ligne/messages/{id}/classement", message::create_classement)
        .get("/{territoire}/equipe/ligne/messages/{id}/effacement", message::show_effacement)
        .post("/{territoire}/equipe/ligne/messages/{id}/effacement", message::create_effacement)
        .get("/{territoire}/equipe/ligne/horaires", horaires::show_horaires)
        .post("/{territoire}/equipe/ligne/horaires/exceptions", horaires::update_exceptions)
        .post("/{territoire}/equipe/ligne/horaires/postes", horaires::update_postes)
        .post("/{territoire}/equipe/ligne/horaires/bienvenue", horaires::update_bienvenue)
        .with_state(ligne)
}
