//! Whom a sheet names.

use kit::text::fold;

use crate::model::Notice;
use crate::rules::communes::enumerate;
use crate::rules::livre::{Zone, list_prestations};

/// Whom one may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reponse {
    pub nom: String,
    pub telephone: Option<String>,
    /// Where it does not come.
    pub note: Option<String>,
}

/// Communes that a line can name.
const COMMUNES: usize = 3;

/// Who answers a need in a zone. There may be more than a page holds: those that can be called and that reach the most communes are first.
pub fn list_reponses(notices: &[Notice], besoin: &str, zone: &Zone) -> Vec<Reponse> {
    let mut found: Vec<(usize, Reponse)> = notices.iter().filter_map(|notice| find_reponse(notice, besoin, zone)).collect();
    found.sort_by_cached_key(|(reached, one)| (one.telephone.is_none(), std::cmp::Reverse(*reached), fold(&one.nom)));
    found.into_iter().map(|(_, one)| one).collect()
}

/// With the number of communes that it reaches.
fn find_reponse(notice: &Notice, besoin: &str, zone: &Zone) -> Option<(usize, Reponse)> {
    let here = list_prestations(notice, &[besoin], zone);
    if here.is_empty() {
        return None;
    }
    let is_reached = |commune: usize| here.iter().any(|(_, reached)| reached.get(commune) == Some(&true));
    let inside: Vec<&str> =
        zone.communes.iter().enumerate().filter(|(rang, _)| is_reached(*rang)).map(|(_, commune)| &*commune.nom).collect();
    let telephone = here.iter().find_map(|(one, _)| one.telephone.as_ref()).or(notice.telephone.as_ref());
    let note = match inside.len() {
        count if count == zone.communes.len() => None,
        count if count <= COMMUNES => Some(format!("Seulement pour {}.", enumerate(&inside))),
        _ => Some("Pas dans toutes les communes.".into()),
    };
    Some((inside.len(), Reponse { nom: notice.nom.clone(), telephone: telephone.cloned(), note }))
}
