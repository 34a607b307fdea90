//! What is reported as drift.

use monitorqa_webhooks::Webhook;
use monitorqa_webhooks::drift::{self, DriftKind};
use serde_json::{Value, json};

use crate::envelope;

fn drift(name: &str, data: &Value) -> Vec<(String, DriftKind)> {
    let found = drift::of::<Webhook>(envelope(name, data).to_string().as_bytes());
    found.into_iter().map(|finding| (finding.path, finding.kind)).collect()
}

#[test]
fn the_keys_of_every_position_are_known() {
    assert_eq!(drift("AUDIT_COMPLETED", &json!({"auditId": "x"})), []);
    assert_eq!(drift("AUDIT_COMPLETED", &json!({"auditId": "x", "number": "7"})), []);
    let whole = json!({"id": "x", "number": "7", "auditObject": {"id": "o", "name": "n"}});
    // The only form that the page shows has this key.
    assert_eq!(drift("AUDIT_COMPLETED", &whole), [("data.auditId".to_owned(), DriftKind::MissingField)]);
}

#[test]
fn a_new_key_is_found_in_every_position() {
    let unknown = |path: &str| (path.to_owned(), DriftKind::UnknownField);
    for data in [json!({"auditId": "x"}), json!({"auditId": "x", "id": "x", "number": "7"})] {
        let mut data = data;
        data["weather"] = "dry".into();
        assert_eq!(drift("AUDIT_COMPLETED", &data), [unknown("data.weather")], "{data}");
    }
    let nested = drift("AUDIT_COMPLETED", &json!({"auditId": "x", "audit": {"weather": "dry"}}));
    assert!(nested.contains(&unknown("data.audit.weather")), "{nested:?}");
}

#[test]
fn a_number_that_is_not_listed_is_found() {
    let data =
        json!({"correctiveActionId": "x", "correctiveAction": {"id": "x", "status": 9, "priority": 2}});
    let found = drift("CORRECTIVE_ACTION_UPDATED", &data);
    assert!(found.contains(&("data.correctiveAction.status".to_owned(), DriftKind::UnlistedValue)));
    assert!(!found.iter().any(|(path, _)| path.ends_with("priority")), "{found:?}");
}

#[test]
fn a_value_that_does_not_fit_is_found() {
    let unexpected = |path: &str| (path.to_owned(), DriftKind::UnexpectedValue);
    let data = json!({"auditId": "x", "audit": "see the report", "score": "high", "startedAt": "yesterday"});
    assert_eq!(
        drift("AUDIT_COMPLETED", &data),
        [unexpected("data.audit"), unexpected("data.score"), unexpected("data.startedAt")]
    );
    let data =
        json!({"correctiveActionId": "x", "correctiveAction": {"status": "open", "assignedUsers": ["u"]}});
    let found = drift("CORRECTIVE_ACTION_UPDATED", &data);
    for path in ["status", "assignedUsers[0]"] {
        assert!(found.contains(&unexpected(&format!("data.correctiveAction.{path}"))), "{path}: {found:?}");
    }
}

#[test]
fn a_key_that_comes_twice_is_found_and_its_last_usable_value_counts() {
    let body = br#"{"event":"AUDIT_COMPLETED","data":{"auditId":"x","score":1,"score":2,"score":[]}}"#;
    let kinds: Vec<_> = drift::of::<Webhook>(body).into_iter().map(|finding| finding.kind).collect();
    assert_eq!(kinds, [DriftKind::RepeatedKey, DriftKind::RepeatedKey, DriftKind::UnexpectedValue]);
    let webhook = Webhook::from_slice(body).unwrap();
    assert_eq!(serde_json::to_value(webhook).unwrap()["data"]["score"], 2);
}

/// No page says what may be `null`; where it means that something has not happened, it is no news.
#[test]
fn a_null_is_drift_only_where_it_means_nothing() {
    let data = json!({"correctiveActionId": "x", "correctiveAction": null});
    assert_eq!(drift("CORRECTIVE_ACTION_DELETED", &data), []);
    assert_eq!(drift("CORRECTIVE_ACTION_DELETED", &json!({"correctiveActionId": "x"})), []);
    let data = json!({"auditId": "x", "score": null, "number": null});
    assert_eq!(drift("AUDIT_COMPLETED", &data), [("data.number".to_owned(), DriftKind::UndocumentedNull)]);
    let tolerated = [
        "answer",
        "approvedAtUtc",
        "approvedBy",
        "audit",
        "auditItemId",
        "auditObject",
        "description",
        "expiredAtUtc",
        "expiredBy",
        "information",
        "question",
    ];
    for fields in [json!({}), tolerated.iter().map(|key| (*key, Value::Null)).collect()] {
        let data = json!({"correctiveActionId": "x", "correctiveAction": fields});
        let found = drift("CORRECTIVE_ACTION_UPDATED", &data);
        for key in tolerated {
            assert!(!found.iter().any(|(path, _)| path.ends_with(&format!(".{key}"))), "{key}: {found:?}");
        }
    }
}
