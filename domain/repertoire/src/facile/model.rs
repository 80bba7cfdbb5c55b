//! The words of a sheet, and who read them.

use chrono::NaiveDate;
use kit::secret;
use serde::Deserialize;

/// A need in words of every day, a sentence a line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mots {
    pub quoi: Vec<String>,
    pub pour: Vec<String>,
    /// What one says on the telephone.
    pub dire: String,
    /// Numbers that answer at once, where waiting is a danger.
    #[serde(default)]
    pub urgence: Vec<String>,
    /// Nobody should have to ask the price of it.
    #[serde(default)]
    pub gratuit: bool,
    /// Who needs it does not telephone: somebody close does.
    #[serde(default)]
    pub proche: bool,
}

impl Mots {
    pub fn phrases(&self) -> impl Iterator<Item = &String> {
        self.quoi.iter().chain(&self.pour).chain([&self.dire]).chain(&self.urgence)
    }

    /// What tells the words of a territoire from others: those of emergencies are not its own.
    pub fn empreinte(&self) -> String {
        let own = [self.quoi.join("\n"), self.pour.join("\n"), self.dire.clone()];
        secret::fingerprint(&own.join("\n\n"))
    }
}

/// Persons concerned who read a sheet and found it clear, as the territoire names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relecture {
    pub par: String,
    pub le: NaiveDate,
}

/// The words that a territoire keeps for a sheet: those that it wrote, or that persons read. They no longer follow what is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MotsTenus {
    pub mots: Mots,
    /// None as long as nobody read these very words.
    pub relecture: Option<Relecture>,
}
