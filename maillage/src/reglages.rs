//! Settings: a file, then the environment, then flags; the last one wins.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use annuaire::cartes::{Fond, FondRefuse};
use anyhow::{Context, bail};
use ligne::Telephonie;
use messages::Passerelle;
use messages::rules::Silence;
use sauvegarde::Cle;
use sauvegarde::planification::{Plan, read_heure};
use sauvegarde::rotation::Garde;
use serde::Deserialize;
use sortant::Sortant;

use crate::serveur::Limites;

/// What the file may say; every line is optional.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Reglages {
    /// Address of the database: `sqlite:maillage.sqlite` or `postgres://…`.
    pub base: Option<String>,
    /// `127.0.0.1:8080`.
    pub adresse: Option<String>,
    /// File of the encryption keys.
    pub cles: Option<PathBuf>,
    /// How many connections one address may hold, 128 otherwise.
    pub connexions_par_adresse: Option<usize>,
    /// The reverse proxies, whose connections are not counted; this machine otherwise.
    pub mandataires: Option<Vec<IpAddr>>,
    /// The file of the key of the backups.
    pub cle_sauvegarde: Option<PathBuf>,
    /// The backups that `servir` makes by itself; without this part it makes none.
    pub sauvegarde: Option<ReglagesSauvegarde>,
    /// What whoever reads `/metriques` must show; without it there is no such page.
    pub jeton_metriques: Option<String>,
    /// `https://ligne.example.org`: what links sent by e-mail begin with. Without it: no message, no passkey, no identity provider.
    pub origine: Option<String>,
    /// By which server messages leave.
    pub courriel: Option<ReglagesCourriel>,
    /// Who else vouches for the team.
    pub fournisseur: Option<ReglagesFournisseur>,
    /// Hosts that the program may call although they are not of the public Internet.
    pub sortants_permis: Vec<String>,
    /// Whether `servir` erases each day what is kept too long; it does unless told not to.
    pub conservation_quotidienne: Option<bool>,
    /// What the maps of the team have under them; nothing otherwise, and no other host is asked.
    pub fond_de_carte: Option<ReglagesFond>,
    /// When messages that nobody waits for stay where they are: « 21-8 », or « aucun ».
    #[serde(deserialize_with = "read_silence")]
    pub silence: Silence,
    /// The platform that takes the calls and the SMS of the lines; needs `origine`.
    pub telephonie: Option<ReglagesTelephonie>,
    /// Where the answering machines that are plain boxes leave their recordings.
    pub repondeur: Option<ReglagesRepondeur>,
}

/// A folder, with one sub-folder for each territoire, under its name in the addresses; mail boxes.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ReglagesRepondeur {
    pub dossier: Option<PathBuf>,
    /// The mail boxes that receive what is left for a line.
    #[serde(default)]
    pub boites: Vec<ReglagesBoite>,
}

/// One mail box, of one territoire.
#[derive(Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ReglagesBoite {
    /// Its name in the addresses.
    pub territoire: String,
    /// `imaps://nom:motdepasse@serveur/INBOX`.
    pub adresse: String,
}

/// Without the address, which holds a password.
impl fmt::Debug for ReglagesBoite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReglagesBoite").field("territoire", &self.territoire).finish_non_exhaustive()
    }
}

fn read_silence<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Silence, D::Error> {
    String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
}

/// An account at a platform of telephony that speaks TwiML.
#[derive(Clone, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct ReglagesTelephonie {
    pub compte: String,
    pub jeton: String,
    /// The API by which SMS leave, or a folder where each becomes a file.
    #[serde(default = "usual_plateforme")]
    pub serveur: String,
    /// The number they come from; that of each line otherwise.
    pub numero_sms: Option<String>,
    /// What one part of an SMS costs, in euros: the platform's price, to be counted.
    #[serde(default)]
    pub prix_sms: f64,
    /// How many SMS a territoire sends in a day at most.
    #[serde(default = "usual_sms_par_jour")]
    pub sms_par_jour: i64,
}

fn usual_plateforme() -> String {
    "https://api.twilio.com".into()
}

fn usual_sms_par_jour() -> i64 {
    300
}

impl ReglagesTelephonie {
    /// Of the demo: nobody is called, and each SMS becomes a file of this folder.
    pub fn demo(dossier: String) -> Self {
        let (compte, jeton) = ("demonstration".into(), "demonstration".into());
        Self { compte, jeton, serveur: dossier, numero_sms: None, prix_sms: 0.05, sms_par_jour: usual_sms_par_jour() }
    }

