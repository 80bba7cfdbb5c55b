//! What a person types in a page: paragraphs, and lists whose lines begin with a dash.

/// Each block: whether it is a list, and its lines. Empty lines part blocks.
pub fn read_blocs(texte: &str) -> Vec<(bool, Vec<String>)> {
    let mut blocs: Vec<(bool, Vec<String>)> = vec![];
    let mut is_open = false;
    for line in texte.lines().map(str::trim) {
        if line.is_empty() {
            is_open = false;
            continue;
        }
        let item = line.strip_prefix(['-', '•', '–']).map(str::trim).filter(|item| !item.is_empty());
        let (is_liste, words) = (item.is_some(), item.unwrap_or(line).to_string());
        match blocs.last_mut() {
            Some((known, lines)) if is_open && *known == is_liste => lines.push(words),
            _ => blocs.push((is_liste, vec![words])),
        }
        is_open = true;
    }
    blocs
}

#[cfg(test)]
mod tests {
    use super::read_blocs;

    #[test]
    fn paragraphs_and_lists_are_told_apart() {
        let read = read_blocs("Bonjour\nà tous\n\n- le SAMU : 15\n– les pompiers : 18\nMerci\n\n\n-\n");
        let told: Vec<(bool, String)> = read.into_iter().map(|(is_liste, lines)| (is_liste, lines.join("|"))).collect();
        let wanted = [(false, "Bonjour|à tous"), (true, "le SAMU : 15|les pompiers : 18"), (false, "Merci"), (false, "-")];
        assert_eq!(told, wanted.map(|(is_liste, lines)| (is_liste, lines.to_string())));
        assert!(read_blocs(" \n\n").is_empty());
    }
}
