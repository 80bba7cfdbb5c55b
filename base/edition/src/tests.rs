use serde_json::json;

use super::*;

const MODELE: &str = r#"#import "/maison.typ": *
#let donnees = json("/donnees.json")
#show: feuille.with(titre: donnees.titre, territoire: "Val d’Essai", le: "3 mars 2026")
== Ce qui est gardé
#fiche(donnees.lignes)
"#;

fn document(valeur: &str) -> Document {
    Document { modele: MODELE, donnees: json!({"titre": "Demande n° 12", "lignes": [["Note", valeur]]}), dessins: vec![] }
}

#[tokio::test]
async fn a_document_is_written_whatever_was_typed() {
    for valeur in [
        "",
        "Œuvre à l’été\u{a0}: 1\u{202f}200\u{a0}€",
        "#panic(\"pris\") *gras* $x$ \\ `",
        "👩‍🦽 مريم 李",
        "\u{0}\u{7}ligne\r\nautre",
        &"long ".repeat(20_000),
    ] {
        let pdf = rediger(document(valeur)).await.unwrap();
        assert!(pdf.starts_with(b"%PDF-1.7"));
        let has = |words: &[u8]| pdf.windows(words.len()).any(|window| window == words);
        assert!(has(b"<pdfuaid:part>1</pdfuaid:part>"), "the standard is promised in the file");
    }
}

#[test]
fn a_letter_without_a_font_is_shown_as_a_square_and_a_drawing_is_left_out() {
    let shown = texte::writable(json!({"note": ["a👩‍🦽b", "李 ☎", 3]}), monde::can_write);
    assert_eq!(shown, json!({"note": ["ab", "□ ☎", 3]}));
}

#[tokio::test]
async fn a_layout_reads_nothing_but_its_values() {
    for reading in ["#read(\"/etc/passwd\")", "#read(\"/autre.json\")", "#import \"@preview/cetz:0.3.0\"", "#datetime.today()"] {
        let modele: &'static str = Box::leak(format!("#set document(title: \"x\")\n{reading}").into_boxed_str());
        assert!(rediger(Document { modele, donnees: json!({}), dessins: vec![] }).await.is_err(), "{reading}");
    }
}
