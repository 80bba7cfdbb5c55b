//! The menu of the team: only what one's roles open.

use ui::{Frame, MenuItem, User};

use crate::Equipier;
use crate::acces::site;
use crate::model::Droit;

/// The pages of the team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    Appel,
    File,
    Guichet,
    Demandes,
    SansSolution,
    Chiffres,
    /// « Ma structure », for its référent·e.
    Structures,
    Annuaire,
    /// The printed editions.
    Repertoire,
    Donnees,
    Comptes,
    Journal,
    Messages,
    /// When the line opens, and who answers it.
    Ligne,
    Reglages,
    Etat,
    /// Not in the menu: one's own name leads there.
    MonCompte,
}

/// In order, each with what it asks for.
const MENU: [(Menu, &str, &str, Droit); 16] = [
    (Menu::Appel, "appel", "Prendre un appel", Droit::PrendreAppel),
    (Menu::File, "file", "File d’attente", Droit::PrendreAppel),
    (Menu::Guichet, "guichet", "Guichet", Droit::DeposerDemande),
    (Menu::Demandes, "demandes", "Demandes", Droit::LireDemandes),
    (Menu::SansSolution, "sans-solution", "Sans solution", Droit::LireDemandes),
    (Menu::Chiffres, "chiffres", "Chiffres", Droit::LireChiffres),
    (Menu::Structures, "structures", "Ma structure", Droit::TenirSaStructure),
    (Menu::Annuaire, "annuaire", "Annuaire", Droit::LireAnnuaire),
    (Menu::Repertoire, "repertoire", "Répertoire", Droit::TenirAnnuaire),
    (Menu::Donnees, "donnees", "Données ouvertes", Droit::TenirAnnuaire),
    (Menu::Comptes, "comptes", "Comptes", Droit::GererComptes),
    (Menu::Journal, "journal", "Journal", Droit::LireJournal),
    (Menu::Messages, "messages", "Messages", Droit::VoirEtat),
    (Menu::Ligne, "ligne/horaires", "Ligne", Droit::TenirLigne),
    (Menu::Reglages, "reglages", "Réglages", Droit::ReglerTerritoire),
    (Menu::Etat, "etat", "État", Droit::VoirEtat),
];

impl Equipier {
    pub fn frame(&self, title: impl Into<String>, current: Menu) -> Frame {
        let base = format!("/{}/equipe", self.territoire.slug);
        let open = MENU.iter().filter(|(.., droit)| self.can(*droit));
        let menu = open.map(|(menu, path, label, _)| MenuItem { href: format!("{base}/{path}"), label, is_current: *menu == current });
        let user =
            User { name: self.nom.clone(), page: format!("{base}/mon-compte"), sign_out: format!("/{}/deconnexion", self.territoire.slug) };
        Frame::equipe(title, site(&self.territoire), menu.collect(), user)
    }

    /// Where one lands after signing in: the list that most of the work starts from, else the first page one may read.
    pub fn home(&self) -> String {
        let first = MENU.iter().find(|(.., droit)| self.can(*droit)).map(|(_, path, ..)| *path);
        let page = if self.can(Droit::LireDemandes) { "demandes" } else { first.unwrap_or("mon-compte") };
        format!("/{}/equipe/{page}", self.territoire.slug)
    }
}
