//! An error says where and what was expected, and repeats nothing of the payload.

use monitorqa_webhooks::{DecodeErrorKind, Webhook};
use serde_json::json;

use crate::{decode, envelope, fixtures};

#[test]
fn an_error_has_event_path_and_expectation() {
    let code = "an integer from -2^63 to 2^63 - 1";
    let time = "a date and time as text";
    let updated = |fields| json!({"correctiveActionId": "x", "correctiveAction": fields});
    for (name, data, path, expected) in [
        ("AUDIT_ASSIGNED", json!({}), "data.auditId", "a value"),
        ("AUDIT_ASSIGNED", json!({"auditId": null}), "data.auditId", "text"),
        ("AUDIT_ASSIGNED", json!({"auditId": 987_654}), "data.auditId", "text"),
        ("AUDIT_ASSIGNED", json!(["secret-7"]), "data", "an object"),
        ("AUDIT_COMPLETED", json!({"number": "secret-7"}), "data.auditId", "a value"),
        ("AUDIT_COMPLETED", json!({"auditId": 987_654}), "data.auditId", "text"),
        ("AUDIT_COMPLETED", json!({"audit": {"number": "secret-7"}}), "data.auditId", "a value"),
        ("AUDIT_COMPLETED", json!({"id": "x", "score": "secret-7"}), "data.score", "a number"),
        (
            "AUDIT_COMPLETED",
            json!({"audit": {"assignees": [{}, {"name": 987_654}]}}),
            "data.audit.assignees[1].name",
            "text",
        ),
        ("AUDIT_COMPLETED", json!({"audit": {"startedAt": "secret-7"}}), "data.audit.startedAt", time),
        ("AUDIT_COMPLETED", json!({"audit": {"startedAt": 987_654}}), "data.audit.startedAt", time),
        (
            "AUDIT_COMPLETED",
            json!({"audit": {"isFailed": "secret-7"}}),
            "data.audit.isFailed",
            "true or false, or 1 or 0",
        ),
        (
            "CORRECTIVE_ACTION_DELETED",
            json!({"correctiveAction": null}),
            "data.correctiveActionId",
            "a value",
        ),
        ("CORRECTIVE_ACTION_UPDATED", updated(json!({})), "data.correctiveAction.id", "a value"),
        ("CORRECTIVE_ACTION_UPDATED", updated(json!("secret-7")), "data.correctiveAction", "an object"),
        (
            "CORRECTIVE_ACTION_UPDATED",
            updated(json!({"id": "x", "status": "secret-7"})),
            "data.correctiveAction.status",
            code,
        ),
        (
            "CORRECTIVE_ACTION_UPDATED",
            updated(json!({"id": "x", "priority": 1.5})),
            "data.correctiveAction.priority",
            code,
        ),
        (
            "CORRECTIVE_ACTION_UPDATED",
            updated(json!({"id": "x", "status": u64::MAX})),
            "data.correctiveAction.status",
            code,
        ),
        (
            "CORRECTIVE_ACTION_UPDATED",
            updated(json!({"id": "x", "information": {"photosIds": ["p", 987_654]}})),
            "data.correctiveAction.information.photosIds[1]",
            "text",
        ),
        ("TEMPLATE_CREATED", json!({"name": "secret-7"}), "data.id", "a value"),
    ] {
        let error = decode(&envelope(name, &data)).unwrap_err();
        assert_eq!((error.path(), error.expected()), (path, expected), "{name} {data}");
        assert_eq!((error.event(), error.kind()), (Some(name), DecodeErrorKind::Payload), "{name} {data}");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("secret-7") && !shown.contains("987654"), "{shown}");
    }
}

#[test]
fn a_malformed_payload_keeps_the_name_of_its_event() {
    for (name, case, body) in fixtures() {
        if !case.starts_with("refused_") {
            continue;
        }
        let error = Webhook::from_slice(&body).unwrap_err();
        assert_eq!(error.event(), Some(&*name), "{case}");
        assert!(error.to_string().starts_with(&format!("monitorqa `{name}` at data")), "{case}: {error}");
    }
}

#[test]
fn a_company_has_an_id() {
    let body = json!({"event": "AUDIT_DELETED", "data": {"auditId": "x"}, "company": {"name": "secret-7"}});
    let error = decode(&body).unwrap_err();
    assert_eq!((error.kind(), error.path()), (DecodeErrorKind::Envelope, "company.id"));
    assert_eq!(error.to_string(), "monitorqa `AUDIT_DELETED` at company.id: expected a value");
}

#[test]
fn a_key_comes_once() {
    for (body, path) in [
        (r#"{"event":"AUDIT_COMPLETED","data":{"auditId":"x","auditId":"y"}}"#, "data.auditId"),
        (r#"{"event":"AUDIT_COMPLETED","data":{"auditId":"x","audit":{},"audit":{}}}"#, "data.audit"),
        (r#"{"event":"AUDIT_COMPLETED","data":{"auditId":null,"auditId":"y"}}"#, "data.auditId"),
        (r#"{"event":"AUDIT_COMPLETED","data":{"auditId":"x","score":1,"score":2}}"#, "data.score"),
        (
            r#"{"event":"CORRECTIVE_ACTION_DELETED","data":{"correctiveActionId":"x","correctiveActionId":"y"}}"#,
            "data.correctiveActionId",
        ),
    ] {
        let error = Webhook::from_slice(body.as_bytes()).unwrap_err();
        assert_eq!(error.expected(), "the key once", "{body}");
        assert!(path.starts_with(error.path()), "{body}: {}", error.path());
    }
}

/// The first version of the page had `type` and `data.action`, for days.
#[test]
fn the_envelope_of_february_2023_names_no_event() {
    let error =
        decode(&json!({"type": "AUDIT", "data": {"action": "ASSIGNED", "auditId": "x"}})).unwrap_err();
    assert_eq!((error.kind(), error.path()), (DecodeErrorKind::NoEventName, "event"));
}
