//! Many short texts in one allocation.

#[derive(Debug, Default)]
pub(super) struct Textes {
    contenu: String,
    /// Where each text ends.
    fins: Vec<u32>,
}

impl Textes {
    pub fn push(&mut self, texte: &str) {
        self.contenu.push_str(texte);
        self.fins.push(u32::try_from(self.contenu.len()).unwrap_or(u32::MAX));
    }

    pub fn len(&self) -> usize {
        self.fins.len()
    }

    /// Empty when there is no such text.
    pub fn get(&self, place: usize) -> &str {
        let end = self.fins.get(place).map_or(0, |fin| *fin as usize);
        let start = place.checked_sub(1).and_then(|place| self.fins.get(place));
        let start = start.map_or(0, |fin| *fin as usize);
        self.contenu.get(start..end).unwrap_or_default()
    }

    pub fn last(&self) -> Option<&str> {
        self.len().checked_sub(1).map(|place| self.get(place))
    }

    /// As on slices; the texts must be sorted accordingly.
    pub fn partition_point(&self, is_before: impl Fn(&str) -> bool) -> usize {
        let (mut start, mut end) = (0, self.len());
        while start < end {
            let middle = start + (end - start) / 2;
            if is_before(self.get(middle)) {
                start = middle + 1;
            } else {
                end = middle;
            }
        }
        start
    }
}
