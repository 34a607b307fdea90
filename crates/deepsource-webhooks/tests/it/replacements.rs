//! A detail never costs a delivery: whatever stands in place of a value, the webhook decodes unless the value is what
//! identifies its entity; and what could not be read is named by drift.

use deepsource_webhooks::{DecodeErrorKind, Envelope as _, Webhook};
use serde_json::{Value, json};
use webhook_core::drift;

use crate::fixture;

/// Every path in a value, as JSON pointers.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let parts: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, value)| (format!("{at}/{key}"), value)).collect(),
        Value::Array(list) => {
            list.iter().enumerate().map(|(index, value)| (format!("{at}/{index}"), value)).collect()
        }
        _ => Vec::new(),
    };
    for (pointer, part) in parts {
        pointers(part, &pointer, found);
        found.push(pointer);
    }
}

/// The body with another value at a path, or without the value.
fn with(body: &Value, pointer: &str, value: Option<&Value>) -> String {
    let mut body = body.clone();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match (value, body.pointer_mut(parent).unwrap()) {
        (Some(value), _) => *body.pointer_mut(pointer).unwrap() = value.clone(),
        (None, Value::Object(map)) => drop(map.remove(key)),
        (None, Value::Array(list)) => drop(list.remove(key.parse().unwrap())),
        _ => panic!("no such place"),
    }
    body.to_string()
}

/// The path as drift and errors write it.
fn shown(body: &Value, pointer: &str) -> String {
    let (mut path, mut value) = (String::new(), body);
    for step in pointer.split('/').skip(1) {
        value = match value {
            Value::Array(list) => {
                path = format!("{path}[{step}]");
                &list[step.parse::<usize>().unwrap()]
            }
            object => {
                let dot = if path.is_empty() { "" } else { "." };
                path = format!("{path}{dot}{step}");
                &object[step]
            }
        };
    }
    path
}

fn replacements() -> [Value; 11] {
    [
        json!(null),
        json!(true),
        json!(-1),
        json!(2.5),
        json!(18_446_744_073_709_551_615_u64),
        json!(""),
        json!("x"),
        json!([]),
        json!({}),
        json!([null]),
        json!({"0": 1}),
    ]
}

/// Ways to say that there is nothing, which are no surprise.
fn says_nothing(value: &Value) -> bool {
    [json!(null), json!(""), json!([]), json!({})].contains(value)
}

#[test]
fn whatever_stands_in_place_of_a_value_the_webhook_decodes() {
    let mut tried = 0_u32;
    // They have every key; the other payloads would only take time.
    for fixture in fixture::all().iter().filter(|fixture| fixture.case == "vendor_page") {
        let Ok(whole) = Webhook::from_slice(&fixture.body) else { continue };
        let Some(info) = whole.info() else { continue };
        let identity: Vec<String> = info.identity().iter().map(|path| format!("data.{path}")).collect();
        let body: Value = serde_json::from_slice(&fixture.body).unwrap();
        let mut found = Vec::new();
        pointers(&body, "", &mut found);
        for pointer in found.iter().filter(|pointer| *pointer != "/type") {
            let at = shown(&body, pointer);
            let identifies = identity.iter().any(|path| *path == at || path.starts_with(&format!("{at}.")));
            let without = Webhook::from_slice(with(&body, pointer, None).as_bytes());
            for value in replacements().iter().map(Some).chain([None]) {
                tried += 1;
                let body = with(&body, pointer, value);
                let shown = format!("{} {at} = {value:?}", fixture.event);
                let webhook = match Webhook::from_slice(body.as_bytes()) {
                    Ok(webhook) => webhook,
                    Err(error) => {
                        assert!(identifies, "{shown}: {error}");
                        assert_eq!(error.kind(), DecodeErrorKind::NoIdentity, "{shown}");
                        assert_eq!(error.path(), identity[0], "{shown}");
                        continue;
                    }
                };
                let written = serde_json::to_vec(&webhook).unwrap();
                // A time is written in whole seconds.
                if !(at.ends_with("At") && value == Some(&json!(2.5))) {
                    assert_eq!(Webhook::from_slice(&written).unwrap(), webhook, "{shown}");
                }
                // What makes no difference was not read, unless another spelling or place of the identity counted.
                let read = without.as_ref().is_ok_and(|without| *without != webhook);
                if read || identifies || value.is_none_or(says_nothing) {
                    continue;
                }
                // Of an error of 2021 nothing is expected.
                if at == "data.errors" {
                    continue;
                }
                let drift = drift::of::<Webhook>(body.as_bytes());
                // An object that is unknown or unusable is named as one.
                let named = |path: &str| path.starts_with(&at) || at.starts_with(path);
                assert!(drift.iter().any(|finding| named(&finding.path)), "{shown}");
            }
        }
    }
    assert!(tried > 4_000, "{tried}");
}
