//! `maillage orienter`: the same answer as the API, for a terminal or a script.

use accueil::api::orientation::{OrientationParams, answer};
use comptes::SecondFacteur;
use kit::{Coffre, Db};
use serde_json::Value;

use super::arguments::Question;
use crate::App;

pub async fn orient(db: Db, question: &Question) -> anyhow::Result<()> {
    // Answering reads nothing that is encrypted, and writes nothing.
    let app = App::open(db, super::clock(), Coffre::ephemeral()?, SecondFacteur::Exige).await?;
    let params = OrientationParams {
        commune: question.commune.clone(),
        besoin: question.besoin.clone(),
        limite: question.limite.clone(),
        contraintes: question.contraintes.clone(),
        territoire: question.territoire.clone(),
        ..OrientationParams::default()
    };
    let json = answer(&app.accueil(), &params, app.clock.now())?;
    if question.json {
        println!("{json}");
    } else {
        print!("{}", describe(&serde_json::from_str(&json)?));
    }
    Ok(())
}

fn describe(answer: &Value) -> String {
    let besoins: Vec<&str> = answer["besoins"].as_array().into_iter().flatten().filter_map(|besoin| besoin["libelle"].as_str()).collect();
    let mut text = format!("{} – {}\n\n", besoins.join(", "), answer["commune"]["nom"].as_str().unwrap_or_default());
    text.push_str(&describe_propositions(&answer["propositions"]));
    let widened = answer["sans_solution"]["elargissements"].as_array().into_iter().flatten();
    if !answer["sans_solution"].is_null() {
        text.push_str("Aucune structure ne répond exactement à ce besoin ici.\n\n");
    }
    for one in widened {
        text.push_str(&format!("{} :\n{}", one["libelle"].as_str().unwrap_or_default(), describe_propositions(&one["propositions"])));
    }
    text
}

fn describe_propositions(propositions: &Value) -> String {
    let lines = propositions.as_array().into_iter().flatten().enumerate().map(|(rang, one)| {
        let raisons: Vec<&str> = one["raisons"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        format!(
            "{:>2}. {} – {}\n    {}\n    {}\n\n",
            rang + 1,
            one["structure"]["nom"].as_str().unwrap_or_default(),
            one["telephone"].as_str().unwrap_or("sans téléphone"),
            one["service"]["nom"].as_str().unwrap_or_default(),
            raisons.join(" · ")
        )
    });
    lines.collect()
}
