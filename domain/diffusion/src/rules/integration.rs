//! Which sites may hold our search in one of their pages.

use url::Url;

const MAXIMUM: usize = 50;

/// One site a line, each as its origin; nothing after the name.
pub fn read_hotes(written: &str) -> Result<Vec<String>, String> {
    let mut hotes = vec![];
    for line in written.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let refused = || format!("« {line} » n’est pas un site : écrivez par exemple https://www.mairie.fr");
        let url = Url::parse(line).map_err(|_| refused())?;
        let is_site = url.scheme() == "https" && url.host_str().is_some() && url.path() == "/" && url.query().is_none();
        let origin = url.origin().ascii_serialization();
        // A policy is made of words: nothing else than an origin enters it.
        let is_plain = origin.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":/.-[]".contains(&byte));
        if !is_site || !is_plain || !url.username().is_empty() || url.fragment().is_some() {
            return Err(refused());
        }
        if !hotes.contains(&origin) {
            hotes.push(origin);
        }
    }
    if hotes.len() > MAXIMUM {
        return Err(format!("{MAXIMUM} sites au plus"));
    }
    Ok(hotes)
}

/// What `frame-ancestors` says: ourselves, and those that are named.
pub fn write_ancestors(hotes: &[String]) -> String {
    std::iter::once("'self'").chain(hotes.iter().map(String::as_str)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_origins_enter_a_policy() {
        let read = read_hotes(" https://www.mairie.fr/\n\nhttps://mairie.fr:8443\nhttps://www.mairie.fr\n").unwrap();
        assert_eq!(read, ["https://www.mairie.fr", "https://mairie.fr:8443"]);
        assert_eq!(write_ancestors(&read), "'self' https://www.mairie.fr https://mairie.fr:8443");
        assert_eq!((read_hotes("").unwrap().len(), write_ancestors(&[])), (0, "'self'".to_string()));
        for wrong in [
            "http://mairie.fr",
            "mairie.fr",
            "*",
            "https://*",
            "https://a.fr; script-src *",
            "https://a.fr/page",
            "https://u:p@a.fr",
            "data:,",
        ] {
            assert!(read_hotes(wrong).is_err(), "{wrong}");
        }
    }
}
