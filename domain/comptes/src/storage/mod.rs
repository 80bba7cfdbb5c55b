//! The tables `comptes_*`.

mod balayage;
mod ceremonie;
mod cle_acces;
mod compte;
pub mod conservation;
mod lien;
mod referent;
mod second_facteur;
mod session;
mod territoire;

pub use balayage::sweep;
pub(crate) use ceremonie::{insert_ceremonie, take_ceremonie};
pub(crate) use cle_acces::{
    delete_cle, delete_cles, delete_identites, find_cle, find_identite, insert_cle, insert_identite, list_cles, list_emetteurs, update_cle,
};
pub(crate) use compte::{
    delete_invitation, find_adresse, find_invite, find_ouvert, find_secret, insert_invitation, insert_invite, is_last_administration,
    replace_roles, update_desactive, update_mot_de_passe,
};
pub use compte::{find_compte, insert_compte, list_comptes};
pub(crate) use lien::{Navigateur, insert_lien, is_lien, mark_navigateur, use_lien};
pub use referent::{delete_referent, insert_referent, is_referent, list_references, list_referents, list_structures_of, move_referents};
pub use second_facteur::rechiffrer;
pub(crate) use second_facteur::{delete_second_facteur, find_totp, insert_totp, raise_session, replace_secours, use_pas, use_secours};
pub(crate) use session::{
    NouvelleSession, close_session, close_sessions, find_jeton, find_session, insert_poste, insert_session, is_poste, list_sessions,
    touch_session,
};
pub use territoire::close_all_sessions;
