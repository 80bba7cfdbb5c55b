//! What an import writes: what was already there under the same source's id is replaced, except what somebody mended by hand;
//! what a record was before is kept, so that the file can be taken back.

use std::collections::{HashMap, HashSet};

use kit::{Id, Instant, Result, sql, values};
use sea_orm::ConnectionTrait;

use super::fiche::{FicheTenue, list_fiches};
use super::historique::{Trace, insert_creations, insert_version};
use super::redirection;
use super::{LIEU, SERVICE, STRUCTURE, lieu_row, service_row, structure_row, touch};
use crate::aiguillage::Inscription;
use crate::fiche::{compare, fusion};
use crate::import::StructureSeule;
use crate::{Lieu, Service, Structure};

/// As many services as are written at once.
const AT_ONCE: usize = 1_000;

/// What a line of a file brings: a structure at a place, and most often a service.
#[derive(Clone, Copy)]
struct Ligne<'a> {
    structure: &'a Structure,
    lieu: &'a Lieu,
    service: Option<&'a Service>,
}

/// Writes services with their structures and places, and structures of which no service is known yet.
/// Written in the order in which they are read back (`instantane`): neighbours on the disk are neighbours in the reading.
/// `progress` is told how many services have been written.
pub async fn save_inscriptions<'a>(
    tx: &impl ConnectionTrait,
    territoire: Id,
    (inscriptions, seules): (&'a [Inscription], &'a [StructureSeule]),
    (trace, now): (&Trace<'_>, Instant),
    progress: &(dyn Fn(usize) + Sync),
) -> Result<()> {
    let fusions = redirection::list(tx, territoire).await?;
    let of_service = |one: &'a Inscription| Ligne { structure: &one.structure, lieu: &one.service.lieu, service: Some(&one.service) };
    let of_structure = |one: &'a StructureSeule| Ligne { structure: &one.structure, lieu: &one.lieu, service: None };
    let mut ordered: Vec<Ligne> = inscriptions.iter().map(of_service).chain(seules.iter().map(of_structure)).collect();
    ordered.sort_by_key(|one| (one.structure.id, one.service.map(|service| service.id)));
    let mut written = 0;
    for part in cut(&ordered) {
        Ecriture { territoire, trace, now, fusions: &fusions }.write(tx, part).await?;
        written += part.len();
        progress(written);
    }
    delete_empty_lieux(tx, territoire).await?;
    touch(tx, territoire).await
}

/// Parts of some thousand services that never cut a structure in two.
fn cut<'a, 'b>(mut ordered: &'a [Ligne<'b>]) -> Vec<&'a [Ligne<'b>]> {
    let mut parts = vec![];
    while !ordered.is_empty() {
        let mut end = ordered.len().min(AT_ONCE);
        while end < ordered.len() && ordered.get(end).map(|one| one.structure.id) == ordered.get(end - 1).map(|one| one.structure.id) {
            end += 1;
        }
        let (part, rest) = ordered.split_at(end);
        parts.push(part);
        ordered = rest;
    }
    parts
}

/// What a part writes, each row once.
#[derive(Default)]
struct Lignes {
    structures: HashMap<Id, Structure>,
    /// With the structure that each place is of.
    lieux: HashMap<Id, (Id, Lieu)>,
    services: Vec<Service>,
}

struct Ecriture<'a> {
    territoire: Id,
    trace: &'a Trace<'a>,
    now: Instant,
    /// Where merged structures lead.
    fusions: &'a HashMap<Id, Id>,
}

