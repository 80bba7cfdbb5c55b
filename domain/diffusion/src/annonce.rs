//! Subscribers told of what changed: looked for when the annuaire moved, written down, signed, sent, tried again.

use std::time::Duration;

use annuaire::storage::export::{find_revision, list_structures_from};
use kit::{Db, Id, Instant, Result};
use sortant::Sortant;
use territoire::Territoire;

use crate::rules::changement::{Empreintes, compare, fingerprint, next_try, read_secret, sign, write_corps};
use crate::rules::data_inclusion;
use crate::rules::retenue::retain;
use crate::storage::abonnement::{
    Livraison, count_abonnements, delete_annonce, delete_livraisons_before, find_annoncee, insert_livraisons, list_connues,
    replace_connues, take_livraisons, update_annoncee, update_livraison,
};
use crate::{Diffusion, Producteur};

/// Looks every quarter of a minute, for ever.
pub async fn keep_announced(room: Diffusion) {
    loop {
        for territoire in room.comptes.territoires.list().iter() {
            let now = room.comptes.clock.now();
            if let Err(error) = announce(&room, &room.producteur(territoire), now).await {
                tracing::warn!(cause = format!("{error:#}"), territoire = territoire.slug, "changes not announced");
            }
            if let Err(error) = deliver(&room, territoire, now).await {
                tracing::warn!(cause = format!("{error:#}"), territoire = territoire.slug, "changes not delivered");
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

const LOOK_EVERY: Duration = Duration::from_secs(15);
/// Structures read at once.
const PAGE: u32 = 500;
/// Whoever took a delivery and died leaves it to others after that.
const PATIENCE: i64 = 120;
/// How long what was delivered can still be looked at.
const MEMOIRE: i64 = 30 * 86_400;

/// Writes down what to tell the subscribers of a territoire; the first time, only learns what there is.
pub async fn announce(room: &Diffusion, producteur: &Producteur, now: Instant) -> Result<usize> {
    let territoire = producteur.territoire.id;
    let (told, revision) = (find_annoncee(room.db.read(), territoire).await?, find_revision(room.db.read(), territoire).await?);
    let is_heard = count_abonnements(room.db.read(), territoire).await? > 0;
    if !is_heard || told == Some(revision) {
        return Ok(0);
    }
    let after = read_empreintes(room, producteur).await?;
    let tx = room.db.begin().await?;
    if !update_annoncee(&tx, territoire, (told, revision)).await? {
        return Ok(0);
    }
    let changements = match told {
        Some(_) => compare(&list_connues(&tx, territoire).await?, &after),
        None => vec![],
    };
    insert_livraisons(&tx, territoire, &write_corps(&producteur.source(), revision, &changements, now), now).await?;
    replace_connues(&tx, territoire, &after).await?;
    tx.commit().await?;
    Ok(changements.len())
}

/// Forgets what was told when the last subscriber leaves: the next one starts from what there will be.
pub async fn forget_if_alone(room: &Diffusion, territoire: &Territoire) -> Result<()> {
    let tx = room.db.begin().await?;
    if count_abonnements(&tx, territoire.id).await? == 0 {
        delete_annonce(&tx, territoire.id).await?;
    }
    Ok(tx.commit().await?)
}

async fn read_empreintes(room: &Diffusion, producteur: &Producteur) -> Result<Empreintes> {
    let (mut read, mut from) = (Empreintes::new(), None);
    loop {
        let page = list_structures_from(room.db.read(), producteur.territoire.id, from, PAGE).await?;
        let next = page.last().map(|last| last.structure.id);
        for datee in page.into_iter().map(retain) {
            let structure = serde_json::to_value(data_inclusion::structure(producteur, &datee)).map_err(anyhow::Error::from)?;
            let mut published = vec![structure];
            for date in &datee.services {
                published.push(serde_json::to_value(data_inclusion::service(producteur, &datee, date)).map_err(anyhow::Error::from)?);
            }
            read.insert(datee.structure.id.to_string(), fingerprint(&mut published));
        }
        if next == from {
            return Ok(read);
        }
        from = next;
    }
}

/// Sends what is due.
pub async fn deliver(room: &Diffusion, territoire: &Territoire, now: Instant) -> Result<usize> {
    let Some(sortant) = &room.sortant else { return Ok(0) };
    let taken = take_livraisons(&room.db, &room.coffre, territoire.id, (now, PATIENCE)).await?;
    for livraison in &taken {
        let outcome = send(sortant, livraison, now).await;
        let next = outcome.is_err().then(|| next_try(livraison.essais, now)).flatten();
        update_livraison(&room.db, livraison, outcome.as_ref().copied().map_err(String::as_str), (now, next)).await?;
    }
    Ok(taken.len())
}

/// Forgets what was told long enough ago: part of what a day erases.
pub async fn forget_livraisons(db: &Db, territoire: Id, now: Instant) -> Result<u64> {
    delete_livraisons_before(db, territoire, now.plus_seconds(-MEMOIRE)).await
}

/// One attempt; the sentence says why it failed.
async fn send(sortant: &Sortant, livraison: &Livraison, now: Instant) -> std::result::Result<(), String> {
    let secret = read_secret(&livraison.secret).unwrap_or_default();
    let id = livraison.id.to_string();
    let request = http::Request::post(&livraison.adresse)
        .header("content-type", "application/json")
        .header("webhook-id", &id)
        .header("webhook-timestamp", now.0)
        .header("webhook-signature", sign(&secret, (&id, now.0), &livraison.corps))
        .body(livraison.corps.clone().into_bytes())
        .map_err(|_| "l’adresse ne se lit pas".to_string())?;
    match sortant.call(request).await {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(format!("le serveur a répondu {}", answer.status().as_u16())),
        Err(refus) => Err(refus.to_string()),
    }
}
