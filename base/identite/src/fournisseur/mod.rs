//! Signing in by an OpenID Connect provider such as ProConnect: discovery, authorization code with PKCE, state and nonce,
//! signed identity, sign-out at the provider's too. Whatever does not match is refused, and said in one word for the log.

mod decouverte;
mod refus;
#[cfg(test)]
mod tests;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use kit::Instant;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken, CoreIdTokenClaims, CoreJwsSigningAlgorithm, CoreTokenResponse,
    CoreUserInfoClaims,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AsyncHttpClient, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, PostLogoutRedirectUrl, RedirectUrl, Scope, TokenResponse,
};
use serde::{Deserialize, Serialize};
use sortant::Sortant;
use url::Url;

use decouverte::{Appris, Decouverte};
pub use refus::Refus;
use refus::{error_code, is_about_keys, refuse, refuse_exchange, refuse_identite, refuse_userinfo};

/// How the provider knows this installation.
#[derive(Clone, PartialEq, Eq)]
pub struct Inscription {
    /// What the button says: « ProConnect ».
    pub nom: String,
    /// `https://…`, as the provider writes it in its tokens.
    pub emetteur: String,
    pub client: String,
    pub secret: String,
    /// The provider answers for the addresses it gives, even when it does not say « verified » (ProConnect does not say it).
    pub courriel_sur: bool,
}

/// Without the secret: what is printed ends in a log.
impl fmt::Debug for Inscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = f.debug_struct("Inscription");
        told.field("nom", &self.nom).field("emetteur", &self.emetteur).field("client", &self.client);
        told.field("courriel_sur", &self.courriel_sur).finish_non_exhaustive()
    }
}

/// A provider; cloning shares what was learnt of it.
#[derive(Clone, Debug)]
pub struct Fournisseur {
    inscription: Arc<Inscription>,
    guichet: Guichet,
    decouverte: Arc<Decouverte>,
}

/// The client by which the library speaks to the provider.
#[derive(Clone, Debug)]
struct Guichet(Sortant);

impl<'c> AsyncHttpClient<'c> for Guichet {
    type Error = sortant::Refus;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Self::Error>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.0.call(request))
    }
}

/// The first half: where the browser goes, and what is kept until it comes back. Not to be printed, like what follows.
#[derive(Clone)]
pub struct Depart {
    pub url: Url,
    pub etat: String,
}

/// What is kept between the two halves.
#[derive(Serialize, Deserialize)]
struct Etat {
    state: CsrfToken,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

/// With what a browser comes back.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Retour {
    pub code: String,
    pub state: String,
    pub iss: Option<String>,
    pub error: Option<String>,
}

/// Somebody, as the provider vouches for them.
#[derive(Clone, PartialEq, Eq)]
pub struct Identite {
    pub emetteur: String,
    /// Never given to somebody else by the same provider.
    pub sujet: String,
    /// Only an address that the provider answers for.
    pub courriel: Option<String>,
    /// Two proofs were shown at the provider's.
    pub is_forte: bool,
    /// To be shown back to the provider at sign-out.
    pub jeton: String,
}

/// The library's client, once it knows where the provider answers.
type Client = CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// An identity signed longer ago is refused.
const OLDEST: i64 = 600;
/// How far two clocks may differ.
const SKEW: i64 = 60;
/// How many bytes are drawn for `state` and `nonce`: ProConnect wants 32 characters at least, these give 43.
const DRAWN: u32 = 32;
/// Without this question ProConnect does not say by how many proofs somebody came in.
const CLAIMS: &str = r#"{"id_token":{"amr":{"essential":true}}}"#;

impl Fournisseur {
    pub fn new(inscription: Inscription, sortant: Sortant) -> Self {
        Self { inscription: Arc::new(inscription), guichet: Guichet(sortant), decouverte: Arc::default() }
    }

    pub fn nom(&self) -> &str {
        &self.inscription.nom
    }