impl Ecriture<'_> {
    async fn write(&self, tx: &impl ConnectionTrait, part: &[Ligne<'_>]) -> Result<()> {
        let named: HashSet<Id> = part.iter().map(|one| self.lead(one.structure.id)).collect();
        let named: Vec<Id> = named.into_iter().collect();
        let before = list_fiches(tx, self.territoire, &named).await?;
        let mut rows = Lignes::default();
        for one in part {
            let id = self.lead(one.structure.id);
            let known = before.get(&id);
            if id == one.structure.id {
                rows.structures.entry(id).or_insert_with(|| keep_mended(one.structure, known));
            }
            if !is_held(known, "lieux", one.lieu.id) {
                rows.lieux.entry(one.lieu.id).or_insert_with(|| (id, one.lieu.clone()));
            }
            if let Some(service) = one.service.map(|service| adopt(service, id)).filter(|service| !is_held(known, "services", service.id)) {
                rows.services.push(keep_modalites(service, known));
            }
        }
        self.upsert(tx, &rows).await?;
        self.remember(tx, &named, before).await
    }

    /// The structure that an id of the file means today.
    fn lead(&self, structure: Id) -> Id {
        self.fusions.get(&structure).copied().unwrap_or(structure)
    }

    async fn upsert(&self, tx: &impl ConnectionTrait, rows: &Lignes) -> Result<()> {
        let mut structures: Vec<&Structure> = rows.structures.values().collect();
        structures.sort_by_key(|structure| structure.id);
        sql::upsert_many(tx, &STRUCTURE, structures.iter().map(|one| structure_row(self.territoire, one, self.now)).collect()).await?;
        let mut lieux: Vec<&(Id, Lieu)> = rows.lieux.values().collect();
        lieux.sort_by_key(|(structure, lieu)| (*structure, lieu.id));
        sql::upsert_many(tx, &LIEU, lieux.iter().map(|(structure, lieu)| lieu_row(self.territoire, *structure, lieu)).collect()).await?;
        sql::upsert_many(tx, &SERVICE, rows.services.iter().map(|one| service_row(self.territoire, one, self.now)).collect()).await
    }

    /// Leaves a version behind each record that changed, and a mark for each that is new.
    async fn remember(&self, tx: &impl ConnectionTrait, named: &[Id], before: HashMap<Id, FicheTenue>) -> Result<()> {
        let created: Vec<Id> = named.iter().copied().filter(|id| !before.contains_key(id)).collect();
        insert_creations(tx, self.territoire, &created, (self.trace, self.now)).await?;
        let known: Vec<Id> = before.keys().copied().collect();
        let mut after = list_fiches(tx, self.territoire, &known).await?;
        for (id, avant) in before {
            let Some(apres) = after.remove(&id).filter(|apres| !compare(Some(&avant.fiche), Some(&apres.fiche)).is_empty()) else {
                continue;
            };
            sql::execute(
                tx,
                "UPDATE annuaire_structure SET version = version + 1 WHERE territoire_id = $1 AND id = $2",
                values![self.territoire, id],
            )
            .await?;
            let fiches = (Some(&avant.fiche), Some(&apres.fiche));
            insert_version(tx, self.territoire, (id, avant.version + 1), fiches, (self.trace, self.now)).await?;
        }
        Ok(())
    }
}

/// A service of a merged structure, as one of the structure that it was merged into.
fn adopt(service: &Service, structure: Id) -> Service {
    if service.structure_id == structure { service.clone() } else { fusion::adopt(service, structure) }
}

fn is_held(known: Option<&FicheTenue>, kind: &str, id: Id) -> bool {
    known.is_some_and(|known| known.corriges.contains(&format!("{kind}.{id}")))
}

/// What somebody mended by hand stands against what the file says.
fn keep_mended(of_file: &Structure, known: Option<&FicheTenue>) -> Structure {
    let mut kept = of_file.clone();
    let Some(FicheTenue { fiche, corriges, .. }) = known else { return kept };
    let ours = &fiche.structure;
    for field in corriges {
        match field.as_str() {
            "nom" => kept.nom.clone_from(&ours.nom),
            "categorie" => kept.categorie = ours.categorie,
            "description" => kept.description.clone_from(&ours.description),
            "siret" => kept.siret.clone_from(&ours.siret),
            "telephone" => kept.contact.telephone.clone_from(&ours.contact.telephone),
            "courriel" => kept.contact.courriel.clone_from(&ours.contact.courriel),
            "site_web" => kept.contact.site_web.clone_from(&ours.contact.site_web),
            _ => {}
        }
    }
    kept
}

/// A file that says nothing of the terms of a service leaves them as they are.
fn keep_modalites(mut service: Service, known: Option<&FicheTenue>) -> Service {
    if let Some(ours) = known.and_then(|known| known.fiche.services.get(&service.id)).filter(|_| service.modalites == Default::default()) {
        service.modalites.clone_from(&ours.modalites);
    }
    service
}

/// A service that moved leaves its former place behind. A place that somebody wrote by hand stays, as does that of a
/// structure without services.
async fn delete_empty_lieux(tx: &impl ConnectionTrait, territoire: Id) -> Result<()> {
    sql::execute(
        tx,
        "DELETE FROM annuaire_lieu WHERE territoire_id = $1
         AND id NOT IN (SELECT lieu_id FROM annuaire_service WHERE territoire_id = $1)
         AND structure_id IN (SELECT structure_id FROM annuaire_service WHERE territoire_id = $1)
         AND NOT EXISTS (SELECT 1 FROM annuaire_structure st WHERE st.territoire_id = $1 AND st.id = annuaire_lieu.structure_id
                         AND st.corriges LIKE '%lieux.' || annuaire_lieu.id || '%')",
        values![territoire],
    )
    .await?;
    Ok(())
}
