//! What the vendor's pages contradict themselves about, and what is made of it.

use chrono::{DateTime, Utc};
use monitorqa_webhooks::reference::NamedRef;
use monitorqa_webhooks::{Envelope as _, Event, IdempotencyKey, Webhook};
use serde_json::{Value, json};

use crate::{action, completed, decode, envelope, event};

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn audit_id(data: &Value) -> String {
    match event("AUDIT_EXPIRED", data) {
        Event::AuditExpired(audit) => audit.audit_id.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_account_is_the_company_where_there_is_one() {
    let mut body = envelope("AUDIT_DELETED", &json!({"auditId": "x"}));
    assert_eq!(decode(&body).unwrap().account(), Some("c-1"));
    body["company"]["name"] = Value::Null;
    assert_eq!(decode(&body).unwrap().account(), Some("c-1"));
    for unusable in [json!({"name": "Pinecrest Foods"}), json!("Pinecrest Foods"), json!([]), json!(7)] {
        body["company"] = unusable;
        assert_eq!(decode(&body).unwrap().account(), None);
    }
    body["company"] = Value::Null;
    assert_eq!(decode(&body).unwrap().account(), None);
    body.as_object_mut().unwrap().remove("company");
    assert_eq!(decode(&body).unwrap().account(), None);
}

#[test]
fn there_is_no_time_and_no_id_so_the_key_is_a_fingerprint() {
    let body = envelope("AUDIT_DELETED", &json!({"auditId": "x"})).to_string();
    let webhook = Webhook::from_slice(body.as_bytes()).unwrap();
    assert_eq!((webhook.occurred_at(), webhook.event_id()), (None, None));
    assert_eq!(Webhook::key_of(body.as_bytes()), IdempotencyKey::fingerprint(body.as_bytes()));
}

#[test]
fn the_payload_may_come_first() {
    let body = br#"{"data":{"auditId":"x"},"company":{"id":"c-1"},"event":"AUDIT_EXPIRED"}"#;
    assert_eq!(Webhook::from_slice(body).unwrap().name(), "AUDIT_EXPIRED");
}

#[test]
fn an_id_is_any_text() {
    for id in ["7f3a0c1e-52d9-4b60-1a17-08dd5c2e9b41", "k3m9p2q70-r1s4", "zz", "0", "-"] {
        assert_eq!(audit_id(&json!({"auditId": id})), id);
    }
}

/// Exactly: not by way of a number that cannot hold it.
#[test]
fn an_id_that_is_a_number_is_its_digits() {
    for id in ["4711", "612345678901234567", "61234567890123456789012"] {
        let body = format!(r#"{{"event":"AUDIT_DELETED","data":{{"auditId":{id}}}}}"#);
        let Event::AuditDeleted(audit) = Webhook::from_slice(body.as_bytes()).unwrap().event else {
            panic!("another event");
        };
        assert_eq!(audit.audit_id, id);
    }
}

#[test]
fn a_name_is_kept_without_its_id() {
    let body =
        json!({"event": "AUDIT_DELETED", "data": {"auditId": "x"}, "company": {"name": "Pinecrest Foods"}});
    let company = decode(&body).unwrap().company.unwrap();
    assert_eq!((company.id, company.name.as_deref()), (None, Some("Pinecrest Foods")));
    let details = json!({"auditObject": {"name": "Bakery line 4"}, "assignees": [{"name": "Odile Marsh"}]});
    let details = completed(&json!({"auditId": "x", "audit": details})).audit.unwrap();
    assert_eq!(details.audit_object.unwrap().name.as_deref(), Some("Bakery line 4"));
    assert_eq!(details.assignees.first().unwrap().name.as_deref(), Some("Odile Marsh"));
    let action = action(json!({"audit": {"name": "Hygiene walk"}, "files": [{"name": "gap.jpg"}]}));
    assert_eq!(action.audit.unwrap().name.as_deref(), Some("Hygiene walk"));
    assert_eq!(action.files.first().unwrap().name.as_deref(), Some("gap.jpg"));
}

#[test]
fn one_bad_value_costs_nothing_else() {
    let details = completed(&json!({
        "auditId": "x", "audit": 7, "score": "high", "startedAt": "yesterday", "isFailed": "perhaps",
        "assignees": ["Odile Marsh", {"name": "Piet Lund"}], "template": [], "number": "7",
    }));
    let details = details.details().unwrap();
    assert_eq!((details.score, details.started_at, details.is_failed), (None, None, None));
    assert_eq!((details.template.is_none(), details.number.as_deref()), (true, Some("7")));
    assert_eq!(details.assignees.first().unwrap().name.as_deref(), Some("Piet Lund"));
}

#[test]
fn an_id_may_have_the_key_of_another_kind_of_event() {
    assert_eq!(audit_id(&json!({"id": "x"})), "x");
    assert_eq!(audit_id(&json!({"id": "y", "auditId": "x"})), "x");
    assert_eq!(audit_id(&json!({"auditId": "x", "id": "y"})), "x");
    assert_eq!(audit_id(&json!({"auditId": null, "id": "x"})), "x");
    assert_eq!(audit_id(&json!({"id": "x", "auditId": null})), "x");
    let Event::TemplateDeleted(template) = event("TEMPLATE_DELETED", &json!({"templateId": "t"})) else {
        panic!("another event");
    };
    assert_eq!((template.id.as_str(), template.name), ("t", None));
}

#[test]
fn the_id_of_a_corrective_action_may_stand_in_its_details() {
    for data in [
        json!({"correctiveAction": {"id": "x"}}),
        json!({"correctiveActionId": null, "correctiveAction": {"id": "x"}}),
        json!({"correctiveAction": {"id": "y"}, "correctiveActionId": "x"}),
        json!({"correctiveActionId": "x", "correctiveAction": {"name": "without an id"}}),
        json!({"correctiveActionId": "x", "correctiveAction": "gone"}),
        json!({"correctiveActionId": "x", "correctiveAction": null}),
        json!({"correctiveActionId": "x"}),
    ] {
        let Event::CorrectiveActionApproved(event) = event("CORRECTIVE_ACTION_APPROVED", &data) else {
            panic!("another event");
        };
        assert_eq!(event.corrective_action_id, "x", "{data}");
        assert_eq!(event.corrective_action.is_some(), data["correctiveAction"].is_object(), "{data}");
    }
}

#[test]
fn zeros_are_nobody_however_many() {
    let who = |id: Value| {
        let completed = completed(&json!({"auditId": "x", "startedBy": {"id": id}}));
        completed.beside.started_by.unwrap()
    };
    for nil in ["00000000-0000-0000-0000-000000000000", "0000000-0000-0000-0000-00000000000", "0"] {
        assert!(who(nil.into()).is_nil(), "{nil}");
    }
    for somebody in ["00000000-0000-0000-0000-000000000001", "-", "o0"] {
        assert!(!who(somebody.into()).is_nil(), "{somebody}");
    }
    let unnamed: NamedRef = who(Value::Null);
    assert!(!unnamed.is_nil());
}

#[test]
fn a_time_without_a_zone_is_utc_and_keeps_its_digits() {
    for (text, expected) in [
        ("2026-02-10T06:41:55.120Z", "2026-02-10T06:41:55.120Z"),
        ("2026-02-10T06:41:55.1204417", "2026-02-10T06:41:55.120441700Z"),
        ("2026-02-17T22:59:59", "2026-02-17T22:59:59Z"),
        ("2026-02-17T22:59:59.9999999", "2026-02-17T22:59:59.999999900Z"),
        ("2026-02-12T09:30:04.5500123Z", "2026-02-12T09:30:04.550012300Z"),
        ("2026-02-12T10:30:04+01:00", "2026-02-12T09:30:04Z"),
    ] {
        assert_eq!(action(json!({"dueDateUtc": text})).due_date_utc, Some(time(expected)), "{text}");
    }
}

#[test]
fn a_number_is_the_same_with_and_without_decimals() {
    // By hand, as the macro would drop the zeros.
    let body = br#"{"event":"CORRECTIVE_ACTION_CREATED","data":{"correctiveAction":{
        "id":"x","status":3.0,"answer":{"points":-1,"number":4.0000}}}}"#;
    let Event::CorrectiveActionCreated(event) = Webhook::from_slice(body).unwrap().event else {
        panic!("another event");
    };
    let action = event.corrective_action.unwrap();
    assert_eq!(action.status.unwrap().code(), 3);
    let answer = action.answer.unwrap();
    assert_eq!((answer.points, answer.number), (Some(-1.0), Some(4.0)));
}

