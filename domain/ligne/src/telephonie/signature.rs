//! What the platform of telephony signs: each call it makes here carries a proof that only its secret can make, over the address it
//! was told and the parameters it sends. Anything else is refused, logged and counted, and writes nothing.

use axum::body::{Body, Bytes};
use axum::extract::{FromRef, FromRequest, Request};
use axum::http::{HeaderMap, Uri};
use base64ct::{Base64, Encoding};
use hmac::{Hmac, Mac};
use kit::routes::{Acces, Porte};
use kit::{Error, Instant};
use sha1::Sha1;

use super::Telephonie;
use crate::Ligne;

/// A call of the platform whose signature was right: the only way to be given what it says. Being a [`Porte`], it is also what a
/// handler takes to say that the platform alone may call it; it reads the body, and is its only argument.
#[derive(Clone, Debug)]
pub struct Signe {
    pub ligne: Ligne,
    pub telephonie: Telephonie,
    pub parametres: Parametres,
    pub now: Instant,
}

/// What the platform says, in the order it says it: the query of the address, then the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parametres(Vec<(String, String)>);

/// What platforms send weighs less than 4 kB.
const BODY: usize = 64 << 10;
const HEADER: &str = "x-twilio-signature";

impl Porte for Signe {
    fn acces() -> Acces {
        Acces::Plateforme
    }
}

impl<S> FromRequest<S> for Signe
where
    S: Send + Sync,
    Ligne: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request(request: Request<Body>, state: &S) -> Result<Self, Error> {
        let ligne = Ligne::from_ref(state);
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, BODY).await.map_err(|_| Error::Unreadable("l’envoi dépasse 64 ko".into()))?;
        match ligne.telephonie.clone().filter(|telephonie| is_signed(telephonie, &parts.uri, &parts.headers, &body)) {
            Some(telephonie) => {
                let parametres = Parametres::read(parts.uri.query().unwrap_or_default(), &body);
                Ok(Self { now: ligne.accueil.clock.now(), telephonie, parametres, ligne })
            }
            None => {
                metrics::counter!("maillage_telephonie_refus_total").increment(1);
                tracing::warn!(chemin = parts.uri.path(), "call of telephony refused: not signed by the platform");
                Err(Error::Forbidden)
            }
        }
    }
}

fn is_signed(telephonie: &Telephonie, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> bool {
    let given = headers.get(HEADER).and_then(|given| Base64::decode_vec(given.to_str().ok()?.trim()).ok());
    let address = format!("{}{}", telephonie.origine, uri.path_and_query().map(|path| path.as_str()).unwrap_or_default());
    let mac = mac_of(telephonie, &address, &form_urlencoded::parse(body).into_owned().collect::<Vec<_>>());
    // Compared in a time that says nothing of where they differ.
    given.zip(mac).is_some_and(|(given, mac)| mac.verify_slice(&given).is_ok())
}

/// The address, then each name and its value, in the order of the names.
fn mac_of(telephonie: &Telephonie, address: &str, form: &[(String, String)]) -> Option<Hmac<Sha1>> {
    let mut sorted: Vec<&(String, String)> = form.iter().collect();
    sorted.sort();
    let mut mac = <Hmac<Sha1> as hmac::KeyInit>::new_from_slice(telephonie.jeton.as_bytes()).ok()?;
    mac.update(address.as_bytes());
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    Some(mac)
}

/// The signature that the platform would send: for trials, and for whoever tries an installation by hand.
pub fn sign(telephonie: &Telephonie, path: &str, form: &[(String, String)]) -> String {
    let mac = mac_of(telephonie, &format!("{}{path}", telephonie.origine), form);
    mac.map(|mac| Base64::encode_string(&mac.finalize().into_bytes())).unwrap_or_default()
}

impl Parametres {
    fn read(query: &str, body: &[u8]) -> Self {
        Self([query.as_bytes(), body].into_iter().flat_map(|part| form_urlencoded::parse(part).into_owned()).collect())
    }

    /// Empty when the platform did not say it.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example that Twilio publishes (« Validating signatures »).
    #[test]
    fn the_signature_is_that_of_the_platforms_own_example() {
        let telephonie = Telephonie {
            compte: "AC".into(),
            jeton: "12345".into(),
            origine: "https://example.com".into(),
            serveur: String::new(),
            prix_sms: 0,
        };
        let form = [
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675310"),
            ("Digits", "1234"),
            ("From", "+14158675310"),
            ("To", "+18005551212"),
        ]
        .map(|(name, value)| (name.to_string(), value.to_string()));
        assert_eq!(sign(&telephonie, "/myapp.php?foo=1&bar=2", &form), "L/OH5YylLD5NRKLltdqwSvS0BnU=");
    }
}
