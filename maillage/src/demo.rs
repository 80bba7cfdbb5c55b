//! Two territoires of the seeds, ready to be looked at.

use kit::Result;

use crate::App;

/// Fills an empty database with the demo; gives what to print.
pub async fn prepare(_app: &App) -> Result<Vec<String>> {
    Ok(vec![])
}
