//! One measure: answers, their delays, and what the server spent on them.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use crate::charge::{self, Requetes};
use crate::processus;
use crate::programme::Serveur;

/// Answers of one server under one load, possibly in several rounds.
#[derive(Default)]
pub struct Mesure {
    duree: Duration,
    cpu: Duration,
    /// In nanoseconds, sorted by `finish`.
    latences: Vec<u64>,
}

impl Mesure {
    /// Adds a round of `duree`.
    pub async fn add_round(&mut self, serveur: &Serveur, requetes: &Arc<Requetes>, connexions: usize, duree: Duration) -> Result<()> {
        let before = processus::read_cpu(serveur.pid())?;
        let charge = charge::load(serveur.adresse, requetes, connexions, duree).await?;
        self.cpu += processus::read_cpu(serveur.pid())?.saturating_sub(before);
        self.duree += charge.duree;
        self.latences.extend(charge.latences);
        Ok(())
    }

    /// Delays alone, nothing being known of the server.
    pub fn of(latences: Vec<u64>) -> Self {
        Self { latences, ..Self::default() }.finish()
    }

    pub fn finish(mut self) -> Self {
        self.latences.sort_unstable();
        self
    }

    pub fn answers(&self) -> usize {
        self.latences.len()
    }

    pub fn per_second(&self) -> f64 {
        self.answers() as f64 / self.duree.as_secs_f64()
    }

    /// CPU of the server for one answer, in microseconds.
    pub fn cpu_us(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / self.answers().max(1) as f64
    }

    /// The delay within which `percent` of the answers came, in milliseconds.
    pub fn percentile_ms(&self, percent: f64) -> f64 {
        let last = self.latences.len().saturating_sub(1);
        let place = (percent / 100.0 * self.latences.len() as f64).ceil() as usize;
        let nanoseconds = self.latences.get(place.saturating_sub(1).min(last)).copied().unwrap_or_default();
        nanoseconds as f64 / 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mesure(latences_ms: impl Iterator<Item = u64>) -> Mesure {
        Mesure { duree: Duration::from_secs(2), cpu: Duration::from_millis(10), latences: latences_ms.map(|ms| ms * 1_000_000).collect() }
            .finish()
    }

    #[test]
    fn percentiles_are_delays_that_really_happened() {
        let hundred = mesure((1..=100).rev());
        assert_eq!([50.0, 99.0, 100.0].map(|percent| hundred.percentile_ms(percent)), [50.0, 99.0, 100.0]);
        assert_eq!(mesure(std::iter::once(7)).percentile_ms(1.0), 7.0);
        assert_eq!(mesure(std::iter::empty()).percentile_ms(50.0), 0.0);
    }

    #[test]
    fn cpu_and_rate_are_counted_per_answer() {
        let hundred = mesure(1..=100);
        assert_eq!((hundred.cpu_us(), hundred.per_second()), (100.0, 50.0));
    }
}
