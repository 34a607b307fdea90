//! What is written is what the vendor writes.

use std::collections::BTreeSet;

use qase_webhooks::Webhook;
use serde_json::{Value, json};
use webhook_core::drift;

use crate::{envelope, event, fixtures, rewritten, webhook};

#[test]
fn every_payload_decodes_again_from_what_is_written() {
    for (name, case, body) in fixtures() {
        let Ok(webhook) = Webhook::from_slice(&body) else { continue };
        let written = serde_json::to_vec(&webhook).unwrap();
        assert_eq!(Webhook::from_slice(&written).unwrap(), webhook, "{name}/{case}");
        assert_eq!(serde_json::from_slice::<Webhook>(&written).unwrap(), webhook, "{name}/{case}");
    }
}

/// The payloads in the vendor's present spelling come out as they went in, except that the `null` of an optional key is
/// left out.
#[test]
fn the_present_spelling_is_written_back_unchanged() {
    fn without_nulls(value: Value) -> Value {
        match value {
            Value::Object(map) => map
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| (key, without_nulls(value)))
                .collect(),
            Value::Array(list) => list.into_iter().map(without_nulls).collect(),
            other => other,
        }
    }
    let mut unchanged = BTreeSet::new();
    for (name, case, body) in fixtures() {
        let Ok(webhook) = Webhook::from_slice(&body) else { continue };
        let written = serde_json::to_value(&webhook).unwrap();
        if without_nulls(written) == without_nulls(serde_json::from_slice(&body).unwrap()) {
            unchanged.insert(format!("{name}/{case}"));
        }
    }
    for case in [
        "case.cloned/id_only",
        "case.created/full",
        "case.deleted/id_only",
        "custom_field.created/typical",
        "defect.created/full",
        "defect.created/vendor_page",
        "plan.created/full",
        "plan.created/no_cases",
        "plan.updated/typical",
        "review.created/full",
        "review.updated/full",
        "run.aborted/full",
        "run.completed/full",
        "run.started/with_plan",
        "shared_step.created/vendor_page",
        "suite.created/full",
        "requirement.linked/unlisted_event",
    ] {
        assert!(unchanged.contains(case), "{case} is not among {unchanged:?}");
    }
}

/// Of a changed case every key but the id may be missing, so an empty list is left out as well.
#[test]
fn a_changed_case_is_written_without_what_it_does_not_say() {
    let payload = json!({
        "id": 1, "from_id": 2, "title": "Docking", "status": {"id": 1, "title": "Draft"},
        "steps": [{"position": 1, "action": null, "expected_result": null, "data": null, "attachments": [], "shared": false}],
    });
    assert_eq!(rewritten("case.cloned", &payload), payload);
    let written = rewritten("case.updated", &json!({"id": 1, "title": null, "steps": [], "suite_id": 7}));
    assert_eq!(written, json!({"id": 1, "suite_id": 7}));
}

#[test]
fn a_system_field_keeps_its_form() {
    for field in [
        json!({"id": 1, "title": "High", "icon": "arrow-up", "color": "high"}),
        json!({"id": 3, "title": null}),
        json!(-1),
        json!("blocked"),
    ] {
        let written = rewritten("case.created", &json!({"id": 1, "severity": field}));
        assert_eq!(written["severity"], field);
    }
}

#[test]
fn an_attachment_keeps_its_form() {
    let attachments = json!([501, "b0eb53f1", {"filename": "clamp.png", "size": 20480}, {}]);
    let written = rewritten("defect.created", &json!({"id": 1, "attachments": attachments}));
    assert_eq!(written["attachments"], attachments);
}

#[test]
fn the_cases_of_a_plan_keep_their_form() {
    for cases in [json!({"7": 0, "12": null, "4821": -1}), json!([47, 41, 42, 41]), json!([])] {
        assert_eq!(rewritten("plan.updated", &json!({"id": 1, "cases": cases}))["cases"], cases);
    }
}

