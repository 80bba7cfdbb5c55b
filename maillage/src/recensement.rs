//! The reminders of the campaigns: written once a day, in the morning, by one process only.

use std::time::Duration;

use chrono::Timelike;
use kit::{Instant, Result, tache};

use crate::App;

/// The name of the daily task.
const TACHE: &str = "rappels des campagnes";
/// People read their letters from then on.
const HEURE: u32 = 9;
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Does it once a day, for ever.
pub async fn keep_reminding(app: App) {
    loop {
        if let Err(error) = remind_today(&app, app.clock.now()).await {
            tracing::error!(%error, "the reminders of the day failed");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Writes the reminders of today, unless it is too early, or somebody has done it; gives how many.
pub async fn remind_today(app: &App, now: Instant) -> Result<Option<usize>> {
    if now.paris().hour() < HEURE {
        return Ok(None);
    }
    tache::once(&app.db, (TACHE, now), remind(app, now), |count| format!("{count} rappels écrits")).await
}

async fn remind(app: &App, now: Instant) -> Result<usize> {
    let mut written = 0;
    for territoire in app.territoires.list().iter() {
        written += annuaire::recensement::remind_all(app.annuaire(), territoire, now).await?;
    }
    Ok(written)
}
