//! The logo of a territoire: what it is, its bytes say, not its name.

/// Heavier than that, it would weigh more than the page it is on.
pub const LOGO_BYTES: usize = 200 * 1_024;

/// A picture that may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// `image/png` or `image/webp`.
    pub nature: &'static str,
    pub contenu: Vec<u8>,
}

/// Why a picture is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogoRefuse {
    #[error("ce logo pèse plus de 200\u{a0}ko : réduisez-le")]
    TropLourd,
    #[error("ce fichier n’est ni un PNG ni un WebP ; un dessin SVG peut contenir un programme, il n’est pas accepté")]
    Nature,
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

impl Logo {
    pub fn parse(contenu: Vec<u8>) -> Result<Self, LogoRefuse> {
        if contenu.len() > LOGO_BYTES {
            return Err(LogoRefuse::TropLourd);
        }
        let is_webp = contenu.starts_with(b"RIFF") && contenu.get(8..12) == Some(b"WEBP");
        let nature = match (contenu.starts_with(PNG), is_webp) {
            (true, _) => "image/png",
            (_, true) => "image/webp",
            _ => return Err(LogoRefuse::Nature),
        };
        Ok(Self { nature, contenu })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logo_is_what_its_bytes_say() {
        let png = [PNG, b"..."].concat();
        assert_eq!(Logo::parse(png).unwrap().nature, "image/png");
        assert_eq!(Logo::parse(b"RIFF\0\0\0\0WEBPVP8 ".to_vec()).unwrap().nature, "image/webp");
        for other in [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"GIF89a", b"RIFF\0\0\0\0WAVE", b"\x89PN", b""] {
            assert_eq!(Logo::parse(other.to_vec()), Err(LogoRefuse::Nature));
        }
        let mut heavy = PNG.to_vec();
        heavy.resize(LOGO_BYTES, 0);
        assert!(Logo::parse(heavy.clone()).is_ok());
        heavy.push(0);
        assert_eq!(Logo::parse(heavy), Err(LogoRefuse::TropLourd));
    }
}
