//! What changed between two readings of what is published, and how those who subscribed are told.

use std::collections::BTreeMap;

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use kit::{Instant, codes};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

codes! {
    /// What happened to a structure or to one of its services.
    pub enum Nature {
        Creation = "creation" => "nouvelle",
        Modification = "modification" => "changée",
        Retrait = "retrait" => "retirée",
    }
}

/// Structures by identifier, each with the fingerprint of what is published of it.
pub type Empreintes = BTreeMap<String, String>;

/// What to tell, in the order of the identifiers.
pub fn compare(before: &Empreintes, after: &Empreintes) -> Vec<(String, Nature)> {
    let gone = before.keys().filter(|id| !after.contains_key(*id)).map(|id| (id.clone(), Nature::Retrait));
    let told = after.iter().filter_map(|(id, empreinte)| match before.get(id) {
        None => Some((id.clone(), Nature::Creation)),
        Some(known) if known != empreinte => Some((id.clone(), Nature::Modification)),
        Some(_) => None,
    });
    let mut all: Vec<_> = gone.chain(told).collect();
    all.sort();
    all
}

/// The fingerprint of what is published of a structure: its dates do not count, a file imported again changes nothing.
pub fn fingerprint(published: &mut [Value]) -> String {
    for one in published.iter_mut().filter_map(Value::as_object_mut) {
        one.remove("date_maj");
    }
    let mut digest = Sha256::new();
    published.iter().for_each(|one| digest.update(one.to_string()));
    kit::secret::hex(digest.finalize().get(..16).unwrap_or_default())
}

/// Identifiers told at once.
const ENSEMBLE: usize = 500;

/// The bodies to send: identifiers and what happened, nothing else. Whoever wants the rest reads the API.
pub fn write_corps(source: &str, revision: i64, changements: &[(String, Nature)], now: Instant) -> Vec<String> {
    let moment = chrono::DateTime::from_timestamp(now.0, 0).unwrap_or_default().format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let write = |part: &[(String, Nature)]| {
        let told = part.iter().map(|(id, nature)| json!({"structure_id": format!("{source}--{id}"), "nature": nature.code()}));
        let data = json!({"source": source, "revision": revision, "changements": told.collect::<Vec<_>>()});
        json!({"type": "annuaire.change", "timestamp": moment, "data": data}).to_string()
    };
    changements.chunks(ENSEMBLE).map(write).collect()
}

/// The signature of Standard Webhooks: « v1, » and the HMAC-SHA256 of the identifier, the moment and the body.
pub fn sign(secret: &[u8], (id, at): (&str, i64), corps: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(format!("{id}.{at}.{corps}").as_bytes());
    format!("v1,{}", Base64::encode_string(&mac.finalize().into_bytes()))
}

/// How a key is shown, once, to whoever subscribes.
pub fn show_secret(secret: &[u8]) -> String {
    format!("whsec_{}", Base64::encode_string(secret))
}

pub fn read_secret(shown: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(shown.strip_prefix("whsec_")?).ok()
}

/// A minute, then longer and longer, for a day and a half.
const ATTENTES: [i64; 7] = [60, 300, 1_800, 7_200, 21_600, 43_200, 57_600];

/// When to try again after so many refusals; none when it is given up.
pub fn next_try(essais: i32, now: Instant) -> Option<Instant> {
    let rang = usize::try_from(essais).ok()?.checked_sub(1)?;
    ATTENTES.get(rang).map(|seconds| now.plus_seconds(*seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_told() {
        let read = |pairs: &[(&str, &str)]| -> Empreintes { pairs.iter().map(|(id, one)| ((*id).into(), (*one).into())).collect() };
        let before = read(&[("a", "1"), ("b", "1"), ("c", "1")]);
        let after = read(&[("b", "1"), ("c", "2"), ("d", "1")]);
        let told = compare(&before, &after);
        assert_eq!(told, [("a".into(), Nature::Retrait), ("c".into(), Nature::Modification), ("d".into(), Nature::Creation)]);
        assert!(compare(&after, &after).is_empty());
        let corps = write_corps("maillage-brenne", 3, &vec![told[0].clone(); ENSEMBLE + 1], Instant(0));
        assert_eq!(corps.len(), 2);
        assert!(corps[1].contains("\"structure_id\":\"maillage-brenne--a\"") && corps[1].contains("1970-01-01T00:00:00Z"));
    }

    #[test]
    fn dates_do_not_change_a_fingerprint() {
        let one = |date: &str, nom: &str| fingerprint(&mut [json!({"date_maj": date, "nom": nom})]);
        assert_eq!(one("2026-11-21", "a"), one("2026-11-22", "a"));
        assert_ne!(one("2026-11-21", "a"), one("2026-11-21", "b"));
    }

    /// Computed apart: `printf 'msg_1.1614265330.{"test":1}' | openssl dgst -sha256 -hmac cle -binary | base64`.
    #[test]
    fn a_signature_is_that_of_standard_webhooks() {
        assert_eq!(sign(b"cle", ("msg_1", 1_614_265_330), "{\"test\":1}"), "v1,aMwuUlrzUmAhHeYfvS4VRx4B/jDAg6PHyAENzFRgFxU=");
        assert_eq!(read_secret(&show_secret(b"cle")).as_deref(), Some(b"cle".as_slice()));
        assert_eq!(read_secret("cle"), None);
    }

    #[test]
    fn a_refusal_waits_longer_each_time_and_ends() {
        let waits: Vec<_> = (1..=8).map(|essais| next_try(essais, Instant(0)).map(|at| at.0)).collect();
        assert_eq!(waits[..2], [Some(60), Some(300)]);
        assert_eq!((waits[6], waits[7]), (Some(57_600), None));
    }
}
