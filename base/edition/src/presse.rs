//! What a print shop takes: boxes that say where the paper is cut and how far colours run over the cut, and inks alone. The composer
//! writes the whole sheet as bleed, and the colours of pictures as light: both are mended here, in the file.

use std::collections::BTreeSet;

use anyhow::{Context, anyhow};
use kit::Result;
use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId, SaveOptions, Stream};

/// How far colours run over the cut, in points: 3 mm, what print shops ask for.
const FOND_PERDU: f32 = 3.0 * 72.0 / 25.4;

/// The same file, for a print shop.
pub(crate) fn prepare(pdf: &[u8]) -> Result<Vec<u8>> {
    let mut document = Document::load_mem(pdf).context("the composer's own file")?;
    write_boxes(&mut document)?;
    let drawn = list_drawn(&document);
    for (id, spaces) in drawn {
        write_inks(&mut document, id, &spaces)?;
    }
    for id in list_images(&document) {
        print_image(&mut document, id)?;
    }
    forget_spaces(&mut document);
    document.prune_objects();
    let mut written = vec![];
    let options = SaveOptions::builder().use_object_streams(true).use_xref_streams(true).build();
    document.save_with_options(&mut written, options).context("the file of a print shop")?;
    Ok(written)
}

/// The bleed is the trim and 3 mm around: the marks of the cutter stand beyond.
fn write_boxes(document: &mut Document) -> Result<()> {
    for id in document.get_pages().into_values() {
        let page = document.get_dictionary_mut(id).map_err(anyhow::Error::from)?;
        let read =
            |name: &[u8]| -> Option<Vec<f32>> { page.get(name).ok()?.as_array().ok()?.iter().map(|one| one.as_float().ok()).collect() };
        let (Some(sheet), Some(trim)) = (read(b"MediaBox"), read(b"TrimBox")) else { continue };
        let [[left, bottom, right, top], [from, under, to, over]] = [sheet, trim].map(|one| <[f32; 4]>::try_from(one).unwrap_or_default());
        let bleed = [left.max(from - FOND_PERDU), bottom.max(under - FOND_PERDU), right.min(to + FOND_PERDU), top.min(over + FOND_PERDU)];
        page.set("BleedBox", bleed.map(Object::Real).to_vec());
        // Nobody touches paper: links print nothing, and standards of print shops refuse them inside the trim.
        page.remove(b"Annots");
    }
    Ok(())
}

/// Names of colour spaces, and how many values a colour of each has.
type Espaces = Vec<(Vec<u8>, i64)>;

/// What draws (pages, and the drawings that they place), with the colour spaces that each names.
fn list_drawn(document: &Document) -> Vec<(ObjectId, Espaces)> {
    let mut drawn = vec![];
    for page in document.get_pages().into_values() {
        let spaces = document.get_dictionary(page).map(|page| read_spaces(document, page)).unwrap_or_default();
        drawn.extend(document.get_page_contents(page).into_iter().map(|id| (id, spaces.clone())));
    }
    let placed = document.objects.iter().filter_map(|(id, object)| Some((*id, &object.as_stream().ok()?.dict)));
    drawn.extend(placed.filter(|(_, dict)| dict.has(b"Resources")).map(|(id, dict)| (id, read_spaces(document, dict))));
    drawn
}

fn read_spaces(document: &Document, drawing: &Dictionary) -> Espaces {
    let resources = drawing.get_deref(b"Resources", document).and_then(Object::as_dict);
    let Ok(named) = resources.and_then(|all| all.get_deref(b"ColorSpace", document)).and_then(Object::as_dict) else { return vec![] };
    named.iter().filter_map(|(name, space)| Some((name.clone(), count_values(document, space)?))).collect()
}

/// One value: a grey. Three: light. None: something else, left as it is.
fn count_values(document: &Document, space: &Object) -> Option<i64> {
    match document.dereference(space).ok()?.1 {
        Object::Name(name) if name == b"DeviceGray" => Some(1),
        Object::Name(name) if name == b"DeviceRGB" => Some(3),
        Object::Array(parts) => match parts.as_slice() {
            [Object::Name(kind), profile] if kind == b"ICCBased" => {
                let profile = document.dereference(profile).ok()?.1.as_stream().ok()?;
                profile.dict.get(b"N").ok()?.as_i64().ok()
            }
            _ => None,
        },
        _ => None,
    }
}

/// Writes the colours of a drawing as inks. What does not read to its end is refused: the rest of the drawing would leave the paper
/// without a word.
fn write_inks(document: &mut Document, id: ObjectId, spaces: &Espaces) -> Result<()> {
    let stream = document.get_object_mut(id).and_then(Object::as_stream_mut).map_err(anyhow::Error::from)?;
    let read = stream.get_plain_content().and_then(|bytes| Content::decode_strict(&bytes)).map_err(anyhow::Error::from)?;
    let mut ecriture = Ecriture { spaces, now: [None, None], kept: vec![] };
    let operations: Vec<Operation> = read.operations.into_iter().filter_map(|one| ecriture.write(one)).collect();
    let written = Content { operations }.encode().map_err(anyhow::Error::from)?;
    stream.set_plain_content(written);
    stream.compress().map_err(anyhow::Error::from)?;
    Ok(())
}

