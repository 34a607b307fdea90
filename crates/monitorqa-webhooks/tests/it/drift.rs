//! What is reported as drift of a finished audit, whose keys are those of all positions.

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
    assert_eq!(
        drift("AUDIT_COMPLETED", &json!({"id": "x", "number": "7", "auditObject": {"id": "o", "name": "n"}})),
        []
    );
}

#[test]
fn a_new_key_is_found_in_every_position() {
    let unknown = |path: &str| (path.to_owned(), DriftKind::UnknownField);
    for data in [json!({"auditId": "x"}), json!({"auditId": "x", "number": "7"}), json!({"id": "x"})] {
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
fn a_null_is_drift_only_where_the_vendor_shows_none() {
    let data = json!({"correctiveActionId": "x", "correctiveAction": null});
    assert_eq!(drift("CORRECTIVE_ACTION_DELETED", &data), []);
    let data = json!({"auditId": "x", "score": null, "number": null});
    assert_eq!(drift("AUDIT_COMPLETED", &data), [("data.number".to_owned(), DriftKind::UndocumentedNull)]);
}
