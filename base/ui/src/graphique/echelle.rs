//! From values to the drawing: a scale from nought to a round number.

/// From nought to a round number at least as large as any value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Echelle {
    pub pas: i64,
    pub maximum: i64,
    longueur: i64,
}

impl Echelle {
    /// At most five steps, of 1, 2 or 5 times a power of ten.
    pub fn new(valeurs: impl Iterator<Item = i64>, longueur: i64) -> Self {
        let most = valeurs.max().unwrap_or_default().max(1);
        let rounds = (0..18).flat_map(|power| [1, 2, 5].map(|digit: i64| digit * 10_i64.pow(power)));
        let pas = rounds.into_iter().find(|pas| most <= pas.saturating_mul(5)).unwrap_or(most);
        Self { pas, maximum: (most.saturating_add(pas - 1) / pas).saturating_mul(pas), longueur }
    }

    pub fn place(self, valeur: i64) -> i64 {
        let place = i128::from(valeur.clamp(0, self.maximum)) * i128::from(self.longueur) / i128::from(self.maximum);
        i64::try_from(place).unwrap_or(self.longueur)
    }

    pub fn graduations(self) -> impl Iterator<Item = i64> {
        (0_i64..).map_while(move |rang| rang.checked_mul(self.pas)).take_while(move |valeur| *valeur <= self.maximum)
    }
}
