//! How often codes may be tried: see the odds in `rules`. In memory, like every brake: a restart forgives.

use std::sync::Arc;

use kit::{Appelant, Frein, Id, Instant};

const PAR_ADRESSE: u32 = 5;
const PAR_HEURE: u32 = 60;
const PAR_JOUR: u32 = 300;

/// The brakes of this process; cloning shares them.
#[derive(Clone, Debug)]
pub struct Freins {
    adresse: Arc<Frein>,
    heure: Arc<Frein>,
    jour: Arc<Frein>,
}

impl Default for Freins {
    fn default() -> Self {
        let of = |limite, seconds| Arc::new(Frein::new(limite, seconds));
        Self { adresse: of(PAR_ADRESSE, 3_600), heure: of(PAR_HEURE, 3_600), jour: of(PAR_JOUR, 86_400) }
    }
}

impl Freins {
    /// Counts a try before it is looked at, right or wrong; or says when to come back.
    pub fn admit(&self, territoire: Id, Appelant(address): &Appelant, now: Instant) -> Result<(), Instant> {
        let (territoire, address) = (territoire.to_string(), address.as_deref());
        let waits =
            [address.and_then(|one| self.adresse.until(one, now)), self.heure.until(&territoire, now), self.jour.until(&territoire, now)];
        if let Some(again) = waits.into_iter().flatten().max() {
            return Err(again);
        }
        if let Some(address) = address {
            self.adresse.count(address, now);
        }
        self.heure.count(&territoire, now);
        self.jour.count(&territoire, now);
        Ok(())
    }

    /// The code was right: the address has shown who it is.
    pub fn forgive(&self, Appelant(address): &Appelant) {
        if let Some(address) = address {
            self.adresse.forgive(address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tries_five_times_an_hour_and_many_addresses_together_no_more_than_a_territoire_allows() {
        let (freins, here) = (Freins::default(), Id::from_name("ici"));
        let from = |name: &str, seconds: i64| freins.admit(here, &Appelant(Some(name.into())), Instant(seconds));
        assert!((0..5).all(|second| from("a", second).is_ok()));
        assert_eq!(from("a", 5), Err(Instant(3_600)));
        assert!(from("b", 5).is_ok());
        let passed = (0..200).filter(|n| from(&format!("c{n}"), 6).is_ok()).count();
        assert_eq!(passed, 54, "sixty an hour in all");
        let day =
            (1..30).map(|hour| (0..100).filter(|n| from(&format!("d{hour}{n}"), hour * 3_601).is_ok()).count()).take(23).sum::<usize>();
        assert_eq!(day, 240, "three hundred a day in all");
        freins.forgive(&Appelant(Some("a".into())));
        assert!(
            freins.admit(Id::from_name("ailleurs"), &Appelant(Some("a".into())), Instant(6)).is_ok(),
            "another territoire is not held up"
        );
    }
}