/// Where the reading of a drawing stands.
struct Ecriture<'a> {
    spaces: &'a Espaces,
    /// Values of a colour in the space that was chosen last: of what is filled, of what is drawn.
    now: [Option<i64>; 2],
    kept: Vec<[Option<i64>; 2]>,
}

impl Ecriture<'_> {
    /// The same act with inks; none when inks need no such act.
    fn write(&mut self, act: Operation) -> Option<Operation> {
        match act.operator.as_str() {
            "q" => self.kept.push(self.now),
            "Q" => self.now = self.kept.pop().unwrap_or_default(),
            "cs" => return self.choose(0, act),
            "CS" => return self.choose(1, act),
            "sc" | "scn" if self.now[0].is_some() => return Some(paint(&act.operands, "k", "g")),
            "SC" | "SCN" if self.now[1].is_some() => return Some(paint(&act.operands, "K", "G")),
            "rg" => return Some(paint(&act.operands, "k", "g")),
            "RG" => return Some(paint(&act.operands, "K", "G")),
            _ => {}
        }
        Some(act)
    }

    fn choose(&mut self, place: usize, act: Operation) -> Option<Operation> {
        let name = act.operands.first().and_then(|name| name.as_name().ok());
        let known = name.and_then(|name| match name {
            b"DeviceGray" => Some(1),
            b"DeviceRGB" => Some(3),
            other => self.spaces.iter().find(|(known, _)| known == other).map(|(_, values)| *values),
        });
        self.now[place] = known.filter(|values| matches!(values, 1 | 3));
        // A space that is chosen begins with black.
        match (self.now[place], place) {
            (None, _) => Some(act),
            (Some(_), 0) => Some(paint(&[Object::Integer(0)], "k", "g")),
            (Some(_), _) => Some(paint(&[Object::Integer(0)], "K", "G")),
        }
    }
}

/// A grey is black ink alone; anything else four inks.
fn paint(values: &[Object], inks: &str, grey: &str) -> Operation {
    let values: Vec<f32> = values.iter().filter_map(|one| one.as_float().ok()).collect();
    match values.as_slice() {
        [red, green, blue] if red != green || green != blue => Operation::new(inks, mix([*red, *green, *blue]).map(Object::Real).to_vec()),
        [light, ..] => Operation::new(grey, vec![Object::Real(*light)]),
        [] => Operation::new(grey, vec![Object::Integer(0)]),
    }
}

/// Light as inks: what the three have in common is black, so that never more than 300 % of ink wets the paper.
fn mix(light: [f32; 3]) -> [f32; 4] {
    let most = light.into_iter().fold(0.0, f32::max);
    let [cyan, magenta, yellow] = light.map(|one| if most > 0.0 { 1.0 - one / most } else { 0.0 });
    [cyan, magenta, yellow, 1.0 - most]
}

fn list_images(document: &Document) -> Vec<ObjectId> {
    let is_image = |object: &Object| {
        let subtype = object.as_stream().ok().and_then(|stream| stream.dict.get(b"Subtype").ok());
        subtype.and_then(|name| name.as_name().ok()) == Some(b"Image")
    };
    document.objects.iter().filter(|(_, object)| is_image(object)).map(|(id, _)| *id).collect()
}

/// The pixels of a picture as inks.
fn print_image(document: &mut Document, id: ObjectId) -> Result<()> {
    let image = document.get_object(id).and_then(Object::as_stream).map_err(anyhow::Error::from)?;
    let Some(values) = image.dict.get(b"ColorSpace").ok().and_then(|space| count_values(document, space)) else { return Ok(()) };
    let inks = match values {
        1 => None,
        3 if image.dict.get(b"BitsPerComponent").and_then(Object::as_i64).ok() == Some(8) => Some(convert(image)?),
        _ => return Err(anyhow!("a picture of {values} values a point").into()),
    };
    let image = document.get_object_mut(id).and_then(Object::as_stream_mut).map_err(anyhow::Error::from)?;
    image.dict.set("ColorSpace", if inks.is_some() { "DeviceCMYK" } else { "DeviceGray" });
    if let Some(inks) = inks {
        image.set_plain_content(inks);
        image.compress().map_err(anyhow::Error::from)?;
    }
    Ok(())
}

