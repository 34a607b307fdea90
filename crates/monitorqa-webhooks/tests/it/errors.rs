//! Refused is only what does not say what it is about; an error says where that was expected, and repeats nothing of the
//! payload.

use monitorqa_webhooks::{DecodeErrorKind, Webhook};
use serde_json::{Value, json};

use crate::{decode, envelope, fixtures};

#[test]
fn an_event_that_is_about_nothing_is_refused() {
    for (name, key, data) in [
        ("AUDIT_ASSIGNED", "auditId", json!({})),
        ("AUDIT_ASSIGNED", "auditId", json!({"auditId": null})),
        ("AUDIT_ASSIGNED", "auditId", json!({"auditId": ""})),
        ("AUDIT_DELETED", "auditId", json!({"auditId": ["secret-7"]})),
        ("AUDIT_EXPIRED", "auditId", json!({"auditId": true, "id": {"secret-7": 987_654}})),
        ("AUDIT_RESCHEDULED", "auditId", json!(["secret-7"])),
        ("AUDIT_COMPLETED", "auditId", json!({"number": "secret-7"})),
        ("AUDIT_COMPLETED", "auditId", json!({"audit": {"number": "secret-7"}})),
        ("AUDIT_COMPLETED", "auditId", json!({"audit": "secret-7"})),
        ("CORRECTIVE_ACTION_DELETED", "correctiveActionId", json!({"correctiveAction": null})),
        (
            "CORRECTIVE_ACTION_UPDATED",
            "correctiveActionId",
            json!({"correctiveAction": {"name": "secret-7"}}),
        ),
        ("TEMPLATE_CREATED", "id", json!({"name": "secret-7"})),
        ("TEMPLATE_DELETED", "id", Value::Null),
    ] {
        let error = decode(&envelope(name, &data)).unwrap_err();
        assert_eq!((error.event(), error.kind()), (Some(name), DecodeErrorKind::NoIdentity), "{name} {data}");
        assert_eq!(error.path(), format!("data.{key}"), "{name} {data}");
        assert_eq!(error.expected(), "an id: text that is not empty, or digits", "{name} {data}");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("secret-7") && !shown.contains("987654"), "{shown}");
    }
}

#[test]
fn a_refused_payload_keeps_the_name_of_its_event() {
    for (name, case, body) in fixtures() {
        if !case.starts_with("refused_") {
            continue;
        }
        let error = Webhook::from_slice(&body).unwrap_err();
        assert_eq!(error.event(), Some(&*name), "{case}");
        assert!(error.to_string().starts_with(&format!("monitorqa `{name}` at data")), "{case}: {error}");
    }
}

/// The first version of the page had `type` and `data.action`, for days.
#[test]
fn the_envelope_of_february_2023_names_no_event() {
    let error =
        decode(&json!({"type": "AUDIT", "data": {"action": "ASSIGNED", "auditId": "x"}})).unwrap_err();
    assert_eq!((error.kind(), error.path()), (DecodeErrorKind::NoEventName, "event"));
}
