//! What is refused: nothing but what is no webhook, and an event of which nobody can say what it is about. An error says
//! where and what was expected, and repeats nothing of the payload.

use qase_webhooks::{DecodeError, DecodeErrorKind, Webhook};
use serde_json::{Value, json};

use crate::{envelope, fixtures};

fn refused(name: &str, payload: &Value) -> DecodeError {
    Webhook::from_slice(envelope(name, payload).to_string().as_bytes()).unwrap_err()
}

#[test]
fn an_event_without_a_usable_identity_is_refused() {
    let integer = "an integer from 0 to 2^64 - 1";
    let id = "an id: text that is not empty, or digits";
    for (name, payload, path, expected) in [
        ("suite.deleted", json!({}), "payload.id", integer),
        ("suite.deleted", json!({"id": null}), "payload.id", integer),
        ("suite.deleted", json!({"id": "secret-7"}), "payload.id", integer),
        ("suite.deleted", json!({"id": "+7"}), "payload.id", integer),
        ("suite.deleted", json!({"id": -7}), "payload.id", integer),
        ("suite.deleted", json!({"id": 7.5}), "payload.id", integer),
        ("suite.deleted", json!([{"id": 7}]), "payload.id", integer),
        ("suite.deleted", json!(null), "payload.id", integer),
        ("case.created", json!({"title": "secret-7"}), "payload.id", integer),
        ("case.updated", json!({"title": "secret-7"}), "payload.id", integer),
        ("case.cloned", json!({"from_id": 4821}), "payload.id", integer),
        ("shared_step.created", json!({"title": "secret-7"}), "payload.hash", id),
        ("shared_step.deleted", json!({"hash": ""}), "payload.hash", id),
        ("shared_step.deleted", json!({"hash": true, "id": null}), "payload.hash", id),
    ] {
        let error = refused(name, &payload);
        assert_eq!(error.kind(), DecodeErrorKind::NoIdentity, "{name} {payload}");
        assert_eq!(error.event(), Some(name));
        assert_eq!((error.path(), error.expected()), (path, expected), "{name} {payload}");
        assert_eq!(error.to_string(), format!("qase `{name}` at {path}: expected {expected}"));
        assert!(!format!("{error:?}").contains("secret-7"));
    }
}

#[test]
fn what_is_no_webhook_is_refused() {
    for (body, kind) in [
        ("", DecodeErrorKind::NotJson),
        ("event_name=run.deleted", DecodeErrorKind::NotJson),
        (r#"{"event_name":"run.deleted","payload":{"id":1}"#, DecodeErrorKind::NotJson),
        (r#"[{"event_name":"run.deleted","payload":{"id":1}}]"#, DecodeErrorKind::NotAnObject),
        (r#"{"timestamp":1,"payload":{"id":1}}"#, DecodeErrorKind::NoEventName),
        (r#"{"event_name":null,"timestamp":1,"payload":{"id":1}}"#, DecodeErrorKind::NoEventName),
        (r#"{"event_name":"","event":7,"timestamp":1,"payload":{"id":1}}"#, DecodeErrorKind::NoEventName),
        (r#"{"event_name":"run.deleted","timestamp":1}"#, DecodeErrorKind::NoIdentity),
    ] {
        let error = Webhook::from_slice(body.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), kind, "{body}");
    }
}

/// Texts of the payload that are long enough not to be part of a message by chance.
fn texts<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) if text.len() > 3 => found.push(text),
        Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
        Value::Object(values) => values.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

#[test]
fn no_refused_payload_is_repeated() {
    let mut refused = 0;
    for (name, case, body) in fixtures() {
        let Err(error) = Webhook::from_slice(&body) else { continue };
        refused += 1;
        let body: Value = serde_json::from_slice(&body).unwrap();
        let mut found = Vec::new();
        texts(&body["payload"], &mut found);
        let message = format!("{error} {error:?}");
        for text in found {
            assert!(!message.contains(text), "{name}/{case}: {text}");
        }
    }
    assert!(refused > 5);
}

#[test]
fn a_person_is_shown_without_the_address() {
    let review =
        crate::payload!(ReviewMerged, {"id": 1, "merged_by": {"email": "ines@example.com", "name": "Ines"}});
    let shown = format!("{review:?}");
    assert!(!shown.contains("ines@example.com") && shown.contains("Ines"), "{shown}");
}