fn convert(image: &Stream) -> Result<Vec<u8>> {
    let pixels = image.get_plain_content().map_err(anyhow::Error::from)?;
    let light = |value: u8| f32::from(value) / 255.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
    let ink = |value: f32| (value * 255.0).round() as u8;
    let points = pixels.as_chunks::<3>().0;
    Ok(points.iter().flat_map(|point| mix(point.map(light)).map(ink)).collect())
}

/// No drawing chooses these spaces any more: profiles of screens leave the file.
fn forget_spaces(document: &mut Document) {
    let converted = document.objects.iter().filter(|(_, object)| matches!(count_values(document, object), Some(1 | 3)));
    let converted: BTreeSet<ObjectId> = converted.map(|(id, _)| *id).collect();
    document.traverse_objects(|object| {
        let named = object.as_dict_mut().and_then(|dict| dict.get_mut(b"ColorSpace")).and_then(Object::as_dict_mut);
        let Ok(named) = named else { return };
        let gone = |space: &Object| space.as_reference().is_ok_and(|id| converted.contains(&id));
        let names: Vec<Vec<u8>> = named.iter().filter(|(_, space)| gone(space)).map(|(name, _)| name.clone()).collect();
        for name in names {
            named.remove(&name);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn light_becomes_inks_that_the_paper_can_drink() {
        assert_eq!(mix([0.0, 0.0, 0.0]), [0.0, 0.0, 0.0, 1.0], "black is black ink alone");
        assert_eq!(mix([1.0, 1.0, 1.0]), [0.0; 4]);
        assert_eq!(mix([1.0, 0.0, 0.0]), [0.0, 1.0, 1.0, 0.0]);
        for step in 0..20_u16 {
            let dark = f32::from(step) / 400.0;
            for light in [[dark, 0.0, 0.0], [0.0, dark, dark / 2.0], [dark, dark / 3.0, 0.1]] {
                let inks = mix(light);
                assert!(inks.iter().sum::<f32>() <= 3.0 && inks.iter().all(|ink| (0.0..=1.0).contains(ink)), "{light:?}: {inks:?}");
            }
        }
    }

    #[test]
    fn a_space_is_forgotten_where_the_drawing_forgets_it() {
        let spaces = vec![(b"c0".to_vec(), 3)];
        let mut ecriture = Ecriture { spaces: &spaces, now: [None, None], kept: vec![] };
        let real = |values: &[f32]| values.iter().map(|one| Object::Real(*one)).collect::<Vec<_>>();
        let mut write = |name: &str, values: Vec<Object>| ecriture.write(Operation::new(name, values)).map(|one| one.operator);
        assert_eq!(write("q", vec![]).as_deref(), Some("q"));
        assert_eq!(write("cs", vec!["c0".into()]).as_deref(), Some("g"));
        assert_eq!(write("scn", real(&[0.1, 0.2, 0.3])).as_deref(), Some("k"));
        assert_eq!(write("scn", real(&[0.2, 0.2, 0.2])).as_deref(), Some("g"));
        assert_eq!(write("Q", vec![]).as_deref(), Some("Q"));
        assert_eq!(write("scn", real(&[0.1, 0.2, 0.3])).as_deref(), Some("scn"), "as before « q »: no space of light was chosen");
        assert_eq!(write("cs", vec!["Pattern".into()]).as_deref(), Some("cs"));
        assert_eq!(write("scn", vec!["p0".into()]).as_deref(), Some("scn"), "what is no light stays");
    }

    #[test]
    fn a_space_is_remembered_where_the_drawing_remembers_it() {
        let spaces = vec![(b"c0".to_vec(), 3)];
        let mut ecriture = Ecriture { spaces: &spaces, now: [None, None], kept: vec![] };
        let light = || [0.1, 0.2, 0.3].map(Object::Real).to_vec();
        let mut write = |name: &str, values: Vec<Object>| ecriture.write(Operation::new(name, values)).map(|one| one.operator);
        write("CS", vec!["c0".into()]);
        assert_eq!(write("SCN", light()).as_deref(), Some("K"));
        write("q", vec![]);
        write("CS", vec!["Pattern".into()]);
        assert_eq!(write("SCN", light()).as_deref(), Some("SCN"));
        write("Q", vec![]);
        assert_eq!(write("SCN", light()).as_deref(), Some("K"), "the space of before « q » is back");
        assert_eq!(write("scn", light()).as_deref(), Some("scn"), "what is drawn says nothing of what is filled");
    }

    #[test]
    fn a_drawing_that_does_not_read_to_its_end_is_refused() {
        for (content, reads) in [("1 0 0 rg 0 0 9 9 re f", true), ("1 0 0 rg ] 0 0 9 9 re f", false)] {
            let mut document = Document::new();
            let id = document.add_object(Stream::new(Dictionary::new(), content.as_bytes().to_vec()));
            assert_eq!(write_inks(&mut document, id, &vec![]).is_ok(), reads, "{content}");
        }
    }
}
