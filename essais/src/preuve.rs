//! The sum that the form of everybody asks of a browser, done for the trials that have none.

use std::net::SocketAddr;

use comptes::rules::preuve::is_solved;

use crate::{Reponse, get, post};

/// What a browser adds to the form of a page.
pub fn prove(page: &str) -> String {
    let defi = page.split("name=\"defi\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a challenge");
    let preuve = (0_u32..).map(|n| n.to_string()).find(|preuve| is_solved(defi, preuve)).expect("a number");
    format!("&defi={defi}&preuve={preuve}")
}

/// Leaves a demande by the form of a territoire, from a page just opened.
pub fn leave(at: SocketAddr, slug: &str, form: &str) -> std::io::Result<Reponse> {
    let page = get(at, &format!("/{slug}/demandes/nouvelle"))?.body;
    post(at, &format!("/{slug}/demandes"), "application/x-www-form-urlencoded", &format!("{form}{}", prove(&page)))
}
