//! The tables `comptes_*`.

mod compte;
pub mod conservation;
mod referent;
mod second_facteur;
mod session;
mod territoire;

pub(crate) use compte::{
    delete_invitation, find_invite, find_secret, insert_invitation, insert_invite, is_last_administration, replace_roles, update_desactive,
    update_mot_de_passe,
};
pub use compte::{find_compte, insert_compte, list_comptes};
pub use referent::{delete_referent, insert_referent, is_referent, list_referents, list_structures_of};
pub use second_facteur::rechiffrer;
pub(crate) use second_facteur::{
    Totp, delete_second_facteur, find_totp, insert_totp, raise_session, replace_secours, use_pas, use_secours,
};
pub(crate) use session::{
    close_session, close_sessions, find_session, insert_poste, insert_session, is_poste, list_sessions, touch_session,
};
pub use territoire::close_all_sessions;
