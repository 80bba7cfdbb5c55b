//! What clap refuses, said in French: it speaks English by itself.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// One sentence, and where to find help. Help and version are not refusals: `None`.
pub fn explain(error: &clap::Error) -> Option<String> {
    let what = |kind| error.get(kind).map(write).unwrap_or_default();
    let argument = what(ContextKind::InvalidArg);
    let sentence = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => return None,
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => "il manque une commande".to_string(),
        ErrorKind::MissingRequiredArgument => format!("il manque {argument}"),
        ErrorKind::UnknownArgument => format!("l’option {argument} n’existe pas"),
        ErrorKind::InvalidSubcommand => format!("la commande « {} » n’existe pas", what(ContextKind::InvalidSubcommand)),
        ErrorKind::ArgumentConflict => format!("{argument} est donné deux fois, ou contredit une autre option"),
        ErrorKind::InvalidUtf8 => "un argument n’est pas en UTF-8".to_string(),
        _ => format!("« {} » ne convient pas pour {argument}", what(ContextKind::InvalidValue)),
    };
    Some(format!("{sentence}. « maillage --help », ou --help après la commande, dit ce qui est possible."))
}

fn write(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(all) => all.join(", "),
        other => other.to_string(),
    }
}