#[test]
fn a_number_of_an_audit_is_text_and_that_of_an_answer_is_not() {
    let action =
        action(json!({"number": "0014", "audit": {"id": "x", "number": "07"}, "answer": {"number": 7}}));
    assert_eq!(action.number.as_deref(), Some("0014"));
    assert_eq!(action.audit.unwrap().number.as_deref(), Some("07"));
    assert_eq!(action.answer.unwrap().number, Some(7.0));
}

#[test]
fn a_list_that_is_null_or_missing_is_empty() {
    for fields in [json!({}), json!({"tags": null, "files": null, "assignedUsers": null})] {
        let action = action(fields);
        assert!(action.tags.is_empty() && action.files.is_empty() && action.assigned_users.is_empty());
    }
    let information = action(json!({"information": {"photosIds": null}})).information.unwrap();
    assert!(information.photo_ids.is_empty() && information.files.is_empty());
    let information = action(json!({"information": {"photosIds": ["p-1", "p-2"]}})).information.unwrap();
    assert_eq!(information.photo_ids, ["p-1", "p-2"]);
}

#[test]
fn digits_may_stand_for_a_boolean() {
    let details =
        completed(&json!({"auditId": "x", "isFailed": 0, "isReopened": 1, "isExpired": null})).beside;
    assert_eq!((details.is_failed, details.is_reopened, details.is_expired), (Some(false), Some(true), None));
}

/// The sample on the vendor's page is in every state at once.
#[test]
fn fields_are_not_held_against_each_other() {
    let at = "2026-02-10T06:41:55.120Z";
    let action = action(json!({"status": 0, "approvedAtUtc": at, "expiredAtUtc": at}));
    assert_eq!((action.approved_at_utc, action.expired_at_utc), (Some(time(at)), Some(time(at))));
}

#[test]
fn a_retired_field_is_kept_as_it_came() {
    let schedule = json!({"every": [1, 2], "unit": "week"});
    let details = completed(&json!({"id": "x", "auditSchedule": schedule, "actionsCount": "3"})).beside;
    assert_eq!(details.audit_schedule.unwrap().parse::<Value>().unwrap(), schedule);
    assert_eq!(details.actions_count, Some(3));
}