    /// Sends a browser to the provider; it comes back to `retour`.
    pub async fn start(&self, retour: &str) -> Result<Depart, Refus> {
        let appris = self.learn().await?;
        let client = self.client(&appris).set_redirect_uri(read_retour(retour)?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let draw = (|| CsrfToken::new_random_len(DRAWN), || Nonce::new_random_len(DRAWN));
        let mut asked = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, draw.0, draw.1)
            .add_scope(Scope::new("email".into()))
            .set_pkce_challenge(challenge);
        if appris.metadata.claims_parameter_supported() == Some(true) {
            asked = asked.add_extra_param("claims", CLAIMS);
        }
        let (url, state, nonce) = asked.url();
        let etat = serde_json::to_string(&Etat { state, nonce, verifier }).map_err(refuse)?;
        Ok(Depart { url, etat })
    }

    /// Who came back. `etat` is what [`Fournisseur::start`] gave for this very browser.
    pub async fn finish(&self, retour: &Retour, (etat, adresse): (&str, &str), now: Instant) -> Result<Identite, Refus> {
        let etat: Etat = serde_json::from_str(etat).map_err(|_| Refus::Refuse("what was kept".into()))?;
        if etat.state.secret() != &retour.state {
            return Err(Refus::Refuse("state".into()));
        }
        // RFC 9207: an answer of another provider, mixed up with this one's.
        if retour.iss.as_ref().is_some_and(|iss| *iss != self.inscription.emetteur) {
            return Err(Refus::Refuse("iss".into()));
        }
        if let Some(error) = &retour.error {
            return Err(Refus::Decline(error_code(error)));
        }
        self.exchange(retour, etat, (adresse, now)).await
    }

    async fn exchange(&self, retour: &Retour, etat: Etat, (adresse, now): (&str, Instant)) -> Result<Identite, Refus> {
        let appris = self.learn().await?;
        let client = self.client(&appris).set_redirect_uri(read_retour(adresse)?);
        let asked = client.exchange_code(AuthorizationCode::new(retour.code.clone())).map_err(refuse)?;
        let tokens: CoreTokenResponse =
            asked.set_pkce_verifier(etat.verifier).request_async(&self.guichet).await.map_err(|error| refuse_exchange(&error))?;
        let jeton = tokens.id_token().ok_or_else(|| Refus::Refuse("no identity".into()))?;
        let (client, claims) = self.recognise(jeton, &appris, (&etat.nonce, now)).await?;
        check_access_token((jeton, &claims), tokens.access_token(), &client)?;
        let (courriel, verified) = match claims.email() {
            Some(courriel) => (Some(courriel.to_string()), claims.email_verified()),
            None => self.ask_courriel(&client, &claims, tokens.access_token()).await?,
        };
        let is_sure = verified.unwrap_or(self.inscription.courriel_sur);
        let proofs = claims.auth_method_refs().into_iter().flatten();
        Ok(Identite {
            emetteur: self.inscription.emetteur.clone(),
            sujet: claims.subject().to_string(),
            courriel: courriel.filter(|_| is_sure),
            is_forte: proofs.into_iter().any(|proof| proof.as_str() == "mfa"),
            jeton: jeton.to_string(),
        })
    }

    /// What an identity says, and the client whose keys proved it: keys may have changed since they were learnt.
    async fn recognise(
        &self,
        jeton: &CoreIdToken,
        appris: &Appris,
        asked: (&Nonce, Instant),
    ) -> Result<(Client, CoreIdTokenClaims), Refus> {
        let client = self.client(appris);
        let error = match read(jeton, &client, asked) {
            Ok(claims) => return Ok((client, claims)),
            Err(error) => error,
        };
        if !is_about_keys(&error) {
            return Err(refuse_identite(&error));
        }
        let again = self.decouverte.learn_again(appris, (&self.inscription, &self.guichet)).await?;
        let client = self.client(&again.ok_or_else(|| refuse_identite(&error))?);
        let claims = read(jeton, &client, asked).map_err(|error| refuse_identite(&error))?;
        Ok((client, claims))
    }

