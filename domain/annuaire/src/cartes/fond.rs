//! A background that an operator chooses to put under the maps: tiles of another host, whose name is all that leaves.

use url::Url;

/// Where tiles come from, and who must be credited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fond {
    pub tuiles: String,
    pub attribution: String,
    /// `https://tuiles.exemple.fr`: the only host opened to the pages of maps.
    pub origine: String,
}

/// Why a background cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FondRefuse {
    #[error(
        "[fond_de_carte] tuiles : « {0} » n’est pas une adresse https avec {{z}}, {{x}} et {{y}}, comme https://tuiles.exemple.fr/{{z}}/{{x}}/{{y}}.png"
    )]
    Tuiles(String),
    #[error("[fond_de_carte] attribution : dites qui a fait ce fond, comme « © les contributeurs d’OpenStreetMap »")]
    Attribution,
}

impl Fond {
    pub fn parse(tuiles: &str, attribution: &str) -> Result<Self, FondRefuse> {
        let refused = || FondRefuse::Tuiles(tuiles.to_string());
        let has_place = ["{z}", "{x}", "{y}"].iter().all(|part| tuiles.contains(part));
        let url = Url::parse(tuiles).map_err(|_| refused())?;
        // Nothing else may enter the security policy of the pages.
        let has_plain_host = url.host_str().is_some_and(|host| host.chars().all(|one| one.is_ascii_alphanumeric() || ".-".contains(one)));
        if !has_place || !has_plain_host || url.scheme() != "https" || !url.username().is_empty() {
            return Err(refused());
        }
        if attribution.trim().is_empty() {
            return Err(FondRefuse::Attribution);
        }
        Ok(Self { tuiles: tuiles.into(), attribution: attribution.trim().into(), origine: url.origin().ascii_serialization() })
    }
}
