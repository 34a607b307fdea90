//! Drift: the differences from the documented form, by path and kind, and their bounds.

use webhook_core::drift::{self, DriftKind, JsonKind, MAX_BYTES, MAX_FINDINGS, MAX_PATH_BYTES, of};

use crate::invented::SharedToken as Webhook;

fn found(body: &str) -> Vec<(String, &'static str, Option<&'static str>)> {
    let findings = of::<Webhook>(body.as_bytes());
    findings
        .into_iter()
        .map(|drift| (drift.path, drift.kind.as_str(), drift.json.map(JsonKind::as_str)))
        .collect()
}

#[test]
fn a_documented_body_has_no_drift() {
    assert_eq!(found(r#"{"name":"thing.made","at":1,"id":"e-1","payload":{"id":"7","name":404}}"#), []);
}

#[test]
fn every_kind_is_distinguished() {
    for (body, path, kind, json) in [
        (
            r#"{"name":"thing.made","payload":{"id":7,"name":"a","new":1}}"#,
            "payload.new",
            "unknown_field",
            Some("number"),
        ),
        (r#"{"name":"thing.lost","payload":{}}"#, "name", "unlisted_value", Some("string")),
        (
            r#"{"name":"thing.made","payload":{"id":7,"name":[1]}}"#,
            "payload.name",
            "unexpected_value",
            Some("array"),
        ),
        (
            r#"{"name":"thing.made","payload":{"id":7,"name":"\ud800"}}"#,
            "payload.name",
            "unexpected_value",
            Some("string"),
        ),
        (
            r#"{"name":"thing.made","at":1770830431000,"payload":{"id":7,"name":"a"}}"#,
            "at",
            "unexpected_value",
            Some("number"),
        ),
        (r#"{"name":"thing.made","payload":{"id":7}}"#, "payload.name", "missing_field", None),
        (
            r#"{"name":"thing.made","payload":{"id":7,"name":null}}"#,
            "payload.name",
            "undocumented_null",
            Some("null"),
        ),
        (
            r#"{"name":"thing.made","payload":{"id":7,"name":"a","id":7}}"#,
            "payload.id",
            "repeated_key",
            Some("number"),
        ),
        (
            r#"{"name":"things.forgotten","payload":[1,"x"]}"#,
            "payload[1]",
            "unexpected_value",
            Some("string"),
        ),
        (r#"{"name":"things.forgotten","payload":[null]}"#, "payload[0]", "undocumented_null", Some("null")),
        (r#"{"name":"things.forgotten","payload":{"a":1}}"#, "payload", "unexpected_value", Some("object")),
        (r#"{"name":"things.forgotten"}"#, "payload", "missing_field", None),
        (r#"{"name":"things.forgotten","payload":null}"#, "payload", "undocumented_null", Some("null")),
        (r#"{"name":5,"kind":"things.forgotten","payload":[]}"#, "name", "unexpected_value", Some("number")),
        (r#"{"kind":"things.forgotten","name":"","payload":[]}"#, "name", "unexpected_value", Some("string")),
        (
            r#"{"name":null,"kind":"things.forgotten","payload":[]}"#,
            "name",
            "undocumented_null",
            Some("null"),
        ),
        // The old key is used only if there is no name.
        (
            r#"{"kind":"thing.made","name":"things.forgotten","payload":[]}"#,
            "kind",
            "unexpected_value",
            Some("string"),
        ),
    ] {
        assert_eq!(found(body), [(path.to_owned(), kind, json)], "{body}");
        assert_eq!(
            drift::decode::<Webhook>(body.as_bytes()).map_or(1, |decoded| decoded.drift.len()),
            1,
            "{body}"
        );
    }
}

#[test]
fn an_old_name_that_is_equal_is_no_drift() {
    assert_eq!(found(r#"{"kind":"things.forgotten","name":"things.forgotten","payload":[]}"#), []);
}

#[test]
fn a_repeated_key_of_the_envelope_is_reported() {
    for (body, path) in [
        (r#"{"name":"thing.made","name":"thing.lost","payload":{"id":7,"name":"a"}}"#, "name"),
        (r#"{"name":"thing.made","payload":{"id":7,"name":"a"},"payload":{"id":8,"new":1}}"#, "payload"),
        (r#"{"id":"a","name":"thing.made","payload":{"id":7,"name":"a"},"id":"b"}"#, "id"),
    ] {
        let found = found(body);
        assert_eq!(
            found.iter().map(|(path, kind, _)| (path.as_str(), *kind)).collect::<Vec<_>>(),
            [(path, "repeated_key")]
        );
    }
}

#[test]
fn expected_values_are_described() {
    let findings = of::<Webhook>(br#"{"name":"thing.made","payload":{"id":"x","name":{}}}"#);
    let words: Vec<_> = findings.iter().map(|drift| drift.expected.as_deref().unwrap()).collect();
    assert_eq!(words, ["an integer from 0 to 2^64 - 1", "text"]);
}

#[test]
fn a_finding_is_printed_as_kind_path_and_what_was_expected() {
    let printed =
        |body: &str| of::<Webhook>(body.as_bytes()).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        printed(r#"{"name":"thing.made","payload":{"id":7,"name":{},"new":1}}"#),
        ["unexpected value payload.name (object), expected text", "unknown field payload.new (number)"]
    );
    assert_eq!(printed(r#"{"name":"thing.made","payload":{"id":7}}"#), ["missing field payload.name"]);
}

#[test]
fn findings_before_a_syntax_error_are_returned() {
    assert_eq!(found(r#"{"new":1,"name":"thing.made","payload":{"id":"#)[0].0, "new");
    assert_eq!(found("[]"), []);
}

#[test]
fn a_finding_works_with_serde() {
    let findings = of::<Webhook>(br#"{"name":"thing.made","payload":{"id":7}}"#);
    let json = serde_json::to_string(&findings).unwrap();
    assert_eq!(json, r#"[{"path":"payload.name","kind":"missing_field","json":null}]"#);
    assert_eq!(serde_json::from_str::<Vec<drift::Drift>>(&json).unwrap(), findings);
    assert_eq!("unknown_field".parse(), Ok(DriftKind::UnknownField));
}

/// The sender chooses keys and depth, but the memory for findings is bounded.
#[test]
fn findings_are_bounded_whatever_the_sender_writes() {
    let long = "k".repeat(500_000);
    let keys: Vec<_> = (0..5_000).map(|number| format!(r#""{number}{}":1,"#, "k".repeat(300))).collect();
    let many = keys.concat();
    let bodies = [
        format!(r#"{{"name":"thing.made","{long}":1,"payload":{{"{long}":{{"{long}":1}},"id":7}}}}"#),
        format!(r#"{{"name":"thing.made",{many}"payload":{{{many}"id":7}}}}"#),
        format!(r#"{{"name":"things.forgotten","payload":[{}1]}}"#, "{},".repeat(200_000)),
        format!(r#"{{"name":"thing.made","{}":1,"payload":{{"id":7}}}}"#, "é\u{202e}".repeat(100_000)),
    ];
    for body in bodies {
        let findings = of::<Webhook>(body.as_bytes());
        assert!(!findings.is_empty() && findings.len() <= MAX_FINDINGS);
        assert!(findings.iter().all(|drift| drift.path.len() <= MAX_PATH_BYTES), "{findings:?}");
        assert!(findings.iter().map(|drift| drift.path.len()).sum::<usize>() <= MAX_BYTES + MAX_PATH_BYTES);
    }
}
