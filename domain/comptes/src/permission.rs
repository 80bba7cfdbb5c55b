//! Permissions as types: a handler takes `Autorise<LireDemandes>`, and so says who may call it.

use crate::model::Droit;

/// What `Autorise` asks for.
pub trait Permission: Send + Sync + 'static {
    /// None: to be signed in is enough.
    const DROIT: Option<Droit>;
    /// Open to somebody who has still to show their second proof.
    const AVANT_PREUVE: bool = false;
    /// What opens it to somebody for what is theirs only. Whose the object is, the room that holds the object decides:
    /// there, one extractor takes this permission, and handlers take that extractor.
    const SIEN: Option<Droit> = None;
}

macro_rules! permissions {
    ($($name:ident),+ $(,)?) => {
        $(
            #[doc = concat!("See `Droit::", stringify!($name), "`.")]
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            impl Permission for $name {
                const DROIT: Option<Droit> = Some(Droit::$name);
            }
        )+
    };
}

permissions!(
    PrendreAppel,
    DeposerDemande,
    LireDemandes,
    RepondrePersonne,
    LireChiffres,
    MenerPistes,
    LireAnnuaire,
    TenirAnnuaire,
    TenirSaStructure,
    TenirLigne,
    GererComptes,
    ReglerTerritoire,
    ReglerAccueil,
    VoirEtat,
    LireJournal,
);

/// To keep the record of a structure: of any, or of one's own.
#[derive(Clone, Copy, Debug)]
pub struct TenirStructure;

impl Permission for TenirStructure {
    const DROIT: Option<Droit> = Some(Droit::TenirAnnuaire);
    const SIEN: Option<Droit> = Some(Droit::TenirSaStructure);
}

/// To have given one's password: the page that asks for the second proof.
#[derive(Clone, Copy, Debug)]
pub struct DonnerPreuve;

impl Permission for DonnerPreuve {
    const DROIT: Option<Droit> = None;
    const AVANT_PREUVE: bool = true;
}

/// To be of the team, whatever one's roles: what is one's own.
#[derive(Clone, Copy, Debug)]
pub struct EtreConnecte;

impl Permission for EtreConnecte {
    const DROIT: Option<Droit> = None;
}
