//! What the command line takes, and its help.

use std::path::PathBuf;

use clap::{Args, Command, Parser, Subcommand};

use super::sauvegarde::{ObjetCle, Restaurer, Sauvegarder};

/// Trouver les structures qui desservent vraiment une commune.
#[derive(Debug, Parser)]
#[command(name = "maillage", version, about, disable_help_subcommand = true)]
pub struct Commande {
    /// Base de données : sqlite:FICHIER ou postgres://… (ou variable MAILLAGE_BASE)
    #[arg(long, global = true, env = "MAILLAGE_BASE", value_name = "ADRESSE", hide_env = true)]
    pub base: Option<String>,
    /// Fichier de réglages, maillage.toml du dossier courant sinon (ou variable MAILLAGE_REGLAGES)
    #[arg(long, global = true, env = "MAILLAGE_REGLAGES", hide_env = true, value_name = "FICHIER")]
    pub reglages: Option<PathBuf>,
    /// Fichier des clés de chiffrement ; maillage.cles à côté d’une base SQLite sinon (ou variable MAILLAGE_CLES)
    #[arg(long, global = true, env = "MAILLAGE_CLES", hide_env = true, value_name = "FICHIER")]
    pub cles: Option<PathBuf>,
    #[command(subcommand)]
    pub action: Action,
}

#[derive(Debug, Subcommand)]
pub enum Action {
    /// Sert le site et l’API
    Servir {
        /// Adresse et port d’écoute, 127.0.0.1:8080 sinon (ou variable MAILLAGE_ADRESSE)
        #[arg(long, env = "MAILLAGE_ADRESSE", hide_env = true, value_name = "HÔTE:PORT")]
        adresse: Option<String>,
    },
    /// Sert deux territoires de démonstration, avec une année de demandes
    Demo {
        /// Adresse et port d’écoute, 127.0.0.1:8080 sinon (ou variable MAILLAGE_ADRESSE)
        #[arg(long, env = "MAILLAGE_ADRESSE", hide_env = true, value_name = "HÔTE:PORT")]
        adresse: Option<String>,
    },
    /// Met le schéma de la base à jour
    Migrer,
    /// Propose les structures qui desservent une commune pour un besoin
    Orienter(Question),
    /// Importe un fichier
    Importer(Importation),
    /// Exporte l’annuaire public : données ouvertes, sans rien de personnel
    Exporter(Exportation),
    /// Liste les fiches qui sont peut-être une seule structure, et pourquoi
    Doublons(Doublons),
    /// Écrit le bilan d’une année : PDF, page ou classeur
    Bilan(BilanDemande),
    /// Écrit une édition du répertoire : livrets, textes à mettre en page, affiches, fiches faciles à lire
    Repertoire(RepertoireDemande),
    /// Donne les indicateurs de l’observatoire, avec leur définition ; et leurs chiffres si un territoire est nommé
    Indicateurs(Indicateurs),
    /// Dit où en est la ligne unique
    Ligne(Ligne),
    /// Crée, change, exporte ou ferme un territoire
    Territoire(Territoire),
    /// Crée un compte de l’équipe
    Compte(Compte),
    /// Écrit le registre des traitements de données personnelles (Markdown)
    Registre,
    /// Liste ce qui a passé sa durée de conservation, et l’efface avec --appliquer
    Conservation(Conservation),
    /// Tient les clés qui chiffrent les notes et les coordonnées
    Cles(Cles),
    /// Dit ce qui va et ce qui ne va pas : base, schéma, sauvegarde, place
    Etat,
    /// Crée la clé des sauvegardes
    Cle(ObjetCle),
    /// Sauvegarde la base, chiffrée et vérifiée, sans arrêter le service
    Sauvegarder(Sauvegarder),
    /// Restaure une sauvegarde, une fois vérifiée
    Restaurer(Restaurer),
}

#[derive(Debug, Args)]
pub struct Conservation {
    /// Territoire ; tous sinon
    #[arg(long, global = true, value_name = "NOM")]
    pub territoire: Option<String>,
    /// Efface ce qui est échu, au lieu de le lister seulement
    #[arg(long)]
    pub appliquer: bool,
    #[command(subcommand)]
    pub action: Option<ActionConservation>,
}

