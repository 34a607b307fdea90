//! An error says where and what was expected, and repeats nothing of the payload.

use std::error::Error as _;

use qase_webhooks::{DecodeError, DecodeErrorKind, Webhook};
use serde_json::{Value, json};

use crate::{envelope, fixtures};

fn refused(name: &str, payload: &Value) -> DecodeError {
    Webhook::from_slice(envelope(name, payload).to_string().as_bytes()).unwrap_err()
}

#[test]
fn an_error_has_event_path_and_expectation() {
    let integer = "an integer from 0 to 2^64 - 1, or its digits as text";
    for (name, payload, path, expected) in [
        ("suite.deleted", json!({}), "payload.id", "a value"),
        ("suite.deleted", json!({"id": null}), "payload.id", integer),
        ("suite.deleted", json!({"id": "secret-7"}), "payload.id", integer),
        ("suite.deleted", json!({"id": "+7"}), "payload.id", integer),
        ("suite.deleted", json!({"id": -7}), "payload.id", integer),
        ("suite.deleted", json!({"id": 7.5}), "payload.id", integer),
        ("suite.deleted", json!([{"id": 7}]), "payload", "an object"),
        ("case.updated", json!({"title": "secret-7"}), "payload.id", "a value"),
        ("case.cloned", json!({"id": 1, "from_id": "secret-7"}), "payload.from_id", integer),
        (
            "case.created",
            json!({"id": 1, "priority": {"title": "secret-7"}}),
            "payload.priority.id",
            "a value",
        ),
        (
            "case.created",
            json!({"id": 1, "type": [7]}),
            "payload.type",
            "an object, an integer from -2^63 to 2^63 - 1, or text",
        ),
        (
            "case.created",
            json!({"id": 1, "type": "99999999999999999999"}),
            "payload.type",
            "an object, an integer from -2^63 to 2^63 - 1, or text",
        ),
        (
            "case.created",
            json!({"id": 1, "steps": [{}, {"steps": [{"shared": 7}]}]}),
            "payload.steps[1].steps[0].shared",
            "true or false, or 1 or 0, or text",
        ),
        (
            "defect.created",
            json!({"id": 1, "attachments": [1, -7]}),
            "payload.attachments[1]",
            "an id from 0 to 2^64 - 1, a hash as text, or an object",
        ),
        (
            "run.started",
            json!({"id": 1, "plan": "secret-7"}),
            "payload.plan",
            "an object, or an id as an integer or its digits",
        ),
        (
            "run.started",
            json!({"id": 1, "environment": 7}),
            "payload.environment",
            "text, or an object with text under `slug`, or null",
        ),
        (
            "run.updated",
            json!({"id": 1, "cases_added": "secret-7"}),
            "payload.cases_added",
            "an integer from 0 to 2^64 - 1, its digits as text, or a list to be counted",
        ),
        ("plan.updated", json!({"id": 1, "cases": [1, "secret-7"]}), "payload.cases[1]", integer),
        (
            "plan.updated",
            json!({"id": 1, "cases": "secret-7"}),
            "payload.cases",
            "an object keyed by case id, or a list of case ids",
        ),
        (
            "custom_field.created",
            json!({"id": 1, "default_value": ["secret-7"]}),
            "payload.default_value",
            "text, a number, or true or false",
        ),
        (
            "review.updated",
            json!({"id": 1, "data": {"is_flaky": 7}}),
            "payload.data.is_flaky",
            "true or false, or 1 or 0",
        ),
        (
            "review.updated",
            json!({"id": 1, "data": {"tags": ["a", 7]}}),
            "payload.data.tags[1]",
            "text, or an object with text under `title`, or null",
        ),
        (
            "review.created",
            json!({"id": 1, "created": "secret-7"}),
            "payload.created",
            "a date and time as text",
        ),
    ] {
        let error = refused(name, &payload);
        assert_eq!(error.kind(), DecodeErrorKind::Payload, "{name} {payload}");
        assert_eq!(error.event(), Some(name));
        assert_eq!((error.path(), error.expected()), (path, expected), "{name} {payload}");
        assert_eq!(error.to_string(), format!("qase `{name}` at {path}: expected {expected}"));
        assert!(!format!("{error:?}").contains("secret-7"));
        assert!(error.source().is_some());
    }
}

#[test]
fn a_key_that_comes_twice_is_refused() {
    for payload in
        [r#"{"id":1,"id":1}"#, r#"{"id":1,"title":"a","title":"a"}"#, r#"{"id":1,"from_id":1,"from_id":1}"#]
    {
        let body = format!(r#"{{"event_name":"case.cloned","timestamp":1,"payload":{payload}}}"#);
        let error = Webhook::from_slice(body.as_bytes()).unwrap_err();
        assert_eq!(error.expected(), "the key once", "{payload}");
    }
}

#[test]
fn the_counters_of_a_run_must_come() {
    let whole = json!({"id": 1, "cases": 4, "passed": 1, "failed": 1, "blocked": 1});
    for key in ["id", "cases", "passed", "failed", "blocked"] {
        let mut payload = whole.clone();
        payload.as_object_mut().unwrap().remove(key);
        for event in ["run.completed", "run.aborted"] {
            assert_eq!(refused(event, &payload).path(), format!("payload.{key}"));
        }
    }
}

#[test]
fn the_envelope_needs_a_name_a_time_and_a_payload() {
    let error = Webhook::from_slice(br#"{"timestamp":1,"payload":{"id":1}}"#).unwrap_err();
    assert_eq!((error.kind(), error.path()), (DecodeErrorKind::NoEventName, "event_name"));
    let error = Webhook::from_slice(br#"{"event_name":"run.deleted","payload":{"id":1}}"#).unwrap_err();
    assert_eq!((error.kind(), error.path()), (DecodeErrorKind::Envelope, "timestamp"));
    let error = Webhook::from_slice(br#"{"event_name":"run.deleted","timestamp":1}"#).unwrap_err();
    assert_eq!((error.kind(), error.path()), (DecodeErrorKind::Envelope, "payload"));
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
