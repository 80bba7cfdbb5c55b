//! Roles, what each opens, and the state of an account.

use kit::{Id, Instant, codes};

codes! {
    /// What somebody is on a territoire; one person may be several things.
    pub enum Role {
        Administration = "administration" => "administration",
        Coordination = "coordination" => "coordination",
        TeleConseil = "tele_conseil" => "télé-conseil",
        ReferentStructure = "referent_structure" => "référent·e de structure",
        Formation = "formation" => "formation",
        PiloteAction = "pilote_action" => "pilote d’action",
        ReferentSocial = "referent_social" => "social référent·e",
        Guichet = "guichet" => "point d’accueil (mairie, France services, CMS)",
        Lecture = "lecture" => "lecture (élu·e, financeur)",
        Exploitation = "exploitation" => "exploitation technique",
    }
}

codes! {
    /// What a handler may ask for.
    pub enum Droit {
        PrendreAppel = "prendre_appel" => "prendre un appel et enregistrer la demande",
        DeposerDemande = "deposer_demande" => "enregistrer la demande d’une personne qu’on reçoit, sans lire les autres",
        LireDemandes = "lire_demandes" => "lire les demandes et en changer l’issue",
        RepondrePersonne = "repondre_personne" => "copier ou effacer les données d’une personne qui le demande",
        LireChiffres = "lire_chiffres" => "lire les chiffres, sans aucune personne",
        MenerPistes = "mener_pistes" => "ouvrir une piste sur ce qui manque, la suivre, dire qu’une alerte est vue",
        LireAnnuaire = "lire_annuaire" => "lire l’annuaire de l’équipe",
        TenirAnnuaire = "tenir_annuaire" => "importer et corriger l’annuaire",
        TenirSaStructure = "tenir_sa_structure" => "confirmer et corriger la fiche de sa structure",
        TenirLigne = "tenir_ligne" => "dire quand la ligne ouvre, qui y répond, ce que dit le répondeur",
        GererComptes = "gerer_comptes" => "inviter, changer les rôles, désactiver",
        ReglerTerritoire = "regler_territoire" => "changer le nom, les couleurs, le logo, la ligne, et ce qui est partagé",
        ReglerAccueil = "regler_accueil" => "régler l’accueil : délais, appels de qualité, grille d’analyse",
        VoirEtat = "voir_etat" => "savoir ce qui va et ce qui ne va pas sur la machine",
        LireJournal = "lire_journal" => "savoir qui a lu et écrit quoi",
    }
}

impl Role {
    /// Several roles as people read them: « coordination, télé-conseil ».
    pub fn labels(roles: &[Self]) -> String {
        roles.iter().map(|role| role.label()).collect::<Vec<_>>().join(", ")
    }
}

/// Somebody of a team, as the page of accounts shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compte {
    pub id: Id,
    pub courriel: String,
    pub nom: String,
    pub roles: Vec<Role>,
    /// Since when the account opens nothing any more.
    pub desactive_at: Option<Instant>,
    /// Invited, and never came in.
    pub is_invite: bool,
}

codes! {
    /// By which way somebody came in.
    pub enum Moyen {
        MotDePasse = "mot_de_passe" => "mot de passe",
        Invitation = "invitation" => "invitation",
        Lien = "lien" => "lien reçu par courriel",
        CleAcces = "cle_acces" => "clé d’accès",
        Fournisseur = "fournisseur" => "fournisseur d’identité",
    }
}

/// A passkey of an account, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CleAcces {
    pub id: Id,
    /// « mon téléphone ».
    pub nom: String,
    pub created_at: Instant,
    pub used_at: Option<Instant>,
}

/// One open session, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionOuverte {
    pub id: Id,
    /// « ordinateur Windows », as far as the browser says.
    pub appareil: String,
    pub moyen: Moyen,
    pub opened_at: Instant,
    pub seen_at: Instant,
}

impl Compte {
    /// What others know of its owner, and would try as a password.
    pub fn connu(&self) -> [&str; 2] {
        [&self.nom, self.courriel.split('@').next().unwrap_or_default()]
    }

    pub fn etat(&self) -> &'static str {
        match (self.desactive_at, self.is_invite) {
            (Some(_), _) => "désactivé",
            (None, true) => "invitation envoyée",
            (None, false) => "actif",
        }
    }
}
