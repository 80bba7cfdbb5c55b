//! What is hidden of a table that people outside the team read: the counts from 1 to 4, and every total from which one
//! could work them out.
//!
//! A total and the cells that are shown tell the sum of those that are hidden. It tells nothing of each only if, whatever the
//! others, each could still be 1, 2, 3 or 4. Each hidden cell is in one published sum at most: that of its line, else that of
//! the whole table; so the two can be looked at one by one.

/// Counts under this are hidden; nought is not, for it is about nobody.
pub const SEUIL: i64 = 5;

/// A line of a table, as it may be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LigneMasquee {
    pub code: String,
    /// None: hidden.
    pub cellules: Vec<Option<i64>>,
    pub total: Option<i64>,
}

/// A table, as it may be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tableau {
    pub lignes: Vec<LigneMasquee>,
    pub total: Option<i64>,
}

/// Hides what must be. A count taken back in a later period may be negative there: it counts for nought.
pub fn mask(lignes: Vec<(String, Vec<i64>)>) -> Tableau {
    let mut whole = Somme::default();
    let mut total = 0;
    let masked = lignes.into_iter().map(|(code, counts)| {
        let counts: Vec<i64> = counts.into_iter().map(|count| count.max(0)).collect();
        let own = Somme::of(&counts);
        total += counts.iter().sum::<i64>();
        if !own.is_safe() {
            whole = whole.with(own);
        }
        LigneMasquee {
            code,
            total: own.is_safe().then(|| counts.iter().sum()),
            cellules: counts.into_iter().map(|count| (!is_hidden(count)).then_some(count)).collect(),
        }
    });
    let lignes = masked.collect();
    Tableau { lignes, total: whole.is_safe().then_some(total) }
}

fn is_hidden(count: i64) -> bool {
    (1..SEUIL).contains(&count)
}

/// How many cells are hidden, and their sum: what somebody who subtracts would learn.
#[derive(Clone, Copy, Debug, Default)]
struct Somme {
    cellules: i64,
    somme: i64,
}

impl Somme {
    fn of(counts: &[i64]) -> Self {
        let hidden = counts.iter().filter(|count| is_hidden(**count));
        Self { cellules: hidden.clone().count() as i64, somme: hidden.sum() }
    }

    fn with(self, other: Self) -> Self {
        Self { cellules: self.cellules + other.cellules, somme: self.somme + other.somme }
    }

    /// Whether each cell could still be anything it could be before: 1 with the others at their most, 4 with the others at their least.
    fn is_safe(self) -> bool {
        let (most, others) = (SEUIL - 1, self.cellules - 1);
        self.cellules == 0 || (self.somme >= most + others && self.somme <= 1 + most * others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(counts: &[i64]) -> LigneMasquee {
        mask(vec![("menage".into(), counts.to_vec())]).lignes.remove(0)
    }

    #[test]
    fn four_is_hidden_five_and_nought_are_not() {
        assert_eq!(line(&[0, 1, 4, 5]).cellules, [Some(0), None, None, Some(5)]);
        assert_eq!(
            line(&[0, 5, 12, -1]),
            LigneMasquee { code: "menage".into(), cellules: vec![Some(0), Some(5), Some(12), Some(0)], total: Some(17) }
        );
    }

    #[test]
    fn a_total_never_gives_the_one_hidden_cell_nor_two_that_are_at_an_end() {
        assert_eq!(line(&[120, 3, 0, 0]).total, None, "one hidden cell");
        assert_eq!(line(&[120, 1, 1, 0]).total, None, "two that can only be 1 and 1");
        assert_eq!(line(&[120, 4, 4, 0]).total, None, "two that can only be 4 and 4");
        assert_eq!(line(&[120, 1, 2, 0]).total, None, "two that cannot be 4");
        assert_eq!(line(&[120, 2, 3, 0]).total, Some(125), "1 and 4, 2 and 3, 3 and 2, 4 and 1");
        assert_eq!(mask(vec![("a".into(), vec![9, 0]), ("b".into(), vec![9, 3])]).total, None, "the total of all does not give it either");
        assert_eq!(mask(vec![("a".into(), vec![9, 2]), ("b".into(), vec![9, 3])]).total, Some(23));
    }
}