    /// In ten-thousandths of a euro; a price of a thousand euros a part is a mistake, and is capped.
    fn prix_sms(&self) -> i64 {
        (self.prix_sms.clamp(0.0, 1_000.0) * 10_000.0).round() as i64
    }

    /// The door by which SMS leave.
    pub fn passerelle(&self, sortant: Sortant) -> Passerelle {
        Passerelle {
            sortant,
            serveur: self.serveur.trim_end_matches('/').to_string(),
            compte: self.compte.clone(),
            jeton: self.jeton.clone(),
            numero: self.numero_sms.clone(),
            prix: self.prix_sms(),
            par_jour: self.sms_par_jour,
        }
    }
}

/// Without the secret.
impl fmt::Debug for ReglagesTelephonie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReglagesTelephonie").field("compte", &self.compte).finish_non_exhaustive()
    }
}

/// Tiles of somebody else.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ReglagesFond {
    /// `https://tuiles.exemple.fr/{z}/{x}/{y}.png`.
    pub tuiles: String,
    /// Who made them, as they ask to be named.
    pub attribution: String,
}

/// The server of the messages that leave.
#[derive(Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ReglagesCourriel {
    /// `smtps://nom:motdepasse@serveur:465`, `smtp://serveur:25`, or a folder where messages become files.
    pub serveur: String,
    /// `ligne@example.org`.
    pub expediteur: String,
}

/// Without the server, whose address holds a password.
impl fmt::Debug for ReglagesCourriel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReglagesCourriel").field("expediteur", &self.expediteur).finish_non_exhaustive()
    }
}

/// An OpenID Connect provider such as ProConnect.
#[derive(Clone, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ReglagesFournisseur {
    /// What the button says.
    pub nom: String,
    /// `https://…`, as the provider writes itself.
    pub emetteur: String,
    pub client: String,
    pub secret: String,
    /// The provider answers for the addresses it gives, even without saying « verified ».
    #[serde(default)]
    pub courriel_sur: bool,
}

/// Without the secret.
impl fmt::Debug for ReglagesFournisseur {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = f.debug_struct("ReglagesFournisseur");
        told.field("nom", &self.nom).field("emetteur", &self.emetteur).field("client", &self.client).finish_non_exhaustive()
    }
}

/// When backups are made, where, and how long they are kept.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ReglagesSauvegarde {
    pub dossier: PathBuf,
    /// `03:30`, on the wall clock of Paris.
    #[serde(default = "usual_heure")]
    pub heure: String,
    #[serde(default = "usual_jours")]
    pub garder_jours: usize,
    #[serde(default = "usual_semaines")]
    pub garder_semaines: usize,
    #[serde(default = "usual_mois")]
    pub garder_mois: usize,
}

fn usual_heure() -> String {
    "03:30".into()
}

fn usual_jours() -> usize {
    7
}

fn usual_semaines() -> usize {
    5
}

fn usual_mois() -> usize {
    12
}

const FILE: &str = "maillage.toml";
const BASE: &str = "sqlite:maillage.sqlite";
const ADRESSE: &str = "127.0.0.1:8080";