#[derive(Debug, Subcommand)]
pub enum ActionConservation {
    /// Change une durée du territoire
    Regler {
        /// demande, rappel, journal ou journal_autre
        objet: String,
        /// Nombre de mois
        mois: u32,
    },
}

#[derive(Debug, Args)]
pub struct Cles {
    #[command(subcommand)]
    pub action: ActionCles,
}

#[derive(Debug, Subcommand)]
pub enum ActionCles {
    /// Crée un fichier de clés, lisible par vous seul
    Creer {
        /// Fichier à créer
        fichier: PathBuf,
    },
    /// Ajoute une clé, qui servira désormais ; les anciennes restent pour relire
    Tourner,
    /// Chiffre à nouveau, avec la clé la plus récente, tout ce qui est chiffré ; se reprend après un arrêt
    Rechiffrer,
}

#[derive(Debug, Args)]
pub struct Question {
    /// Code INSEE de la commune
    #[arg(long, value_name = "CODE")]
    pub commune: String,
    /// Code de besoin, ou mots entre guillemets
    #[arg(long, value_name = "MOTS")]
    pub besoin: String,
    /// Nombre de propositions, 10 sinon
    #[arg(long, value_name = "NOMBRE", default_value = "", hide_default_value = true)]
    pub limite: String,
    /// Conditions : soir, nuit, week_end, prestataire…
    #[arg(long, value_name = "CODES", default_value = "", hide_default_value = true)]
    pub contraintes: String,
    /// Territoire, quand la commune est de plusieurs
    #[arg(long, value_name = "NOM", default_value = "", hide_default_value = true)]
    pub territoire: String,
    /// Écrit la réponse en JSON, comme l’API
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Importation {
    #[command(subcommand)]
    pub objet: ObjetImporte,
}

#[derive(Debug, Subcommand)]
pub enum ObjetImporte {
    /// Structures et services, une ligne par service ; ou structures seules, une ligne par structure
    Annuaire(ImportAnnuaire),
}

#[derive(Debug, Args)]
pub struct ImportAnnuaire {
    /// Fichier CSV, XLSX, ODS, JSON (data·inclusion, HSDS) ou extrait FINESS
    pub fichier: PathBuf,
    /// Territoire où importer ; inutile s’il n’y en a qu’un
    #[arg(long, value_name = "NOM")]
    pub territoire: Option<String>,
    /// Vérifie sans rien écrire
    #[arg(long)]
    pub verifier: bool,
}

#[derive(Debug, Args)]
pub struct Exportation {
    /// Forme : data-inclusion, hsds, csv, xlsx ou geojson
    #[arg(long, value_name = "FORMAT", value_parser = read_format)]
    pub format: diffusion::Format,
    /// Dossier où écrire les fichiers
    #[arg(long, value_name = "DOSSIER")]
    pub sortie: PathBuf,
    /// Territoire ; tous sinon, dans le même export
    #[arg(long, value_name = "NOM")]
    pub territoire: Option<String>,
    /// Exporte les données de démonstration ; c’est aussi ce qui se passe sans base
    #[arg(long)]
    pub demo: bool,
}

fn read_format(code: &str) -> Result<diffusion::Format, String> {
    diffusion::Format::from_code(code).ok_or_else(|| "les formats sont : data-inclusion, hsds, csv, xlsx, geojson".to_string())
}

/// The line of the territoires.
#[derive(Debug, Args)]
pub struct Ligne {
    #[command(subcommand)]
    pub action: ActionLigne,
}

#[derive(Debug, Subcommand)]
pub enum ActionLigne {
    /// Dit si la ligne est ouverte, jusqu’à quand, ou quand elle ouvre
    Etat(EtatLigne),
}

#[derive(Debug, Args)]
pub struct BilanDemande {
    /// Territoire ; le seul de la base sinon
    #[arg(long, value_name = "NOM")]
    pub territoire: Option<String>,
    /// Année ; la dernière qui est finie sinon
    #[arg(long, value_name = "AAAA")]
    pub annee: Option<i32>,
    /// Fichier à écrire : son nom finit par .pdf, .html ou .xlsx
    #[arg(long, value_name = "FICHIER")]
    pub sortie: PathBuf,
}

#[derive(Debug, Args)]
pub struct RepertoireDemande {
    /// Territoire ; le seul de la base sinon
    #[arg(long, value_name = "NOM")]
    pub territoire: Option<String>,
    /// Année de l’édition
    #[arg(long, value_name = "AAAA")]
    pub edition: i32,
    /// Dossier où écrire les fichiers
    #[arg(long, value_name = "DOSSIER")]
    pub sortie: PathBuf,
    /// N’écrit que cela, séparé par des virgules ; tout sinon
    #[arg(long, value_delimiter = ',', value_name = "PARTIE")]
    pub seulement: Vec<super::repertoire::Partie>,
}

#[derive(Debug, Args)]
pub struct Indicateurs {
    /// Territoire dont donner les chiffres ; sans lui, les définitions seules
    #[arg(long, value_name = "NOM")]
    pub territoire: Option<String>,
    /// Année ; celle-ci sinon, jusqu’au dernier mois entier
    #[arg(long, value_name = "AAAA")]
    pub annee: Option<i32>,
    /// Réponse en JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct EtatLigne {
    /// Territoire ; tous sinon
    #[arg(long, value_name = "NOM")]
    pub territoire: Option<String>,
    /// Réponse en JSON
    #[arg(long)]
    pub json: bool,
    /// À un autre moment, à l’heure de Paris : 2027-03-28T10:00
    #[arg(long, value_name = "MOMENT")]
    pub a: Option<String>,
}

/// Pairs of records.
#[derive(Debug, Args)]
pub struct Doublons {
    /// Territoire ; tous sinon
    #[arg(long, value_name = "NOM")]
    pub territoire: Option<String>,
    /// Points, sur 100, à partir desquels une paire est montrée ; 40 sinon
    #[arg(long, value_name = "POINTS", default_value_t = annuaire::doublons::SEUIL, hide_default_value = true)]
    pub seuil: u8,
    /// Écrit les paires en JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Territoire {
    #[command(subcommand)]
    pub action: ActionTerritoire,
}

#[derive(Debug, Subcommand)]
pub enum ActionTerritoire {
    /// Crée un territoire et ses communes
    Creer(NouveauTerritoire),
    /// Liste les territoires, ouverts et fermés
    Lister,
    /// Change le nom, les couleurs, le logo ou la ligne d’un territoire
    Changer(NouvelleApparence),
    /// Exporte tout ce qui est d’un territoire : une ligne JSON par ligne, un fichier par table, un manifeste
    Exporter(ExportTerritoire),
    /// Ferme un territoire ; ses données sont gardées quelque temps, puis effacées
    Fermer(FermetureTerritoire),
    /// Rouvre un territoire fermé, tant que rien n’est effacé
    Rouvrir {
        /// Nom dans les adresses
        slug: String,
    },
}

#[derive(Debug, Args)]
pub struct NouvelleApparence {
    /// Nom dans les adresses
    pub slug: String,
    /// Nom affiché
    #[arg(long)]
    pub nom: Option<String>,
    /// Couleur principale, comme #1f5c45
    #[arg(long)]
    pub couleur: Option<String>,
    /// Couleur d’accent
    #[arg(long)]
    pub accent: Option<String>,
    /// Téléphone de la ligne unique
    #[arg(long, value_name = "NUMÉRO")]
    pub telephone: Option<String>,
    /// Horaires de la ligne, à la manière d’OpenStreetMap
    #[arg(long)]
    pub horaires: Option<String>,
    /// Logo, PNG ou WebP, 200 ko au plus
    #[arg(long, value_name = "FICHIER")]
    pub logo: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ExportTerritoire {
    /// Nom dans les adresses
    pub slug: String,
    /// Dossier à créer
    #[arg(long, value_name = "DOSSIER")]
    pub sortie: PathBuf,
    /// Ouvre ce que les personnes ont confié : il faut les clés
    #[arg(long)]
    pub en_clair: bool,
}

#[derive(Debug, Args)]
pub struct FermetureTerritoire {
    /// Nom dans les adresses
    pub slug: String,
    /// Jours pendant lesquels les données sont gardées, 90 sinon
    #[arg(long, value_name = "NOMBRE", default_value_t = 90, hide_default_value = true)]
    pub jours: u32,
    /// Ferme, au lieu de dire seulement ce qui se passerait
    #[arg(long)]
    pub appliquer: bool,
}

#[derive(Debug, Args)]
pub struct NouveauTerritoire {
    /// Nom dans les adresses : minuscules, chiffres, tirets
    #[arg(long)]
    pub slug: String,
    /// Nom affiché
    #[arg(long)]
    pub nom: String,
    /// Codes des EPCI qui le composent
    #[arg(long, value_delimiter = ',', value_name = "SIREN")]
    pub epci: Vec<String>,
    /// Codes INSEE de communes en plus
    #[arg(long, value_delimiter = ',', value_name = "CODE")]
    pub commune: Vec<String>,
    /// Bassins de vie : fichier CSV à trois colonnes, bassin_code;bassin_nom;code_insee
    #[arg(long, value_name = "FICHIER")]
    pub bassins: Option<PathBuf>,
    /// Toutes les communes de France
    #[arg(long)]
    pub france: bool,
    /// Téléphone de la ligne unique
    #[arg(long, value_name = "NUMÉRO")]
    pub telephone: Option<String>,
    /// Horaires de la ligne, à la manière d’OpenStreetMap
    #[arg(long)]
    pub horaires: Option<String>,
    /// Couleur principale, #1f5c45 sinon
    #[arg(long, default_value = "#1f5c45", hide_default_value = true)]
    pub couleur: String,
    /// Couleur d’accent, #8a5a00 sinon
    #[arg(long, default_value = "#8a5a00", hide_default_value = true)]
    pub accent: String,
}

#[derive(Debug, Args)]
pub struct Compte {
    #[command(subcommand)]
    pub action: ActionCompte,
}

#[derive(Debug, Subcommand)]
pub enum ActionCompte {
    /// Crée un compte ; le mot de passe est lu sur l’entrée standard
    Creer(NouveauCompte),
}

#[derive(Debug, Args)]
pub struct NouveauCompte {
    /// Territoire ; inutile s’il n’y en a qu’un
    #[arg(long, value_name = "NOM")]
    pub territoire: Option<String>,
    /// Adresse électronique
    #[arg(long)]
    pub courriel: String,
    /// Nom affiché
    #[arg(long)]
    pub nom: String,
    /// Rôle, à répéter : administration, coordination, tele_conseil, lecture…
    #[arg(long = "role", value_name = "RÔLE", default_value = "administration", value_parser = read_role)]
    pub roles: Vec<comptes::Role>,
}

fn read_role(code: &str) -> Result<comptes::Role, String> {
    comptes::Role::from_code(code).ok_or_else(|| format!("les rôles sont : {}", comptes::Role::codes()))
}

const TEMPLATE: &str = "{about}\n\nUsage : {usage}\n\n{all-args}\n";

/// Clap speaks English by itself: headings and the two automatic flags are said again in French, at every level.
pub fn in_french(command: Command) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_string()).collect();
    let mut command = command
        .help_template(TEMPLATE)
        .subcommand_help_heading("Commandes")
        .subcommand_value_name("COMMANDE")
        .next_help_heading("Options")
        .disable_help_flag(true)
        .arg(clap::Arg::new("aide").long("help").alias("aide").short('h').action(clap::ArgAction::Help).help("Affiche cette aide"));
    command = command.mut_args(|arg| if arg.is_positional() { arg.help_heading("Arguments") } else { arg.help_heading("Options") });
    if command.get_version().is_some() {
        command = command.disable_version_flag(true).arg(
            clap::Arg::new("version")
                .long("version")
                .short('V')
                .action(clap::ArgAction::Version)
                .help("Affiche la version")
                .help_heading("Options"),
        );
    }
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, in_french))
}
