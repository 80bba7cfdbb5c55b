//! Reading the whole chain again: nothing changed, nothing missing, and what was emptied is what a line says was emptied.

use std::collections::BTreeMap;

use super::purge::Vidage;
use super::{Ligne, Tete};
use crate::{Db, Id, Result, sql, values};

/// What reading the whole chain says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// So many lines, none changed, none missing.
    Intact(i64),
    /// The first line that does not follow from those before.
    Rompu(i64),
}

const PAGE: i64 = 1_000;

/// Reads the whole chain again.
pub async fn verify(db: &Db, territoire: Id) -> Result<Verdict> {
    let mut lecture = Lecture::default();
    loop {
        let page: Vec<Ligne> = sql::list(
            db.read(),
            "SELECT numero, at, auteur_id, acte, objet, objet_id, detail, sel, purge, empreinte FROM kit_journal
             WHERE territoire_id = $1 AND numero > $2 ORDER BY numero LIMIT $3",
            values![territoire, lecture.last, PAGE],
        )
        .await?;
        for ligne in &page {
            if !lecture.follows(ligne) {
                return Ok(Verdict::Rompu(lecture.last + 1));
            }
        }
        if page.len() < usize::try_from(PAGE).unwrap_or_default() {
            break;
        }
    }
    let head: Option<Tete> =
        sql::find(db.read(), "SELECT numero, empreinte FROM kit_journal_tete WHERE territoire_id = $1", values![territoire]).await?;
    Ok(lecture.conclude(head))
}

/// Where the reading is.
#[derive(Default)]
struct Lecture {
    before: String,
    last: i64,
    /// Emptied lines, by the number of the line that will have to say so.
    vidages: BTreeMap<i64, Vidage>,
}

impl Lecture {
    /// Whether a line is the one that comes next. An emptied line is vouched for by its own fingerprint, which the next one
    /// carries, and by the line that emptied it, which carries the fingerprint of all those it emptied.
    fn follows(&mut self, ligne: &Ligne) -> bool {
        let is_itself = match ligne.purge {
            Some(by) => {
                self.vidages.entry(by).or_default().add(ligne);
                by > ligne.numero
            }
            None => ligne.empreinte == ligne.seal(&self.before),
        };
        let is_said = self.vidages.remove(&ligne.numero).is_none_or(|vidage| vidage.is_said_by(ligne));
        if ligne.numero != self.last + 1 || !is_itself || !is_said {
            return false;
        }
        self.last = ligne.numero;
        self.before.clone_from(&ligne.empreinte);
        true
    }

    fn conclude(self, head: Option<Tete>) -> Verdict {
        if let Some(unsaid) = self.vidages.values().filter_map(Vidage::first).min() {
            return Verdict::Rompu(unsaid);
        }
        let is_whole = head.map_or(self.last == 0, |head| head.numero == self.last && head.empreinte == self.before);
        if is_whole { Verdict::Intact(self.last) } else { Verdict::Rompu(self.last + 1) }
    }
}
