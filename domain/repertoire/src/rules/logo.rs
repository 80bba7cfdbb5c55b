//! Logos on paper: on white, and never larger than a printer can draw them.

use std::io::Cursor;

use annuaire::logo::decode;
use image::imageops::overlay;
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use kit::Id;

use crate::model::LogoImprime;

/// Points in an inch under which an eye sees them (issue F: « images ≥ 300 dpi »).
const FINESSE: f64 = 300.0;
const POUCE_MM: f64 = 25.4;
/// A smaller drawing is a stain: it is left out.
const LISIBLE_MM: f64 = 6.0;
const MINCE_MM: f64 = 2.0;
/// A logo drawn in white, for dark grounds, leaves nothing on paper.
const PALE: u8 = 240;

/// A logo as it prints; none when it does not open, or when nothing of it would be seen. White takes the place of what shows through:
/// paper is white, and a print shop mixes no layers.
pub fn prepare(structure: Id, contenu: &[u8]) -> Option<LogoImprime> {
    let pixels = decode(contenu).ok()?.to_rgba8();
    let (largeur, hauteur) = pixels.dimensions();
    let mut page = RgbaImage::from_pixel(largeur, hauteur, Rgba([255; 4]));
    overlay(&mut page, &pixels, 0, 0);
    if page.pixels().all(|point| point.0.iter().all(|light| *light >= PALE)) {
        return None;
    }
    let mut png = Cursor::new(vec![]);
    DynamicImage::from(page).to_rgb8().write_to(&mut png, ImageFormat::Png).ok()?;
    Some(LogoImprime { structure, contenu: png.into_inner(), largeur, hauteur })
}

/// Its width and height in millimetres within a place: no larger than its points allow; none when it could not be seen.
pub fn measure(logo: &LogoImprime, (large, haute): (f64, f64)) -> Option<(f64, f64)> {
    let (largeur, hauteur) = (f64::from(logo.largeur), f64::from(logo.hauteur));
    let scale = (large / largeur).min(haute / hauteur).min(POUCE_MM / FINESSE);
    let (width, height) = (largeur * scale, hauteur * scale);
    (width.max(height) >= LISIBLE_MM && width.min(height) >= MINCE_MM).then_some((width, height))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logo(largeur: u32, hauteur: u32) -> LogoImprime {
        LogoImprime { structure: Id::from_name("logo"), contenu: vec![], largeur, hauteur }
    }

    #[test]
    fn a_logo_is_no_larger_than_its_points_allow() {
        // 71 points at 300 an inch: 6.01 mm. One less cannot be seen.
        assert!(measure(&logo(71, 71), (30.0, 30.0)).is_some_and(|(width, _)| width < 6.02));
        assert_eq!(measure(&logo(70, 70), (30.0, 30.0)), None);
        assert_eq!(measure(&logo(240, 120), (12.0, 12.0)), Some((12.0, 6.0)));
        assert_eq!(measure(&logo(240, 20), (24.0, 12.0)), None, "a thread is no drawing");
        for (largeur, hauteur) in [(100, 240), (240, 100), (4_000, 3_000)] {
            let (width, height) = measure(&logo(largeur, hauteur), (40.0, 22.0)).unwrap();
            let fine = f64::from(largeur) / width * POUCE_MM;
            assert!(fine >= FINESSE - 0.001 && width <= 40.0 && height <= 22.0, "{fine}");
        }
    }

    #[test]
    fn what_shows_through_becomes_white() {
        let half = RgbaImage::from_fn(80, 80, |x, _| if x < 40 { Rgba([200, 0, 0, 0]) } else { Rgba([0, 0, 0, 128]) });
        let mut file = Cursor::new(vec![]);
        DynamicImage::from(half).write_to(&mut file, ImageFormat::Png).unwrap();
        let printed = prepare(Id::from_name("logo"), &file.into_inner()).unwrap();
        let read = image::load_from_memory(&printed.contenu).unwrap();
        assert!(!read.color().has_alpha());
        assert_eq!(read.to_rgb8().get_pixel(0, 0).0, [255; 3]);
        assert!((126..=129).contains(&read.to_rgb8().get_pixel(60, 0).0[0]));
        let mut pale = Cursor::new(vec![]);
        let white = RgbaImage::from_fn(80, 80, |x, _| if x < 40 { Rgba([255; 4]) } else { Rgba([0; 4]) });
        DynamicImage::from(white).write_to(&mut pale, ImageFormat::Png).unwrap();
        assert_eq!(prepare(Id::from_name("logo"), &pale.into_inner()), None, "white on white is no drawing");
        assert_eq!(prepare(Id::from_name("logo"), b"RIFF\0\0\0\0WEBPVP8 "), None, "what does not open is left out");
    }
}
