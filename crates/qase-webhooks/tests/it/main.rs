//! What Qase sends, and what becomes of it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a failing test may panic")]

mod catalogue;
mod errors;
mod round_trips;
mod sizes;
mod snapshots;
mod tolerances;
mod vocabularies;

use std::fs;
use std::path::Path;

use qase_webhooks::{Event, Webhook};
use serde_json::{Value, json};

/// Decodes an event with this payload.
fn event(name: &str, payload: &Value) -> Event {
    webhook(&envelope(name, payload)).event
}

/// Decodes a body.
fn webhook(body: &Value) -> Webhook {
    Webhook::from_slice(body.to_string().as_bytes()).unwrap()
}

/// Decodes an event with this payload and writes it again.
fn rewritten(name: &str, payload: &Value) -> Value {
    let written = serde_json::to_value(webhook(&envelope(name, payload))).unwrap();
    written["payload"].clone()
}

fn envelope(name: &str, payload: &Value) -> Value {
    json!({
        "event_name": name,
        "timestamp": 1_770_830_431,
        "payload": payload,
        "team_member_id": 7012,
        "project_code": "ORBIT",
    })
}

/// The payload of an event of this type.
macro_rules! payload {
    ($variant:ident, $json:tt) => {{
        let info = qase_webhooks::EventName::$variant.as_str();
        match $crate::event(info, &serde_json::json!($json)) {
            qase_webhooks::Event::$variant(payload) => payload,
            other => panic!("{other:?}"),
        }
    }};
}
use payload;

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
