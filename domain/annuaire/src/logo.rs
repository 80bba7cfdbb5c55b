//! The logo of a structure: really decoded, within limits, then drawn again small; nothing of the file that was sent is kept.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

/// Heavier than that is refused, whatever it is.
pub const LOGO_BYTES: usize = 1_024 * 1_024;
/// More pixels than that on a side are not decoded: a few kilobytes may claim to hold gigabytes of them.
const COTE_MAXIMUM: u32 = 4_000;
/// What decoding may take of memory, at most.
const MEMOIRE: u64 = 96 * 1_024 * 1_024;
/// The side of what is kept: twice what pages show, for fine screens; less when it would weigh on slow lines.
const COTES: [u32; 3] = [240, 160, 96];
/// A public page weighs 60 kB at most, its logo included.
const GARDES: usize = 24 * 1_024;

/// A logo that may be shown: a PNG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoStructure {
    pub contenu: Vec<u8>,
    pub largeur: u32,
    pub hauteur: u32,
}

/// Why a file is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogoRefuse {
    #[error("choisissez d’abord une image")]
    Vide,
    #[error("cette image pèse plus d’un mégaoctet : réduisez-la")]
    TropLourd,
    #[error("ce fichier n’est ni un PNG, ni un JPEG, ni un WebP ; un dessin SVG peut contenir un programme, il n’est pas accepté")]
    Nature,
    #[error("cette image a plus de 4 000 points de côté : réduisez-la")]
    TropGrand,
    #[error("cette image est abîmée, elle ne s’ouvre pas : envoyez-en une autre")]
    Illisible,
}

impl LogoStructure {
    pub fn read(contenu: &[u8]) -> Result<Self, LogoRefuse> {
        match contenu.len() {
            0 => return Err(LogoRefuse::Vide),
            heavy if heavy > LOGO_BYTES => return Err(LogoRefuse::TropLourd),
            _ => {}
        }
        let image = decode(contenu)?;
        let [large, medium, small] = COTES.map(|cote| Self::draw(&image, cote));
        let light = [large, medium].into_iter().flatten().find(|one| one.contenu.len() <= GARDES);
        light.map_or(small, Ok)
    }

    /// Pixels alone: neither place, nor device, nor comment of the file.
    fn draw(image: &DynamicImage, cote: u32) -> Result<Self, LogoRefuse> {
        let small = if image.width() > cote || image.height() > cote { image.thumbnail(cote, cote) } else { image.clone() };
        let mut png = Cursor::new(vec![]);
        DynamicImage::from(small.to_rgba8()).write_to(&mut png, ImageFormat::Png).map_err(|_| LogoRefuse::Illisible)?;
        Ok(Self { contenu: png.into_inner(), largeur: small.width(), hauteur: small.height() })
    }
}

/// The pixels of a logo, within limits: nothing of the file is believed before.
pub fn decode(contenu: &[u8]) -> Result<DynamicImage, LogoRefuse> {
    let format = image::guess_format(contenu).map_err(|_| LogoRefuse::Nature)?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP) {
        return Err(LogoRefuse::Nature);
    }
    let mut reader = ImageReader::with_format(Cursor::new(contenu), format);
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height, limits.max_alloc) = (Some(COTE_MAXIMUM), Some(COTE_MAXIMUM), Some(MEMOIRE));
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| explain(&error))?;
    // A photograph taken upright says so beside its pixels.
    let orientation = decoder.orientation().map_err(|error| explain(&error))?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| explain(&error))?;
    image.apply_orientation(orientation);
    Ok(image)
}

fn explain(error: &ImageError) -> LogoRefuse {
    match error {
        ImageError::Limits(_) => LogoRefuse::TropGrand,
        _ => LogoRefuse::Illisible,
    }
}

#[cfg(test)]
mod tests {
    use image::{Rgba, RgbaImage};

    use super::*;