impl Reglages {
    /// Reads `file`, or `maillage.toml` of the current folder when there is one.
    pub fn read(file: Option<&PathBuf>) -> anyhow::Result<Self> {
        let named = file.is_some();
        let path = file.cloned().unwrap_or_else(|| PathBuf::from(FILE));
        match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).with_context(|| format!("le fichier de réglages {} ne se lit pas", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !named => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("le fichier de réglages {} ne s’ouvre pas", path.display())),
        }
    }

    pub fn base(&self, flag: Option<String>) -> String {
        flag.or_else(|| self.base.clone()).unwrap_or_else(|| BASE.to_string())
    }

    pub fn adresse(&self, flag: Option<String>) -> String {
        flag.or_else(|| self.adresse.clone()).unwrap_or_else(|| ADRESSE.to_string())
    }

    /// The key of the backups, from a flag or these settings.
    pub fn cle_sauvegarde(&self, flag: Option<PathBuf>) -> anyhow::Result<Cle> {
        let file = flag.or_else(|| self.cle_sauvegarde.clone()).context(
            "il manque la clé des sauvegardes : « maillage cle creer FICHIER » en fait une ; \
             nommez-la par --cle, par cle_sauvegarde dans maillage.toml ou par MAILLAGE_CLE_SAUVEGARDE",
        )?;
        Cle::read(&file)
    }

    /// The background of the maps, when one was chosen.
    pub fn fond(&self) -> Result<Option<Fond>, FondRefuse> {
        self.fond_de_carte.as_ref().map(|asked| Fond::parse(&asked.tuiles, &asked.attribution)).transpose()
    }

    /// The platform of telephony, when it is known under which address it calls.
    pub fn telephonie(&self) -> Option<Telephonie> {
        let (asked, origine) = self.telephonie.clone().zip(self.origine.clone())?;
        let origine = origine.trim_end_matches('/').to_string();
        let serveur = asked.serveur.trim_end_matches('/').to_string();
        let prix_sms = asked.prix_sms();
        Some(Telephonie { compte: asked.compte, jeton: asked.jeton, origine, serveur, prix_sms })
    }

    /// What `servir` is to save by itself, checked before it starts: a mistake found at night is found too late.
    pub fn plan(&self, base: &str) -> anyhow::Result<Option<Plan>> {
        let Some(asked) = &self.sauvegarde else { return Ok(None) };
        if !asked.dossier.is_dir() {
            bail!("le dossier des sauvegardes {} n’existe pas", asked.dossier.display());
        }
        Ok(Some(Plan {
            base: base.to_string(),
            cle: self.cle_sauvegarde(std::env::var_os("MAILLAGE_CLE_SAUVEGARDE").map(PathBuf::from))?,
            dossier: asked.dossier.clone(),
            heure: read_heure(&asked.heure)?,
            garde: Garde { jours: asked.garder_jours, semaines: asked.garder_semaines, mois: asked.garder_mois },
        }))
    }

    pub fn limites(&self) -> Limites {
        let usual = Limites::default();
        Limites {
            connexions_par_adresse: self.connexions_par_adresse.unwrap_or(usual.connexions_par_adresse),
            mandataires: self.mandataires.clone().unwrap_or(usual.mandataires),
            ..usual
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_wins_over_the_file_and_the_file_over_the_default() {
        let file: Reglages = toml::from_str("adresse = \"0.0.0.0:80\"").unwrap();
        assert_eq!(file.adresse(None), "0.0.0.0:80");
        assert_eq!(file.adresse(Some("127.0.0.1:1".into())), "127.0.0.1:1");
        assert_eq!(file.base(None), BASE);
    }

    #[test]
    fn backups_need_a_folder_and_the_rest_is_usual() {
        let file: Reglages = toml::from_str("[sauvegarde]\ndossier = \"/tmp\"").unwrap();
        let asked = file.sauvegarde.unwrap();
        assert_eq!((asked.heure.as_str(), asked.garder_jours, asked.garder_semaines, asked.garder_mois), ("03:30", 7, 5, 12));
        assert!(toml::from_str::<Reglages>("[sauvegarde]\nheure = \"03:30\"").is_err());
        assert!(Reglages::default().plan("x.sqlite").unwrap().is_none());
    }

    #[test]
    fn a_background_that_cannot_be_is_refused_with_what_to_write() {
        let read = |tuiles: &str| {
            let text = format!("[fond_de_carte]\ntuiles = \"{tuiles}\"\nattribution = \"© Exemple\"");
            toml::from_str::<Reglages>(&text).unwrap().fond()
        };
        assert_eq!(read("https://tuiles.exemple.fr/{z}/{x}/{y}.png").unwrap().unwrap().origine, "https://tuiles.exemple.fr");
        assert!(read("https://tuiles.exemple.fr/").unwrap_err().to_string().contains("{z}"));
        assert_eq!(Reglages::default().fond(), Ok(None));
    }

    #[test]
    fn settings_that_are_printed_hold_no_password_of_elsewhere() {
        let file: Reglages = toml::from_str(
            "[courriel]\nserveur = \"smtps://ligne:dormeur@smtp.exemple.fr\"\nexpediteur = \"ligne@exemple.fr\"\n\
             [telephonie]\ncompte = \"AC1\"\njeton = \"dormeur\"\n[fournisseur]\nnom = \"Pro\"\nemetteur = \"https://pro.exemple.fr\"\nclient = \"ligne\"\nsecret = \"dormeur\"",
        )
        .unwrap();
        let told = format!("{file:?}");
        assert!(told.contains("pro.exemple.fr") && !told.contains("dormeur"), "{told}");
    }

    #[test]
    fn the_silence_is_from_nine_to_eight_unless_the_file_says_otherwise() {
        let read = |text: &str| toml::from_str::<Reglages>(text).map(|file| file.silence);
        assert_eq!(read("").unwrap(), Silence::default());
        assert_eq!(read("silence = \"aucun\"").unwrap(), "aucun".parse().unwrap());
        assert!(read("silence = \"8-21\"").unwrap_err().to_string().contains("21-8"));
    }

    #[test]
    fn an_unknown_line_is_refused_rather_than_ignored() {
        assert!(toml::from_str::<Reglages>("adrese = \"0.0.0.0:80\"").is_err());
    }
}
