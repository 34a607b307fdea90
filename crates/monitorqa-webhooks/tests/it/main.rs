//! What MonitorQA sends, and what becomes of it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failing test may panic")]

mod catalogue;
#[cfg(feature = "drift")]
mod drift;
mod errors;
mod positions;
#[cfg(feature = "drift")]
mod round_trips;
mod sizes;
mod snapshots;
mod tolerances;
mod vocabularies;

use std::fs;
use std::path::Path;

use monitorqa_webhooks::audit::AuditCompleted;
use monitorqa_webhooks::corrective_action::CorrectiveAction;
use monitorqa_webhooks::{DecodeError, Event, Webhook};
use serde_json::{Value, json};

/// A body with this event.
fn envelope(name: &str, data: &Value) -> Value {
    json!({"event": name, "data": data, "company": {"id": "c-1", "name": "Pinecrest Foods"}})
}

/// Decodes a body.
fn decode(body: &Value) -> Result<Webhook, DecodeError> {
    Webhook::from_slice(body.to_string().as_bytes())
}

/// Decodes an event with this payload.
fn event(name: &str, data: &Value) -> Event {
    decode(&envelope(name, data)).unwrap().event
}

/// Decodes an event with this payload and writes it again.
fn rewritten(name: &str, data: &Value) -> Value {
    serde_json::to_value(decode(&envelope(name, data)).unwrap()).unwrap()["data"].clone()
}

/// Decodes a finished audit.
fn completed(data: &Value) -> AuditCompleted {
    match event("AUDIT_COMPLETED", data) {
        Event::AuditCompleted(completed) => *completed,
        other => panic!("{other:?}"),
    }
}

/// Decodes a corrective action with these fields and an id.
fn action(mut fields: Value) -> CorrectiveAction {
    fields["id"] = "a-1".into();
    let data = json!({"correctiveActionId": "a-1", "correctiveAction": fields});
    match event("CORRECTIVE_ACTION_UPDATED", &data) {
        Event::CorrectiveActionUpdated(event) => event.corrective_action.unwrap(),
        other => panic!("{other:?}"),
    }
}

/// Every payload of this crate: the name of its event, the name of its case, and the body.
fn fixtures() -> Vec<(String, String, Vec<u8>)> {
    let mut fixtures = Vec::new();
    for folder in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")).unwrap() {
        let folder = folder.unwrap();
        for file in fs::read_dir(folder.path()).unwrap() {
            let path = file.unwrap().path();
            let case = path.file_stem().unwrap().to_str().unwrap().to_owned();
            fixtures.push((folder.file_name().into_string().unwrap(), case, fs::read(&path).unwrap()));
        }
    }
    assert!(!fixtures.is_empty());
    fixtures
}
