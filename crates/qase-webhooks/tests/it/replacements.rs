//! A detail never costs a delivery: whatever stands in place of a value, the webhook decodes unless the value is what
//! identifies its entity; and what could not be read is named by drift.

use std::fmt::Write as _;

use qase_webhooks::{DecodeErrorKind, Event, EventName, Webhook};
use serde_json::{Value, json};
use webhook_core::describe::{identity, write_key};
use webhook_core::{Events as _, drift};

use crate::fixtures;

/// A step from a value to a part of it.
#[derive(Clone, PartialEq)]
enum Step {
    Key(String),
    Index(usize),
}

fn paths(value: &Value, path: &mut Vec<Step>, found: &mut Vec<Vec<Step>>) {
    let parts: Vec<(Step, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, value)| (Step::Key(key.clone()), value)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(at, value)| (Step::Index(at), value)).collect(),
        _ => Vec::new(),
    };
    for (step, part) in parts {
        path.push(step);
        found.push(path.clone());
        paths(part, path, found);
        path.pop();
    }
}

/// The body with another value at a path, or without the value.
fn with(body: &Value, path: &[Step], value: Option<&Value>) -> Value {
    let mut body = body.clone();
    let Some((end, way)) = path.split_last() else { panic!("no path") };
    let place = way.iter().fold(&mut body, |place, step| match step {
        Step::Key(key) => &mut place[key],
        Step::Index(at) => &mut place[at],
    });
    match (end, value, place) {
        (Step::Key(key), Some(value), place) => place[key] = value.clone(),
        (Step::Index(at), Some(value), place) => place[at] = value.clone(),
        (Step::Key(key), None, Value::Object(map)) => drop(map.remove(key)),
        (Step::Index(at), None, Value::Array(list)) => drop(list.remove(*at)),
        _ => panic!("no such place"),
    }
    body
}

/// The path as drift and errors write it.
fn text(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Key(key) => write_key(&mut text, key),
            Step::Index(at) => write!(text, "[{at}]"),
        }
        .unwrap();
    }
    text
}

fn replacements() -> Vec<Value> {
    let texts = [
        "null",
        "true",
        "-1",
        "2.5",
        "18446744073709551616",
        r#""""#,
        r#""x""#,
        "[]",
        "{}",
        "[null]",
        r#"{"0":1}"#,
    ];
    texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect()
}

/// Ways to say that there is nothing, which are no surprise.
fn says_nothing(value: &Value) -> bool {
    [json!(null), json!(""), json!([]), json!({})].contains(value)
}

#[test]
fn whatever_stands_in_place_of_a_value_the_webhook_decodes() {
    let mut tried = 0_u32;
    let mut silent: Vec<String> = Vec::new();
    for (name, case, body) in fixtures() {
        let Ok(listed) = name.parse::<EventName>() else { continue };
        if case.starts_with("refused_") {
            continue;
        }
        let identities: Vec<String> = identity(Event::payload_shape(listed))
            .into_iter()
            .map(|(path, _)| format!("payload.{path}"))
            .collect();
        // Where one of two spellings counts, the other may hold anything.
        let two_spellings = ["both_", "beside", "before"].iter().any(|part| case.contains(part));
        let body: Value = serde_json::from_slice(&body).unwrap();
        let mut found = Vec::new();
        paths(&body, &mut Vec::new(), &mut found);
        for path in found {
            let at = text(&path);
            if matches!(at.as_str(), "event_name" | "event") {
                continue;
            }
            let is_identity = at == "payload" || identities.contains(&at);
            let without = Webhook::from_slice(with(&body, &path, None).to_string().as_bytes());
            for value in replacements().iter().map(Some).chain([None]) {
                tried += 1;
                let body = with(&body, &path, value).to_string();
                let shown = format!("{name}/{case} {at} = {value:?}");
                let webhook = match Webhook::from_slice(body.as_bytes()) {
                    Ok(webhook) => webhook,
                    Err(error) => {
                        assert!(is_identity, "{shown}: {error}");
                        assert_eq!(error.kind(), DecodeErrorKind::NoIdentity, "{shown}");
                        assert_eq!(error.path(), identities[0], "{shown}");
                        continue;
                    }
                };
                let written = serde_json::to_vec(&webhook).unwrap();
                // The time of the event is written in whole seconds.
                if at != "timestamp" {
                    assert_eq!(Webhook::from_slice(&written).unwrap(), webhook, "{shown}");
                }
                let Some(value) = value.filter(|value| !says_nothing(value)) else { continue };
                // An element of no known form is left out where it is `null`, and nothing is expected of it.
                if at == "payload.approves" && *value == json!([null]) {
                    continue;
                }
                // A time is one value, whatever it is made of.
                if at.starts_with("payload.created.") {
                    continue;
                }
                // What makes no difference was not read.
                if without.as_ref().is_ok_and(|without| *without == webhook) && !two_spellings {
                    let findings = drift::of::<Webhook>(body.as_bytes());
                    let named = |path: &str| path.starts_with(&at) || at.starts_with(path);
                    if !findings.iter().any(|finding| named(&finding.path)) {
                        silent.push(shown);
                    }
                }
            }
        }
    }
    assert!(tried > 10_000, "{tried}");
    // The keys of an object keyed by ids have no shape, so drift does not know which of them are none.
    silent.sort();
    assert_eq!(
        silent,
        [
            "plan.updated/cases_by_position payload.cases.2 = Some(Number(-1))",
            "plan.updated/key_is_no_id payload.cases.nightly = Some(Number(-1))",
        ]
    );
}
