//! Which role opens what: the whole of it, in one table.

use crate::model::{Droit, Role};

/// Those who hold a permission. An operator of the machines reads no content; an elected official reads aggregates only.
pub const fn list_roles(droit: Droit) -> &'static [Role] {
    use Role::{
        Administration, Coordination, Exploitation, Formation, Guichet, Lecture, PiloteAction, ReferentSocial, ReferentStructure,
        TeleConseil,
    };
    match droit {
        Droit::PrendreAppel | Droit::LireDemandes => &[Coordination, TeleConseil],
        Droit::DeposerDemande => &[Coordination, TeleConseil, ReferentSocial, Guichet],
        Droit::RepondrePersonne | Droit::ReglerAccueil => &[Coordination],
        Droit::LireChiffres => &[Administration, Coordination, TeleConseil, Formation, PiloteAction, ReferentSocial, Lecture],
        Droit::MenerPistes => &[Coordination, PiloteAction],
        Droit::LireAnnuaire => {
            &[Administration, Coordination, TeleConseil, ReferentStructure, Formation, PiloteAction, ReferentSocial, Guichet, Lecture]
        }
        Droit::TenirAnnuaire | Droit::TenirLigne => &[Administration, Coordination],
        Droit::TenirSaStructure => &[ReferentStructure],
        Droit::GererComptes | Droit::LireJournal | Droit::ReglerTerritoire => &[Administration],
        Droit::VoirEtat => &[Administration, Exploitation],
    }
}

/// Whether any of these roles opens it.
pub fn allows(roles: &[Role], droit: Droit) -> bool {
    roles.iter().any(|role| list_roles(droit).contains(role))
}

/// Whether a role reads what people confided: it then needs a second factor.
pub fn reads_personnes(role: Role) -> bool {
    [Droit::PrendreAppel, Droit::LireDemandes, Droit::RepondrePersonne, Droit::LireJournal]
        .into_iter()
        .any(|droit| list_roles(droit).contains(&role))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_and_an_elected_official_read_nobody() {
        let personal = [Droit::PrendreAppel, Droit::LireDemandes, Droit::RepondrePersonne, Droit::LireJournal, Droit::GererComptes];
        for role in [Role::Exploitation, Role::Lecture, Role::ReferentStructure] {
            assert!(personal.iter().all(|droit| !allows(&[role], *droit)), "{role:?}");
            assert!(!reads_personnes(role));
        }
    }

    #[test]
    fn roles_add_up_and_no_role_opens_nothing() {
        let both = [Role::Administration, Role::Coordination, Role::ReferentStructure];
        assert!(Droit::ALL.iter().all(|droit| allows(&both, *droit)));
        assert!(Droit::ALL.iter().all(|droit| !allows(&[], *droit)));
    }
}
