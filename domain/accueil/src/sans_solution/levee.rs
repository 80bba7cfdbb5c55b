//! When a service opens: the demandes without a solution that it answers are raised, once, and the coordination is told.

use std::collections::HashMap;

use annuaire::besoin::Taxonomie;
use comptes::Lettre;
use kit::{Id, Instant, Result};
use territoire::{Referentiel, Territoire};

use super::rules::is_new;
use super::storage::{AttenteRow, Levee, list_attentes, mark_levee_in};
use crate::Accueil;
use crate::acte::PROPOSITIONS;
use crate::model::{Contraintes, Motif};
use crate::prise_en_charge::list_coordination;
use crate::rules::orientation::{Recherche, orient};

/// The revision of the annuaire that each territoire was last looked at with: nothing is looked for while it does not move.
#[derive(Debug, Default)]
pub struct Veille {
    revisions: HashMap<Id, i64>,
}

impl Veille {
    /// Raises what is to be, when the annuaire has moved.
    pub async fn pass(&mut self, accueil: &Accueil, territoire: &Territoire, now: Instant) -> Result<usize> {
        let revision = accueil.aiguillages.get(territoire.id).revision;
        if self.revisions.get(&territoire.id) == Some(&revision) {
            return Ok(0);
        }
        let raised = raise(accueil, territoire, now).await?;
        self.revisions.insert(territoire.id, revision);
        Ok(raised)
    }
}

/// Raises the demandes that a service answers today; gives how many.
pub async fn raise(accueil: &Accueil, territoire: &Territoire, now: Instant) -> Result<usize> {
    let aiguillage = accueil.aiguillages.get(territoire.id);
    let mut found = vec![];
    for attente in list_attentes(&accueil.db, territoire.id).await? {
        if let Some(levee) = look(&aiguillage, &attente, now)? {
            found.push(levee);
        }
    }
    if found.is_empty() {
        return Ok(0);
    }
    let tx = accueil.db.begin().await?;
    let mut raised = vec![];
    for levee in found {
        // Another process may have raised it: it is told once.
        if mark_levee_in(&tx, territoire.id, &levee, now).await? {
            raised.push(levee);
        }
    }
    if !raised.is_empty() {
        tell(accueil, &tx, (territoire, now), &raised).await?;
    }
    tx.commit().await?;
    Ok(raised.len())
}

fn look(aiguillage: &annuaire::aiguillage::Aiguillage, attente: &AttenteRow, now: Instant) -> Result<Option<Levee>> {
    let Ok(resolue) = Referentiel::get().resolve_code(&attente.code_insee) else { return Ok(None) };
    let codes = attente.besoins.split_whitespace();
    let besoins: Vec<u8> = codes.filter_map(|code| Taxonomie::get().find(code)).map(|besoin| besoin.rang).collect();
    let contraintes = Contraintes::from_codes(attente.contraintes.split_whitespace());
    let recherche = Recherche { commune: resolue.commune, besoins: &besoins, contraintes: &contraintes, wall: now.paris(), tour: 0 };
    let known: Vec<Id> = attente.connus.split_whitespace().filter_map(|id| id.parse().ok()).collect();
    let motif = Motif::from_code(&attente.motif);
    let reponse = orient(aiguillage, &recherche, PROPOSITIONS);
    for proposition in reponse.propositions.iter().filter(|one| !one.is_proche) {
        let (Some(service), Some(structure)) = (aiguillage.service(proposition.service), aiguillage.structure(proposition.structure))
        else {
            continue;
        };
        if is_new(motif, (service.id, &known), PROPOSITIONS) {
            let demande = attente.id.parse()?;
            return Ok(Some(Levee { demande, structure_id: structure.id, nom: structure.nom.to_string() }));
        }
    }
    Ok(None)
}

/// One letter for all, without anybody's name.
async fn tell(
    accueil: &Accueil,
    tx: &impl sea_orm::ConnectionTrait,
    (territoire, now): (&Territoire, Instant),
    raised: &[Levee],
) -> Result<()> {
    let Some(origine) = accueil.comptes.origine() else { return Ok(()) };
    let mut noms: Vec<&str> = raised.iter().map(|one| one.nom.as_str()).collect();
    noms.sort_unstable();
    noms.dedup();
    let count = ui::format::compte(raised.len(), "demande restée sans solution trouve", "demandes restées sans solution trouvent");
    let texte = format!(
        "Bonjour,\n\n{count} une réponse depuis que l’annuaire a changé : {}.\nDes personnes attendent peut-être votre appel :\n\n\
         {origine}/{}/equipe/sans-solution\n\n{}\n",
        noms.join(", "),
        territoire.slug,
        territoire.nom
    );
    let objet = format!("Un service s’est ouvert : {}", ui::format::compte(raised.len(), "demande à reprendre", "demandes à reprendre"));
    for courriel in list_coordination(accueil, territoire.id).await? {
        let lettre = Lettre { cause: "service ouvert", a: &courriel, objet: &objet, texte: &texte };
        accueil.comptes.post(tx, (territoire.id, now), lettre).await?;
    }
    Ok(())
}
