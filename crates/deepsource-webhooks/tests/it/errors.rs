//! What is refused, and what is said about it.

use deepsource_webhooks::{DecodeErrorKind, Envelope as _, Webhook};
use serde_json::{Value, json};

use crate::fixture::{self, body, decode};

const AN_ID: &str = "an id: text that is not empty, or digits";

#[test]
fn an_event_that_is_about_nothing_is_refused_with_the_path_of_its_id() {
    for (event, case, path) in [
        ("analysis_run.updated", "refused_no_data", "data.object.id"),
        ("analysis_run.updated", "refused_no_object", "data.object.id"),
        ("analysis_run.updated", "refused_null_id", "data.object.id"),
        ("team_member.updated", "refused_no_user", "data.object.user.id"),
        ("analysis.updated", "refused_no_run_id", "data.run_id"),
    ] {
        let error = Webhook::from_slice(&body(event, case)).unwrap_err();
        assert_eq!((error.event(), error.kind()), (Some(event), DecodeErrorKind::NoIdentity), "{case}");
        assert_eq!((error.path(), error.expected()), (path, AN_ID), "{case}");
    }
}

#[test]
fn the_identity_of_every_event_is_declared() {
    let identities: Vec<_> = Webhook::catalogue().iter().map(|info| info.identity().join(" ")).collect();
    let expected = [
        "object.id",
        "object.id",
        "object.runUid",
        "object.runUid",
        "object.id",
        "object.id",
        "object.id",
        "object.id",
        "object.user.id",
        "object.user.id",
        "object.user.id",
        "",
        "run_id",
    ];
    assert_eq!(identities, expected);
}

#[test]
fn the_path_is_the_same_when_the_payload_comes_first() {
    let body = br#"{"data":{"object":{"id":[],"runUid":"b"}},"id":"1","type":"analysis_run.started"}"#;
    let error = Webhook::from_slice(body).unwrap_err();
    assert_eq!((error.path(), error.expected()), ("data.object.id", AN_ID));
}

/// Every text and number of a payload, replaced one at a time by something of another type that is easy to recognise.
#[test]
fn an_error_repeats_nothing_of_the_payload() {
    const MARK: &str = "leaked-mara@example.com, expected nothing";
    let mut refused = 0;
    for fixture in fixture::all().iter().filter(|fixture| !fixture.is_refused()) {
        let whole: Value = serde_json::from_slice(&fixture.body).unwrap();
        let mut all = Vec::new();
        leaves(&whole, "", &mut all);
        for pointer in all.iter().filter(|pointer| *pointer != "/type") {
            for wrong in [json!(MARK), json!({ "x": MARK }), json!([MARK]), json!(-77_120_345.5)] {
                let mut changed = whole.clone();
                *changed.pointer_mut(pointer).unwrap() = wrong;
                let Err(error) = decode(&changed) else { continue };
                refused += 1;
                let said = format!("{error} {error:?}");
                assert!(!said.contains("leaked") && !said.contains("77120345"), "{pointer}: {said}");
            }
        }
    }
    assert!(refused > 100, "{refused}");
}

fn leaves(json: &Value, at: &str, found: &mut Vec<String>) {
    match json {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| leaves(value, &format!("{at}/{key}"), found));
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(index, value)| leaves(value, &format!("{at}/{index}"), found));
        }
        _ => found.push(at.to_owned()),
    }
}

#[test]
fn a_sample_with_a_brace_too_few_is_no_json() {
    // Three samples of the vendor's page are so; decoding stays strict.
    let mut body = body("team_member.updated", "vendor_page");
    while body.pop() != Some(b'}') {}
    let error = Webhook::from_slice(&body).unwrap_err();
    assert_eq!(error.kind(), DecodeErrorKind::NotJson);
    assert_eq!(error.event(), Some("team_member.updated"));
}
