//! What is long to find, kept as long as nothing that it rests on has moved.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

/// By key, what was found and the state of what it rests on; cloning shares it.
#[derive(Debug)]
pub struct Tenues<C, E, V>(Arc<RwLock<Kept<C, E, V>>>);

type Kept<C, E, V> = HashMap<C, (E, Arc<V>)>;

/// Beyond, all is let go: so many keys are somebody who tries them all.
const CLES: usize = 256;

impl<C, E, V> Clone for Tenues<C, E, V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<C, E, V> Default for Tenues<C, E, V> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<C: Eq + Hash, E: PartialEq, V> Tenues<C, E, V> {
    /// None: it was never found, or something has moved since.
    pub fn find(&self, cle: &C, etat: &E) -> Option<Arc<V>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(cle).filter(|(of, _)| of == etat).map(|(_, found)| found.clone())
    }

    pub fn keep(&self, cle: C, etat: E, found: V) -> Arc<V> {
        let kept = Arc::new(found);
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= CLES {
            all.clear();
        }
        all.insert(cle, (etat, kept.clone()));
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_serves_until_something_moves() {
        let tenues: Tenues<&str, (i64, i64), String> = Tenues::default();
        assert!(tenues.find(&"ici", &(3, 12)).is_none());
        tenues.keep("ici", (3, 12), "rien".into());
        assert!(tenues.find(&"ici", &(3, 12)).is_some() && tenues.find(&"ailleurs", &(3, 12)).is_none());
        assert!(tenues.find(&"ici", &(4, 12)).is_none() && tenues.find(&"ici", &(3, 13)).is_none());
    }

    #[test]
    fn somebody_who_tries_every_key_fills_nothing() {
        let tenues: Tenues<usize, (), usize> = Tenues::default();
        for cle in 0..3 * CLES {
            tenues.keep(cle, (), cle);
        }
        assert!(tenues.0.read().unwrap().len() <= CLES && tenues.find(&(3 * CLES - 1), &()).is_some());
    }
}
