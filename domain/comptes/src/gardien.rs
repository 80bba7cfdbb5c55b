//! Who watches the forms that anybody can send: makes what a page carries, and remembers what has served.

use std::sync::Arc;

use kit::coffre::Place;
use kit::{Appelant, Coffre, Frein, Id, Instant, Result};

use crate::Comptes;
use crate::rules::preuve::{Accord, Retour, VIE, is_solved, judge};

/// What is remembered, in this process; cloning shares it.
#[derive(Clone, Debug)]
pub struct Gardien {
    used: Arc<Frein>,
    sans_preuve: Arc<Frein>,
}

/// Forms that one address sends in an hour without its browser having done the sum: somebody without a script sends one or two.
const SANS_PREUVE_PAR_HEURE: u32 = 6;

impl Default for Gardien {
    fn default() -> Self {
        Self { used: Arc::new(Frein::new(1, VIE)), sans_preuve: Arc::new(Frein::new(SANS_PREUVE_PAR_HEURE, 3_600)) }
    }
}

/// What a form brings back, beside what was typed.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct PreuveInput {
    defi: String,
    preuve: String,
    /// Seen by nobody: only a program fills it.
    site_web: String,
}

impl PreuveInput {
    pub fn new(defi: &str, preuve: &str, site_web: &str) -> Self {
        Self { defi: defi.into(), preuve: preuve.into(), site_web: site_web.into() }
    }
}

/// Why a form is not taken yet; the `Display` says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvoiRefuse {
    #[error("Ce que vous avez écrit n’est pas encore envoyé. Rien n’est perdu : relisez ce que vous avez écrit, puis envoyez à nouveau.")]
    ARenvoyer,
    #[error(
        "Plusieurs envois sont déjà partis de cette connexion. Rien n’est perdu : gardez cette page et recommencez à {}, ou appelez la ligne.",
        ui::format::heure(.0.paris())
    )]
    TropSouvent(Instant),
}

impl Comptes {
    /// What a page with a form carries: the moment it was made, sealed for this territoire.
    pub fn make_defi(&self, territoire: Id, now: Instant) -> Result<String> {
        make_defi(&self.coffre, territoire, now)
    }

    /// When the page of a form was made, if it was by us.
    pub fn read_defi(&self, territoire: Id, preuve: &PreuveInput) -> Option<Instant> {
        read_defi(&self.coffre, territoire, &preuve.defi)
    }
}

fn make_defi(coffre: &Coffre, territoire: Id, now: Instant) -> Result<String> {
    coffre.seal(place(territoire), &now.0.to_string())
}

fn read_defi(coffre: &Coffre, territoire: Id, defi: &str) -> Option<Instant> {
    coffre.open(place(territoire), defi).ok()?.parse().ok().map(Instant)
}

fn place(territoire: Id) -> Place {
    Place { table: "formulaire", colonne: "demande", territoire, id: territoire }
}

impl Gardien {
    /// Takes a form, or says why not yet. What was accepted is counted.
    pub fn admit(&self, input: &PreuveInput, (made_at, appelant): (Option<Instant>, &Appelant), now: Instant) -> Result<(), EnvoiRefuse> {
        let retour = Retour {
            made_at,
            is_solved: is_solved(&input.defi, &input.preuve),
            is_used: self.used.until(&input.defi, now).is_some(),
            is_trapped: !input.site_web.is_empty(),
        };
        match judge(retour, now) {
            Accord::ARenvoyer => Err(EnvoiRefuse::ARenvoyer),
            Accord::Prouve => {
                self.used.count(&input.defi, now);
                Ok(())
            }
            Accord::SansPreuve => self.count_without(appelant, now),
        }
    }

    /// This machine itself has no address: it is not counted.
    fn count_without(&self, Appelant(address): &Appelant, now: Instant) -> Result<(), EnvoiRefuse> {
        let Some(address) = address else { return Ok(()) };
        if let Some(again) = self.sans_preuve.until(address, now) {
            return Err(EnvoiRefuse::TropSouvent(again));
        }
        self.sans_preuve.count(address, now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NINE: Instant = Instant(1_794_902_400);

    #[test]
    fn what_a_page_carries_is_of_one_territoire_and_cannot_be_made_up() {
        let coffre = Coffre::ephemeral().unwrap();
        let (here, there) = (Id::from_name("ici"), Id::from_name("ailleurs"));
        let defi = make_defi(&coffre, here, NINE).unwrap();
        assert_eq!(read_defi(&coffre, here, &defi), Some(NINE));
        assert_eq!(read_defi(&coffre, there, &defi), None);
        assert_eq!(read_defi(&Coffre::ephemeral().unwrap(), here, &defi), None);
        assert_eq!(read_defi(&coffre, here, &NINE.0.to_string()), None);
        assert_ne!(make_defi(&coffre, here, NINE).unwrap(), defi, "two pages of the same second are two");
    }

    #[test]
    fn an_address_without_a_script_sends_six_in_an_hour_and_its_neighbour_too() {
        let (gardien, elle, autre) = (Gardien::default(), Appelant(Some("a".into())), Appelant(Some("b".into())));
        let send = |who: &Appelant, at: Instant| gardien.admit(&PreuveInput::default(), (Some(NINE), who), at);
        assert!((3..9).all(|second| send(&elle, NINE.plus_seconds(second)).is_ok()));
        assert_eq!(send(&elle, NINE.plus_seconds(9)), Err(EnvoiRefuse::TropSouvent(NINE.plus_seconds(3_603))));
        assert_eq!(send(&autre, NINE.plus_seconds(9)), Ok(()));
        assert!((9..30).all(|second| send(&Appelant(None), NINE.plus_seconds(second)).is_ok()), "this machine itself");
        assert_eq!(send(&elle, NINE.plus_seconds(3_603)), Ok(()));
    }

    #[test]
    fn a_sum_serves_once() {
        let gardien = Gardien::default();
        let preuve = (0..u32::MAX).map(|n| n.to_string()).find(|n| is_solved("d", n)).unwrap();
        let input = PreuveInput { defi: "d".into(), preuve, ..PreuveInput::default() };
        let send = |second: i64| gardien.admit(&input, (Some(NINE), &Appelant(Some("a".into()))), NINE.plus_seconds(second));
        assert_eq!(send(0), Ok(()));
        assert_eq!(send(1), Err(EnvoiRefuse::ARenvoyer));
        assert!((3..9).all(|second| send(second).is_ok()) && send(9).is_err(), "then it is worth none");
    }
}
