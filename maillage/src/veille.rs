//! What the observatoire watches: looked at once a day and told once a week, by one process only.

use std::time::Duration;

use chrono::Timelike;
use kit::{Instant, Result, tache};
use observatoire::alertes::passage::{look, monday, tell};

use crate::App;

/// The names of the daily task and of the weekly one.
const VEILLE: &str = "veille de l’observatoire";
const LETTRE: &str = "lettre des alertes";
/// The letter is there when people open theirs.
const HEURE: u32 = 8;
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Does it for ever.
pub async fn keep_watching(app: App) {
    loop {
        if let Err(error) = watch_today(&app, app.clock.now()).await {
            tracing::error!(%error, "what changed was not looked at");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Looks at every territoire and writes the letters of the week, unless it is too early, or somebody has done it; gives how many
/// changes are new and how many letters were written.
pub async fn watch_today(app: &App, now: Instant) -> Result<Option<(usize, usize)>> {
    if now.paris().hour() < HEURE {
        return Ok(None);
    }
    let work = async {
        let found = look_everywhere(app, now).await?;
        Ok((found, tell_this_week(app, now).await?))
    };
    tache::once(&app.db, (VEILLE, now), work, |(found, letters)| format!("{found} alertes nouvelles, {letters} lettres")).await
}

async fn look_everywhere(app: &App, now: Instant) -> Result<usize> {
    let mut found = 0;
    for territoire in app.territoires.list().iter() {
        found += look(&app.observatoire(), territoire, now).await?;
    }
    Ok(found)
}

/// Once between two Mondays, after the look: what was found that very morning is in it.
async fn tell_this_week(app: &App, now: Instant) -> Result<usize> {
    let week = monday(now.day());
    if !tache::take(&app.db, LETTRE, week, now).await? {
        return Ok(0);
    }
    let mut written = 0;
    for territoire in app.territoires.list().iter() {
        written += tell(&app.observatoire(), territoire, now).await?;
    }
    tache::finish(&app.db, LETTRE, week, now, Ok(&format!("{written} lettres écrites"))).await?;
    Ok(written)
}
