//! What changed since the previous edition: what the editor reads before freezing, and what the edito tells.

use std::collections::BTreeMap;

use kit::Id;
use kit::text::fold;

use crate::model::{Notice, Prestation};

/// The differences between two editions, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ecarts {
    pub nouvelles: Vec<String>,
    pub parties: Vec<String>,
    pub changees: Vec<Changee>,
}

/// A structure in both, and what is no longer the same: « le téléphone », « le prix de Ménage ».
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changee {
    pub structure: Id,
    pub nom: String,
    pub champs: Vec<String>,
}

/// From `avant` to `maintenant`, whatever their orders.
pub fn compare(avant: &[Notice], maintenant: &[Notice]) -> Ecarts {
    let by_id =
        |notices: &'_ [Notice]| -> BTreeMap<Id, usize> { notices.iter().enumerate().map(|(rang, one)| (one.structure, rang)).collect() };
    let (known, now) = (by_id(avant), by_id(maintenant));
    let mut ecarts = Ecarts::default();
    for notice in maintenant {
        match known.get(&notice.structure).and_then(|rang| avant.get(*rang)) {
            None => ecarts.nouvelles.push(notice.nom.clone()),
            Some(before) => {
                let champs = list_champs(before, notice);
                if !champs.is_empty() {
                    ecarts.changees.push(Changee { structure: notice.structure, nom: notice.nom.clone(), champs });
                }
            }
        }
    }
    ecarts.parties = avant.iter().filter(|one| !now.contains_key(&one.structure)).map(|one| one.nom.clone()).collect();
    ecarts.nouvelles.sort_by_cached_key(|nom| fold(nom));
    ecarts.parties.sort_by_cached_key(|nom| fold(nom));
    ecarts.changees.sort_by_cached_key(|one| fold(&one.nom));
    ecarts
}

fn list_champs(avant: &Notice, maintenant: &Notice) -> Vec<String> {
    let mut champs: Vec<String> = [
        ("le nom", avant.nom != maintenant.nom),
        ("la nature", avant.nature != maintenant.nature),
        ("le courriel", avant.courriel != maintenant.courriel),
        ("le site", avant.site_web != maintenant.site_web),
    ]
    .into_iter()
    .filter(|(_, differs)| *differs)
    .map(|(nom, _)| nom.to_string())
    .collect();
    if avant.telephone != maintenant.telephone {
        // The one difference that everybody checks: what it was, what it is.
        let say = |telephone: &Option<String>| telephone.clone().unwrap_or_else(|| "aucun".into());
        champs.push(format!("le téléphone ({}, c’était {})", say(&maintenant.telephone), say(&avant.telephone)));
    }
    let find = |notice: &'_ Notice, service: Id| -> Option<usize> { notice.prestations.iter().position(|one| one.service == service) };
    for prestation in &maintenant.prestations {
        match find(avant, prestation.service).and_then(|rang| avant.prestations.get(rang)) {
            None => champs.push(format!("« {} » en plus", prestation.nom)),
            Some(before) => champs.extend(list_differences(before, prestation)),
        }
    }
    let gone = avant.prestations.iter().filter(|one| find(maintenant, one.service).is_none());
    champs.extend(gone.map(|one| format!("« {} » en moins", one.nom)));
    champs
}

fn list_differences(avant: &Prestation, maintenant: &Prestation) -> Vec<String> {
    let differences = [
        ("le nom", avant.nom != maintenant.nom),
        ("le texte", avant.texte != maintenant.texte),
        ("les besoins", avant.besoins != maintenant.besoins),
        ("la manière", avant.maniere != maintenant.maniere),
        ("le prix", avant.prix != maintenant.prix),
        ("le téléphone", avant.telephone != maintenant.telephone),
        ("l’adresse", avant.adresse != maintenant.adresse),
        ("les horaires", avant.horaires != maintenant.horaires),
        ("les communes", avant.communes != maintenant.communes),
    ];
    differences.into_iter().filter(|(_, differs)| *differs).map(|(nom, _)| format!("{nom} de « {} »", maintenant.nom)).collect()
}
