//! Signing in by an OpenID Connect provider such as ProConnect: discovery, authorization code with PKCE, state and nonce,
//! signed identity, sign-out at the provider's too. Whatever does not match is refused, and said in one word for the log.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use kit::Instant;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreIdTokenClaims, CoreJwsSigningAlgorithm, CoreUserInfoClaims,
};
use openidconnect::{
    AccessTokenHash, AsyncHttpClient, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse, IssuerUrl,
    LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl, ProviderMetadataWithLogout,
    RedirectUrl, Scope, TokenResponse,
};
use serde::{Deserialize, Serialize};
use sortant::Sortant;
use tokio::sync::RwLock;
use url::Url;

/// How the provider knows this installation.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// A provider; cloning shares what was learnt of it.
#[derive(Clone, Debug)]
pub struct Fournisseur {
    inscription: Arc<Inscription>,
    guichet: Guichet,
    decouverte: Arc<RwLock<Option<(std::time::Instant, ProviderMetadataWithLogout)>>>,
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

/// The first half: where the browser goes, and what is kept until it comes back.
#[derive(Clone, Debug)]
pub struct Depart {
    pub url: Url,
    pub etat: String,
}

/// What is kept between the two halves.
#[derive(Debug, Serialize, Deserialize)]
struct Etat {
    state: CsrfToken,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

/// With what a browser comes back.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Retour {
    pub code: String,
    pub state: String,
    pub iss: Option<String>,
    pub error: Option<String>,
}

/// Somebody, as the provider vouches for them.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// Why nobody came in.
#[derive(Debug, thiserror::Error)]
pub enum Refus {
    #[error("le fournisseur d’identité ne répond pas : {0}")]
    Absent(String),
    /// What does not match, for the log.
    #[error("réponse refusée : {0}")]
    Refuse(String),
    /// The person, or the provider, said no.
    #[error("le fournisseur n’a pas donné son accord : {0}")]
    Decline(String),
}

/// What was learnt of a provider is looked at again after an hour: it changes its keys.
const FRESH: Duration = Duration::from_secs(3_600);
/// An identity signed longer ago is refused.
const OLDEST: i64 = 600;
/// How far two clocks may differ.
const SKEW: i64 = 60;

impl Fournisseur {
    pub fn new(inscription: Inscription, sortant: Sortant) -> Self {
        Self { inscription: Arc::new(inscription), guichet: Guichet(sortant), decouverte: Arc::default() }
    }

    pub fn nom(&self) -> &str {
        &self.inscription.nom
    }

    /// Sends a browser to the provider; it comes back to `retour`.
    pub async fn start(&self, retour: &str) -> Result<Depart, Refus> {
        let metadata = self.discover(false).await?;
        let client =
            CoreClient::from_provider_metadata(metadata, self.client_id(), Some(self.secret())).set_redirect_uri(read_retour(retour)?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state, nonce) = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .add_scopes(["email", "profile"].map(|scope| Scope::new(scope.to_string())))
            .set_pkce_challenge(challenge)
            .url();
        let etat = serde_json::to_string(&Etat { state, nonce, verifier }).map_err(|error| Refus::Refuse(error.to_string()))?;
        Ok(Depart { url, etat })
    }

    /// Who came back. `etat` is what [`Fournisseur::start`] gave for this very browser.
    pub async fn finish(&self, retour: &Retour, (etat, adresse): (&str, &str), now: Instant) -> Result<Identite, Refus> {
        let etat: Etat = serde_json::from_str(etat).map_err(refuse)?;
        if etat.state.secret() != &retour.state {
            return Err(Refus::Refuse("state".into()));
        }
        // RFC 9207: an answer of another provider, mixed up with this one's.
        if retour.iss.as_ref().is_some_and(|iss| *iss != self.inscription.emetteur) {
            return Err(Refus::Refuse("iss".into()));
        }
        if let Some(error) = &retour.error {
            return Err(Refus::Decline(error.clone()));
        }
        self.exchange(retour, etat, (adresse, now)).await
    }

