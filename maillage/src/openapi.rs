//! The description of the API, made of the handlers themselves, and the page that people read.

use std::sync::LazyLock;

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kit::Result;
use kit::routes::{Routes, Tous};
use serde_json::Value;
use ui::{Frame, show};
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Maillage",
        description = "Quelles structures desservent vraiment une commune, pour quel besoin, et pourquoi. Ouvert, sans compte.",
        license(name = "AGPL-3.0-or-later", identifier = "AGPL-3.0-or-later")
    ),
    paths(
        territoire::api::show_communes,
        annuaire::api::show_besoins,
        diffusion::api::lecture::show_structures,
        diffusion::api::lecture::show_services,
        accueil::api::orientation::show_orientations,
        accueil::api::demande::create_demande,
        observatoire::api::show_reseau,
        observatoire::api::show_chiffres_ouverts,
        ligne::api::show_ligne
    ),
    components(schemas(accueil::api::orientation::OrientationBody, accueil::api::ProblemBody))
)]
struct Description;

static JSON: LazyLock<String> = LazyLock::new(|| Description::openapi().to_json().unwrap_or_default());

pub fn routes() -> Routes {
    Routes::new().get("/api/openapi.json", show_json).get("/api", show_page)
}

async fn show_json(_: Tous) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], JSON.as_str()).into_response()
}

/// One operation, as the page shows it.
struct Operation {
    method: String,
    path: String,
    summary: String,
    parameters: Vec<Parameter>,
    responses: Vec<(String, String)>,
}

struct Parameter {
    name: String,
    place: &'static str,
    is_required: bool,
    description: String,
}

#[derive(Template)]
#[template(path = "api.html")]
struct ApiPage {
    frame: Frame,
    operations: Vec<Operation>,
}

async fn show_page(_: Tous) -> Result<Response> {
    let description: Value = serde_json::from_str(&JSON).map_err(anyhow::Error::from)?;
    show(&ApiPage { frame: Frame::bare("Données et API"), operations: list_operations(&description) })
}

fn list_operations(description: &Value) -> Vec<Operation> {
    let paths = description["paths"].as_object().into_iter().flatten();
    let operations =
        paths.flat_map(|(path, methods)| methods.as_object().into_iter().flatten().map(move |(method, one)| (path, method, one)));
    operations
        .map(|(path, method, one)| Operation {
            method: method.to_uppercase(),
            path: path.clone(),
            summary: text(&one["responses"]["200"]["description"], &text(&one["summary"], "")),
            parameters: list_parameters(one, description),
            responses: one["responses"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(code, response)| (code.clone(), text(&response["description"], "")))
                .collect(),
        })
        .collect()
}

/// The parameters of the address, and the fields of the body.
fn list_parameters(operation: &Value, description: &Value) -> Vec<Parameter> {
    let query = operation["parameters"].as_array().into_iter().flatten().map(|parameter| Parameter {
        name: text(&parameter["name"], ""),
        place: "adresse",
        is_required: parameter["required"].as_bool().unwrap_or_default(),
        description: text(&parameter["description"], ""),
    });
    let schema = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str().unwrap_or_default();
    let schema = description.pointer(schema.trim_start_matches('#')).unwrap_or(&Value::Null);
    let fields = schema["properties"].as_object().into_iter().flatten().map(|(name, field)| Parameter {
        name: name.clone(),
        place: "corps",
        is_required: matches!(name.as_str(), "commune" | "besoin"),
        description: text(&field["description"], ""),
    });
    query.chain(fields).collect()
}

fn text(value: &Value, otherwise: &str) -> String {
    value.as_str().unwrap_or(otherwise).to_string()
}