    /// The address when the identity does not hold it, and whether the provider verified it.
    async fn ask_courriel(
        &self,
        client: &Client,
        claims: &CoreIdTokenClaims,
        access: &AccessToken,
    ) -> Result<(Option<String>, Option<bool>), Refus> {
        // The library compares the subject with that of the identity.
        let asked = client.user_info(access.clone(), Some(claims.subject().clone())).map_err(refuse)?;
        let info: CoreUserInfoClaims = asked.request_async(&self.guichet).await.map_err(|error| refuse_userinfo(&error))?;
        Ok((info.email().map(|email| email.to_string()), info.email_verified()))
    }

    /// Where signing out goes on, when the provider wants to know of it.
    pub async fn sign_out(&self, jeton: &str, retour: &str) -> Option<Url> {
        let endpoint = self.learn().await.ok()?.metadata.additional_metadata().end_session_endpoint.clone()?;
        let jeton: CoreIdToken = jeton.parse().ok()?;
        let back = PostLogoutRedirectUrl::new(retour.to_string()).ok()?;
        let request = LogoutRequest::from(endpoint)
            .set_id_token_hint(&jeton)
            .set_client_id(self.client_id())
            .set_post_logout_redirect_uri(back)
            // ProConnect asks for it; nothing is done on the way back, so there is nothing to compare it with.
            .set_state(CsrfToken::new_random_len(DRAWN));
        Some(request.http_get_url())
    }

    async fn learn(&self) -> Result<Appris, Refus> {
        self.decouverte.learn((&self.inscription, &self.guichet)).await
    }

    fn client(&self, appris: &Appris) -> Client {
        let metadata = appris.metadata.clone();
        let methods = metadata.token_endpoint_auth_methods_supported();
        // Without a list, the secret goes in a header (OpenID Connect Discovery 1.0, 3); ProConnect wants it in the body.
        let in_body = methods.is_some_and(|methods| !methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let auth_type = if in_body { AuthType::RequestBody } else { AuthType::BasicAuth };
        CoreClient::from_provider_metadata(metadata, self.client_id(), Some(self.secret())).set_auth_type(auth_type)
    }

    fn client_id(&self) -> ClientId {
        ClientId::new(self.inscription.client.clone())
    }

    fn secret(&self) -> ClientSecret {
        ClientSecret::new(self.inscription.secret.clone())
    }
}

fn read_retour(adresse: &str) -> Result<RedirectUrl, Refus> {
    RedirectUrl::new(adresse.to_string()).map_err(refuse)
}

fn read(jeton: &CoreIdToken, client: &Client, (nonce, now): (&Nonce, Instant)) -> Result<CoreIdTokenClaims, ClaimsVerificationError> {
    let wall = move || DateTime::<Utc>::from_timestamp(now.0, 0).unwrap_or_default();
    let strict = client
        .id_token_verifier()
        .set_allowed_algs([CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, CoreJwsSigningAlgorithm::EcdsaP256Sha256])
        .set_time_fn(wall)
        .set_issue_time_verifier_fn(move |issued: DateTime<Utc>| {
            let age = now.0 - issued.timestamp();
            if (-SKEW..=OLDEST).contains(&age) { Ok(()) } else { Err(format!("issued {age} s ago")) }
        })
        .set_other_audience_verifier_fn(|_| false);
    jeton.claims(&strict, nonce).cloned()
}

/// The access token is the one that was given with this identity.
fn check_access_token((jeton, claims): (&CoreIdToken, &CoreIdTokenClaims), access: &AccessToken, client: &Client) -> Result<(), Refus> {
    let Some(expected) = claims.access_token_hash() else { return Ok(()) };
    let wrong = |_| Refus::Refuse("access token".into());
    let verifier = client.id_token_verifier();
    let key = jeton.signing_key(&verifier).map_err(wrong)?;
    let algorithm = jeton.signing_alg().map_err(wrong)?;
    let actual = AccessTokenHash::from_token(access, algorithm, key).map_err(refuse)?;
    if actual == *expected { Ok(()) } else { Err(Refus::Refuse("access token".into())) }
}
