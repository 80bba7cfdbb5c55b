//! Chance that always falls the same way.

/// A generator of numbers, entirely decided by its seed (splitmix64).
pub struct Alea(u64);

impl Alea {
    pub fn new(graine: u64) -> Self {
        Self(graine)
    }

    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `bound` excluded; 0 when there is no choice.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.draw() % bound.max(1)
    }

    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }

    /// True `percent` times out of a hundred.
    pub fn happens(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// Things drawn more or less often.
pub struct Poids<T> {
    /// Each with the sum of the weights up to its own.
    cumul: Vec<(u64, T)>,
    total: u64,
}

impl<T> Poids<T> {
    pub fn new(list: impl IntoIterator<Item = (u64, T)>) -> Self {
        let mut total = 0;
        let cumul = list.into_iter().map(|(poids, thing)| {
            total += poids;
            (total, thing)
        });
        Self { cumul: cumul.collect(), total }
    }

    pub fn draw(&self, alea: &mut Alea) -> &T {
        let drawn = alea.below(self.total);
        let place = self.cumul.partition_point(|(sum, _)| *sum <= drawn);
        &self.cumul[place].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heavier_thing_comes_more_often() {
        let (poids, mut alea) = (Poids::new([(90, "often"), (0, "never"), (10, "rarely")]), Alea::new(7));
        let drawn: Vec<&str> = (0..10_000).map(|_| *poids.draw(&mut alea)).collect();
        let count = |wanted: &str| drawn.iter().filter(|found| **found == wanted).count();
        assert!((8_800..9_200).contains(&count("often")), "{}", count("often"));
        assert_eq!(count("never"), 0);
    }
}
