//! Cells that a spreadsheet would compute: every file we give is looked at.

use essais::{COURRIEL, send};

use super::{demo, get_as, sign_in};

const FORMULES: [&str; 8] =
    ["=cmd|' /C calc'!A0", "+1+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1;1)", " =1+1", "\u{a0}=1+1", "＝1+1", "=HYPERLINK(A1)"];

/// The cells of a file whose separator is a semicolon.
fn read_cells(file: &str) -> Vec<String> {
    let (mut cells, mut cell, mut is_quoted) = (vec![], String::new(), false);
    for c in file.trim_start_matches('\u{feff}').chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            ';' | '\n' if !is_quoted => cells.push(std::mem::take(&mut cell)),
            _ => cell.push(c),
        }
    }
    cells
}

#[test]
fn no_cell_of_a_file_we_give_is_computed_by_a_spreadsheet() {
    let programme = demo();
    let cookie = sign_in(programme.at, super::ADMINISTRATION);
    for formule in FORMULES {
        import(&programme, &cookie, formule);
    }
    // Who reads the demandes reads the figures of chosen days; the administration does not.
    let accueil = sign_in(programme.at, COURRIEL);
    for (path, cookie) in [("/brenne/equipe/journal.csv", &cookie), ("/brenne/equipe/chiffres.csv", &accueil)] {
        let file = get_as(programme.at, path, cookie);
        assert_eq!((file.status, file.header("content-type")), (200, "text/csv; charset=utf-8"), "{path}");
        assert!(file.header("content-disposition").starts_with("attachment; filename=\""), "{path}");
        let cells = read_cells(&file.body);
        assert!(cells.len() > 8, "{path}: {}", file.body);
        for cell in &cells {
            let seen = cell.trim_start_matches([' ', '\u{a0}']);
            assert!(!seen.starts_with(['=', '+', '-', '@', '\t', '\r', '＝']) || seen.parse::<f64>().is_ok(), "{path} has {cell:?}");
        }
        eprintln!("{path}: {} cells, none computed", cells.len());
    }
    let journal = get_as(programme.at, "/brenne/equipe/journal.csv", &cookie).body;
    for formule in FORMULES {
        assert!(journal.contains(&format!("'{}", formule.trim())), "{formule:?} is there, as text: {journal}");
    }
}

/// An accepted import leaves the name of its file in the journal: a name is chosen by whoever sends it.
fn import(programme: &essais::Programme, cookie: &str, name: &str) {
    let line = "structure_id;structure;commune;code_insee;service_id;besoins;mode;couverture\nx1;Les Iris;Rosnay;36173;un;menage;a_domicile;commune:36173\n";
    let body = format!("--essai\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"{name}\"\r\n\r\n{line}\r\n--essai--\r\n");
    let at = programme.at;
    let ask = |path: &str, kind: &str, body: &str| {
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nCookie: {cookie}\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        send(at, request.as_bytes()).unwrap()
    };
    let sent = ask("/brenne/equipe/annuaire/imports", "multipart/form-data; boundary=essai", &body);
    assert_eq!(sent.status, 303, "{sent:?}");
    let path = sent.location();
    wait(programme, cookie, &path, "/acceptation\"");
    assert_eq!(ask(&format!("{path}/acceptation"), "application/x-www-form-urlencoded", "").status, 303);
    wait(programme, cookie, &path, "importé");
}

fn wait(programme: &essais::Programme, cookie: &str, path: &str, sign: &str) {
    for _ in 0..100 {
        if get_as(programme.at, path, cookie).body.contains(sign) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("{path} never shows {sign:?}: {}", get_as(programme.at, path, cookie).body);
}
