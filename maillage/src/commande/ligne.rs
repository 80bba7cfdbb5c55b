//! `maillage ligne etat`: whether somebody answers, now or at a given moment.

use ::ligne::api::{LigneBody, describe};
use anyhow::Context;
use chrono::NaiveDateTime;
use kit::{Db, Instant};

use super::arguments::EtatLigne;
use super::importation::find_territoire;

pub async fn show(db: Db, asked: &EtatLigne) -> anyhow::Result<()> {
    let now = match &asked.a {
        Some(text) => read_moment(text)?,
        None => super::clock().now(),
    };
    schema::migrate(&db, now).await?;
    let described: Vec<LigneBody> = match &asked.territoire {
        Some(slug) => vec![describe(&*find_territoire(&db, Some(slug)).await?, now)],
        None => territoire::storage::list_territoires(&db).await?.iter().map(|one| describe(one, now)).collect(),
    };
    if asked.json {
        println!("{}", serde_json::to_string_pretty(&described)?);
        return Ok(());
    }
    for one in described {
        println!("{} ({}) : {}", one.nom, one.telephone.as_deref().unwrap_or("sans numéro"), one.phrase);
        if let Some(semaine) = one.horaires.semaine {
            println!("  {semaine}");
        }
        for exception in one.exceptions {
            let heures = exception.heures.unwrap_or_else(|| "fermée".into());
            println!(
                "  du {} au {} : {heures}{}",
                exception.du,
                exception.au,
                if exception.message.is_empty() { String::new() } else { format!(" – {}", exception.message) }
            );
        }
    }
    Ok(())
}

/// On the wall clock of Paris.
fn read_moment(text: &str) -> anyhow::Result<Instant> {
    let refused = || format!("« {text} » n’est pas un moment : écrivez 2027-03-28T10:00");
    let wall = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").with_context(refused)?;
    Instant::from_paris(wall).with_context(|| format!("« {text} » n’existe pas : cette nuit-là, l’heure change"))
}
