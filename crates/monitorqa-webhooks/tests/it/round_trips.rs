//! What is written is what the vendor writes.

use std::collections::BTreeSet;

use monitorqa_webhooks::Webhook;
use serde_json::{Value, json};

use crate::{fixtures, rewritten};

#[test]
fn every_payload_decodes_again_from_what_is_written() {
    for (name, case, body) in fixtures() {
        let Ok(webhook) = Webhook::from_slice(&body) else { continue };
        let written = serde_json::to_vec(&webhook).unwrap();
        assert_eq!(Webhook::from_slice(&written).unwrap(), webhook, "{name}/{case}");
        assert_eq!(serde_json::from_slice::<Webhook>(&written).unwrap(), webhook, "{name}/{case}");
    }
}

/// The payloads in the vendor's present spelling come out as they went in, but for a `null` or an empty list where a key
/// was missing.
#[test]
fn the_present_spelling_is_written_back_unchanged() {
    fn filled(value: Value) -> Value {
        match value {
            Value::Object(map) => map
                .into_iter()
                .filter(|(_, value)| !value.is_null() && *value != json!([]))
                .map(|(key, value)| (key, filled(value)))
                .collect(),
            Value::Array(list) => list.into_iter().map(filled).collect(),
            Value::Number(number) => number.as_f64().unwrap().into(),
            other => other,
        }
    }
    let mut changed = BTreeSet::new();
    for (name, case, body) in fixtures() {
        let Ok(webhook) = Webhook::from_slice(&body) else { continue };
        let written = serde_json::to_value(&webhook).unwrap();
        if filled(written) != filled(serde_json::from_slice(&body).unwrap()) {
            changed.insert(format!("{name}/{case}"));
        }
    }
    let expected = [
        // Other spellings of an id, and other places of it.
        "AUDIT_ASSIGNED/both_spellings",
        "AUDIT_ASSIGNED/id_as_in_templates",
        "AUDIT_ASSIGNED/id_null_beside_other_spelling",
        "TEMPLATE_CREATED/id_as_in_audits",
        "TEMPLATE_DELETED/id_null_behind_other_spelling",
        "CORRECTIVE_ACTION_CREATED/id_in_details_only",
        "AUDIT_COMPLETED/nested_without_audit_id",
        "AUDIT_COMPLETED/whole",
        "AUDIT_COMPLETED/whole_audit_id_null",
        "AUDIT_COMPLETED/whole_retired_fields",
        "AUDIT_COMPLETED/nested_in_list",
        // Keys that no type knows.
        "AUDIT_ASSIGNED/ids_of_any_form",
        "AUDIT_COMPLETED/new_fields",
        // Times of older pages and of other systems.
        "AUDIT_COMPLETED/older_times",
        "CORRECTIVE_ACTION_APPROVED/time_with_offset",
        "CORRECTIVE_ACTION_EXPIRED/times_in_milliseconds",
        "CORRECTIVE_ACTION_EXPIRED/times_of_other_systems",
        "CORRECTIVE_ACTION_EXPIRED/typical",
        "CORRECTIVE_ACTION_SUBMITTED/full",
        // Another kind of JSON than the documented one.
        "AUDIT_COMPLETED/booleans_as_text",
        "AUDIT_COMPLETED/id_as_number",
        "AUDIT_COMPLETED/numbers_as_text",
        "AUDIT_COMPLETED/text_as_numbers",
        "AUDIT_DELETED/id_as_number",
        "CORRECTIVE_ACTION_UPDATED/codes_as_text",
        "CORRECTIVE_ACTION_UPDATED/lists_as_php",
        "CORRECTIVE_ACTION_UPDATED/lists_with_null",
        "CORRECTIVE_ACTION_UPDATED/objects_as_php",
        // What has no reading.
        "AUDIT_ASSIGNED/company_as_text",
        "AUDIT_COMPLETED/nested_unusable_flattened",
        "AUDIT_COMPLETED/score_unusable",
        "AUDIT_COMPLETED/time_unusable",
        "CORRECTIVE_ACTION_UPDATED/priority_unusable",
        "CORRECTIVE_ACTION_UPDATED/status_unusable",
    ];
    assert_eq!(changed, expected.map(str::to_owned).into());
}

#[test]
fn a_time_is_written_with_a_zone_and_the_digits_it_has() {
    for (text, expected) in [
        ("2026-02-10T06:41:55.120Z", "2026-02-10T06:41:55.120Z"),
        ("2026-02-17T22:59:59.000Z", "2026-02-17T22:59:59.000Z"),
        ("2026-02-12T09:30:04.5500123Z", "2026-02-12T09:30:04.5500123Z"),
        ("2026-02-10T06:41:55.1204417", "2026-02-10T06:41:55.1204417Z"),
        ("2026-02-17T22:59:59", "2026-02-17T22:59:59.000Z"),
        ("2026-02-12T10:30:04+01:00", "2026-02-12T09:30:04.000Z"),
    ] {
        let data = json!({"correctiveAction": {"id": "x", "expiredAtUtc": text}});
        let written = rewritten("CORRECTIVE_ACTION_EXPIRED", &data);
        assert_eq!(written["correctiveAction"]["expiredAtUtc"], expected, "{text}");
    }
}

#[test]
fn a_deletion_is_written_with_its_null() {
    let data = json!({"correctiveActionId": "x", "correctiveAction": null});
    assert_eq!(rewritten("CORRECTIVE_ACTION_DELETED", &data), data);
}