    async fn exchange(&self, retour: &Retour, etat: Etat, (adresse, now): (&str, Instant)) -> Result<Identite, Refus> {
        let metadata = self.discover(false).await?;
        let client =
            CoreClient::from_provider_metadata(metadata, self.client_id(), Some(self.secret())).set_redirect_uri(read_retour(adresse)?);
        let asked = client.exchange_code(AuthorizationCode::new(retour.code.clone())).map_err(refuse)?;
        let tokens = asked
            .set_pkce_verifier(etat.verifier)
            .request_async(&self.guichet)
            .await
            .map_err(|error| Refus::Refuse(format!("code: {error:?}")))?;
        let jeton = tokens.id_token().ok_or_else(|| Refus::Refuse("no identity".into()))?;
        let claims = match self.read(jeton, &client.id_token_verifier(), (&etat.nonce, now)) {
            // Its keys may have changed since they were learnt.
            Err(_) => {
                let fresh = self.discover(true).await?;
                let client = CoreClient::from_provider_metadata(fresh, self.client_id(), Some(self.secret()));
                self.read(jeton, &client.id_token_verifier(), (&etat.nonce, now))?
            }
            Ok(claims) => claims,
        };
        if let Some(expected) = claims.access_token_hash() {
            let verifier = client.id_token_verifier();
            let algorithm = jeton.signing_alg().map_err(refuse)?;
            let key = jeton.signing_key(&verifier).map_err(refuse)?;
            let actual = AccessTokenHash::from_token(tokens.access_token(), algorithm, key).map_err(refuse)?;
            if actual != *expected {
                return Err(Refus::Refuse("access token".into()));
            }
        }
        let told = (claims.email().map(|email| email.to_string()), claims.email_verified());
        let (courriel, verified) = match told {
            (Some(courriel), verified) => (Some(courriel), verified),
            (None, _) => {
                // The library compares the subject with that of the identity.
                let asked = client.user_info(tokens.access_token().clone(), Some(claims.subject().clone())).map_err(refuse)?;
                let info: CoreUserInfoClaims =
                    asked.request_async(&self.guichet).await.map_err(|error| Refus::Refuse(format!("userinfo: {error:?}")))?;
                (info.email().map(|email| email.to_string()), info.email_verified())
            }
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

    fn read(
        &self,
        jeton: &CoreIdToken,
        verifier: &openidconnect::core::CoreIdTokenVerifier<'_>,
        (nonce, now): (&Nonce, Instant),
    ) -> Result<CoreIdTokenClaims, Refus> {
        let wall = move || DateTime::<Utc>::from_timestamp(now.0, 0).unwrap_or_default();
        let strict = verifier
            .clone()
            .set_allowed_algs([CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, CoreJwsSigningAlgorithm::EcdsaP256Sha256])
            .set_time_fn(wall)
            .set_issue_time_verifier_fn(move |issued: DateTime<Utc>| {
                let age = now.0 - issued.timestamp();
                if (-SKEW..=OLDEST).contains(&age) { Ok(()) } else { Err(format!("issued {age} s ago")) }
            })
            .set_other_audience_verifier_fn(|_| false);
        jeton.claims(&strict, nonce).cloned().map_err(refuse)
    }

    /// Where signing out goes on, when the provider wants to know of it.
    pub async fn sign_out(&self, jeton: &str, retour: &str) -> Option<Url> {
        let endpoint = self.discover(false).await.ok()?.additional_metadata().end_session_endpoint.clone()?;
        let jeton: CoreIdToken = jeton.parse().ok()?;
        let back = PostLogoutRedirectUrl::new(retour.to_string()).ok()?;
        let request =
            LogoutRequest::from(endpoint).set_id_token_hint(&jeton).set_client_id(self.client_id()).set_post_logout_redirect_uri(back);
        Some(request.http_get_url())
    }

    async fn discover(&self, anew: bool) -> Result<ProviderMetadataWithLogout, Refus> {
        if let Some((at, known)) = self.decouverte.read().await.as_ref()
            && !anew
            && at.elapsed() < FRESH
        {
            return Ok(known.clone());
        }
        let emetteur = IssuerUrl::new(self.inscription.emetteur.clone()).map_err(refuse)?;
        let found = ProviderMetadataWithLogout::discover_async(emetteur, &self.guichet)
            .await
            .map_err(|error| Refus::Absent(format!("{error:?}")))?;
        *self.decouverte.write().await = Some((std::time::Instant::now(), found.clone()));
        Ok(found)
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

fn refuse(error: impl std::fmt::Display) -> Refus {
    Refus::Refuse(error.to_string())
}