#[test]
fn a_key_that_is_no_id_of_a_case_is_left_out() {
    for key in ["archived", "0", "00", "+7", "-7", ""] {
        let body = format!(
            r#"{{"event_name":"plan.updated","timestamp":1,"payload":{{"id":1,"cases":{{"4821":2,"{key}":4823}}}}}}"#
        );
        let webhook = Webhook::from_slice(body.as_bytes()).unwrap();
        let written = serde_json::to_value(&webhook).unwrap();
        assert_eq!(written["payload"]["cases"], json!({"4821": 2}), "{key}");
    }
    // PHP's list by position starts with 0.
    let body = br#"{"event_name":"plan.updated","timestamp":1,"payload":{"id":1,"cases":{"archived":4821,"0":4823}}}"#;
    let written = serde_json::to_value(Webhook::from_slice(body).unwrap()).unwrap();
    assert_eq!(written["payload"]["cases"], json!([]));
    let decoded = drift::decode::<Webhook>(body).unwrap();
    assert!(decoded.drift.iter().any(|finding| finding.path == "payload.cases.archived"), "{decoded:?}");
}

#[test]
fn an_empty_plan_is_written_the_way_php_does() {
    assert_eq!(rewritten("plan.updated", &json!({"id": 1, "cases": {}}))["cases"], json!([]));
}

#[test]
fn a_documented_null_is_written_and_an_optional_key_is_not() {
    let started = rewritten("run.started", &json!({"id": 1}));
    assert_eq!(started["plan"], Value::Null);
    assert!(started.as_object().unwrap().contains_key("plan"));
    let completed = json!({"id": 1, "cases": 0, "passed": 0, "failed": 0, "blocked": 0, "duration": 0});
    assert_eq!(rewritten("run.completed", &completed), completed);
}

#[test]
fn other_spellings_are_written_in_the_present_one() {
    let written = rewritten("shared_step.updated", &json!({"id": "a4c1"}));
    assert_eq!(written, json!({"hash": "a4c1"}));
    let written = rewritten("run.updated", &json!({"id": 1, "cases_count": [4, 5]}));
    assert_eq!(written, json!({"id": 1, "cases_added": 2}));
    let written = rewritten("custom_field.updated", &json!({"id": "1", "is_required": 1}));
    assert_eq!(written, json!({"id": 1, "isRequired": true}));
    let written =
        rewritten("review.updated", &json!({"id": 1, "data": {"is_flaky": true, "params": {}, "tags": []}}));
    assert_eq!(written["data"], json!({"is_flaky": 1, "params": [], "tags": []}));
    let written = serde_json::to_value(webhook(&json!({
        "event": "run.deleted", "timestamp": "1584198248", "payload": {"id": 1}
    })));
    assert_eq!(
        written.unwrap(),
        json!({"event_name": "run.deleted", "timestamp": 1_584_198_248, "payload": {"id": 1}})
    );
}

/// With its keys turned around, the payload comes before the name, and an alias before or after its key. Keys that are
/// numbers are the elements of a list, whose order does matter.
#[test]
fn the_order_of_keys_does_not_matter() {
    fn turned(value: &Value) -> String {
        match value {
            Value::Object(map) => {
                let entries = map.iter().map(|(key, value)| format!("{key:?}:{}", turned(value)));
                let mut entries: Vec<_> = entries.collect();
                if !map.keys().all(|key| key.parse::<u64>().is_ok()) {
                    entries.reverse();
                }
                format!("{{{}}}", entries.join(","))
            }
            Value::Array(list) => format!("[{}]", list.iter().map(turned).collect::<Vec<_>>().join(",")),
            other => other.to_string(),
        }
    }
    for (name, case, body) in fixtures() {
        // A `Value` does not keep the spelling of numbers, so the body is written by it in both orders.
        let body: Value = serde_json::from_slice(&body).unwrap();
        let Ok(expected) = Webhook::from_slice(body.to_string().as_bytes()) else { continue };
        let found = Webhook::from_slice(turned(&body).as_bytes()).unwrap();
        let (found, expected) =
            (serde_json::to_value(found).unwrap(), serde_json::to_value(expected).unwrap());
        assert_eq!(found, expected, "{name}/{case}");
    }
}

#[test]
fn a_payload_before_its_name_is_the_same_event() {
    let payload = json!({"id": 1, "title": "Docking", "case": [1]});
    let early = format!(r#"{{"payload":{payload},"timestamp":1,"event_name":"suite.created"}}"#);
    let late = format!(r#"{{"event_name":"suite.created","timestamp":1,"payload":{payload}}}"#);
    assert_eq!(Webhook::from_slice(early.as_bytes()).unwrap(), Webhook::from_slice(late.as_bytes()).unwrap());
    assert_eq!(event("suite.created", &payload), webhook(&envelope("suite.created", &payload)).event);
}