    fn draw(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let mut file = Cursor::new(vec![]);
        let drawn = DynamicImage::from(RgbaImage::from_fn(width, height, |x, y| Rgba([(x / 64 * 20) as u8, (y / 64 * 30) as u8, 90, 255])));
        match format {
            ImageFormat::Jpeg => DynamicImage::from(drawn.to_rgb8()).write_to(&mut file, format).unwrap(),
            _ => drawn.write_to(&mut file, format).unwrap(),
        }
        file.into_inner()
    }

    #[test]
    fn three_formats_become_a_small_png() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let logo = LogoStructure::read(&draw(600, 300, format)).unwrap();
            assert_eq!((logo.largeur, logo.hauteur), (240, 120), "{format:?}");
            assert!(logo.contenu.starts_with(b"\x89PNG") && logo.contenu.len() <= GARDES);
            let again = image::load_from_memory(&logo.contenu).unwrap();
            assert_eq!((again.width(), again.height()), (240, 120));
        }
        let noise = RgbaImage::from_fn(700, 700, |x, y| {
            let mixed = (x.wrapping_mul(0x9E37_79B9) ^ y.wrapping_mul(0x85EB_CA6B)).wrapping_mul(0xC2B2_AE35).to_be_bytes();
            Rgba([mixed[0], mixed[1], mixed[2], 255])
        });
        let mut file = Cursor::new(vec![]);
        DynamicImage::from(noise).to_rgb8().write_to(&mut file, ImageFormat::Jpeg).unwrap();
        let heavy = LogoStructure::read(&file.into_inner()).unwrap();
        assert!(heavy.largeur < 240 && heavy.contenu.len() < 40_000, "{} points, {} bytes", heavy.largeur, heavy.contenu.len());
        let small = LogoStructure::read(&draw(16, 40, ImageFormat::Png)).unwrap();
        assert_eq!((small.largeur, small.hauteur), (16, 40), "what is small stays as it is");
    }

    #[test]
    fn nothing_written_beside_the_pixels_is_kept() {
        // A JPEG with a comment after its first marker.
        let plain = draw(64, 64, ImageFormat::Jpeg);
        let secret = b"48.8566,2.3522 chez Mme Martin";
        let mut file = plain[..2].to_vec();
        file.extend([0xff, 0xfe, 0, (secret.len() + 2) as u8]);
        file.extend(secret);
        file.extend(&plain[2..]);
        let logo = LogoStructure::read(&file).unwrap();
        assert!(!logo.contenu.windows(10).any(|part| part == &secret[..10]));
    }

    #[test]
    fn what_is_no_image_is_refused_with_words() {
        let read = LogoStructure::read;
        assert_eq!(read(b""), Err(LogoRefuse::Vide));
        assert_eq!(read(&vec![0; LOGO_BYTES + 1]), Err(LogoRefuse::TropLourd));
        for other in [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"GIF89a", b"%PDF-1.7", b"bonjour", &[0; 40]] {
            assert_eq!(read(other), Err(LogoRefuse::Nature));
        }
        let whole = draw(300, 300, ImageFormat::Png);
        assert_eq!(read(&whole[..whole.len() / 2]), Err(LogoRefuse::Illisible));
        assert_eq!(read(b"\x89PNG\r\n\x1a\n..."), Err(LogoRefuse::Illisible));
    }

    #[test]
    fn a_small_file_that_claims_millions_of_pixels_is_not_decoded() {
        for (width, height) in [(COTE_MAXIMUM + 1, 1), (1, COTE_MAXIMUM + 1)] {
            assert_eq!(LogoStructure::read(&draw(width, height, ImageFormat::Png)), Err(LogoRefuse::TropGrand));
        }
        // A header that says 60 000 × 60 000: 14 GB of pixels.
        let mut bomb = draw(8, 8, ImageFormat::Png);
        bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        let checksum = crc(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&checksum.to_be_bytes());
        assert_eq!(LogoStructure::read(&bomb), Err(LogoRefuse::TropGrand));
    }

    /// CRC-32 as PNG computes it.
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
        })
    }
}
