//! How a demande of several needs ends as a whole: as the one of its needs that still asks for most.

use crate::model::{Issue, IssueDeBesoin, Motif};

/// None when no need says anything.
pub fn whole(issues: &[IssueDeBesoin]) -> Option<(Issue, Option<Motif>)> {
    [Issue::ARappeler, Issue::SansSolution, Issue::Orientee, Issue::Information]
        .into_iter()
        .find_map(|wanted| issues.iter().find(|one| one.issue == wanted))
        .map(|one| (one.issue, one.motif))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_still_asks_for_most_speaks_for_the_whole() {
        let one = |issue, motif| IssueDeBesoin { besoin: "menage".into(), issue, motif };
        let given = one(Issue::Orientee, None);
        let unmet = one(Issue::SansSolution, Some(Motif::TropCher));
        let waiting = one(Issue::ARappeler, None);
        assert_eq!(whole(&[]), None);
        assert_eq!(whole(&[given.clone(), unmet.clone()]), Some((Issue::SansSolution, Some(Motif::TropCher))));
        assert_eq!(whole(&[given, unmet, waiting]), Some((Issue::ARappeler, None)));
    }
}
