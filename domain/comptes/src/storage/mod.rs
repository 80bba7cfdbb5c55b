//! The tables `comptes_*`.

mod compte;
mod session;

pub(crate) use compte::{
    delete_invitation, find_invite, find_secret, insert_invitation, insert_invite, is_last_administration, replace_roles, update_desactive,
    update_mot_de_passe,
};
pub use compte::{find_compte, insert_compte, list_comptes};
pub(crate) use session::{
    close_session, close_sessions, find_session, insert_poste, insert_session, is_poste, list_sessions, touch_session,
};
