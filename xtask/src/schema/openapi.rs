//! The webhooks of a vendor as an `OpenAPI` 3.1 document.

use serde_json::{Map, Value, json};
use webhook_core::{Authentication, Standing, schema};

use super::{Catalogue, Event};

/// The name of the one security scheme.
const SCHEME: &str = "delivery";

/// The document, with every event under `webhooks` and the types below `components`.
pub(super) fn document(catalogue: &Catalogue) -> Value {
    let webhooks: Map<String, Value> = catalogue
        .events
        .iter()
        .zip(&catalogue.bodies)
        .map(|(event, body)| {
            (event.info.name.to_owned(), json!({ "post": operation(catalogue, event, body) }))
        })
        .collect();
    json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": schema::DIALECT,
        "info": {
            "title": format!("Webhooks of {}", catalogue.vendor),
            "description": "For validation: every spelling that is read validates, and required is only the name of the event and \
                what it is about. Events, keys and values that are not listed may arrive. A delivery that does not \
                validate may still decode without one of its values: keep it. For code generators there is a document of \
                its own beside this one.",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "security": [{ SCHEME: [] }],
        "webhooks": webhooks,
        "components": {
            "schemas": catalogue.components,
            "securitySchemes": { SCHEME: security_scheme(catalogue.authentication) },
        },
    })
}

fn operation(catalogue: &Catalogue, event: &Event, body: &Value) -> Value {
    let content_type = catalogue.content_type.unwrap_or("application/json");
    let examples = json!({ "sample": { "value": event.example } });
    json!({
        "operationId": event.info.name,
        "summary": event.info.summary,
        "deprecated": event.info.standing == Standing::Deprecated,
        "externalDocs": { "description": "Vendor page", "url": event.info.source },
        "requestBody": {
            "required": true,
            "content": { content_type: { "schema": body, "examples": examples } },
        },
        "responses": { "2XX": { "description": "Received." } },
    })
}

fn security_scheme(authentication: Authentication) -> Value {
    match authentication {
        Authentication::SharedToken { header } => json!({
            "type": "apiKey",
            "in": "header",
            "name": header,
            "description": "The configured secret itself.",
        }),
        Authentication::BodyHmac { header } => json!({
            "type": "apiKey",
            "in": "header",
            "name": header,
            "description": "An HMAC of the raw body under the configured secret. The vendor says neither which hash nor \
                which encoding.",
        }),
        // The vendor has no authentication, so the receiver chooses the name of the parameter.
        _ => json!({
            "type": "apiKey",
            "in": "query",
            "name": "token",
            "description": "The vendor authenticates nothing: a token that the receiver put into the URL it gave to the \
                vendor, as a value of the query or as a segment of the path.",
        }),
    }
}
