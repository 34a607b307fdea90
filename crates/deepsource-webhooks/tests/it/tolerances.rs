//! What decoding forgives.

use std::collections::BTreeSet;

use deepsource_webhooks::{Event, Webhook};
use serde_json::Value;

use crate::fixture::{self, decode, webhook};

/// The keys without whose value an event means nothing, wherever they stand.
const REQUIRED: [&str; 8] =
    ["id", "runUid", "number", "category", "analyzerShortcode", "run_id", "check_id", "user"];

/// The path of every value inside an object, as JSON pointers.
fn pointers(json: &Value, at: &str, found: &mut Vec<String>) {
    match json {
        Value::Object(map) => {
            for (key, value) in map {
                let pointer = format!("{at}/{key}");
                pointers(value, &pointer, found);
                found.push(pointer);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                pointers(value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Whether a value is one of those that are required: the `category` of an issue is not, nor is the inner `object`.
fn is_required(pointer: &str) -> bool {
    let key = pointer.rsplit('/').next().unwrap();
    let of_a_distribution = pointer.contains("occurrenceDistributionByCategory");
    pointer == "/data/object" || REQUIRED.contains(&key) && (key != "category" || of_a_distribution)
}

#[test]
fn a_null_or_a_missing_key_fails_only_where_nothing_is_left_to_tell() {
    let mut failed = BTreeSet::new();
    for fixture in fixture::all().iter().filter(|fixture| fixture.case == "vendor_page") {
        if fixture.event == "test.event" {
            continue;
        }
        let whole: Value = serde_json::from_slice(&fixture.body).unwrap();
        let mut all = Vec::new();
        pointers(&whole["data"], "/data", &mut all);
        for pointer in &all {
            let mut null = whole.clone();
            *null.pointer_mut(pointer).unwrap() = Value::Null;
            let mut missing = whole.clone();
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            missing.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key);
            for (changed, how) in [(null, "null"), (missing, "missing")] {
                let fails = decode(&changed).is_err();
                assert_eq!(fails, is_required(pointer), "{} {pointer} {how}", fixture.event);
                if fails {
                    failed.insert(key.to_owned());
                }
            }
        }
    }
    let required = REQUIRED.iter().map(|key| (*key).to_owned()).chain(["object".to_owned()]);
    assert_eq!(failed, required.collect());
}

#[test]
fn a_list_may_be_null() {
    let Event::AnalysisRunUpdated(data) = webhook("analysis_run.updated", "unlisted_values_and_nulls").event
    else {
        panic!()
    };
    assert!(data.object.checks.is_empty());
    let summary = data.object.summary.unwrap();
    assert_eq!(summary.occurrences_introduced, None);
    assert!(summary.occurrence_distribution_by_analyzer.is_empty());
}

#[test]
fn digits_may_be_text_and_flags_may_be_numbers() {
    let loose = webhook("analysis_run.updated", "digits_as_text");
    let strict = webhook("analysis_run.updated", "trigger_is_last_check");
    assert_eq!(loose.event, strict.event);
    assert_eq!(loose.created_at, strict.created_at);
}

#[test]
fn what_is_added_changes_nothing() {
    let more = webhook("analysis_run.updated", "additional_fields");
    let known = webhook("analysis_run.updated", "trigger_is_last_check");
    assert_eq!(more.event, known.event);
}

#[test]
fn ids_and_hashes_are_not_validated() {
    for text in ["", "0", "not a uuid", "é", "a\\\"b\u{1f600}"] {
        let mut webhook = fixture::json("analysis_run.updated", "vendor_page");
        webhook["data"]["object"]["runUid"] = text.into();
        webhook["data"]["object"]["id"] = text.into();
        webhook["data"]["object"]["commitOid"] = text.into();
        let Event::AnalysisRunUpdated(data) = decode(&webhook).unwrap().event else { panic!() };
        assert_eq!(data.object.run_uid, text);
        assert_eq!(data.object.id, text);
        assert_eq!(data.object.commit_oid.as_deref(), Some(text));
    }
}

#[test]
fn times_need_not_be_in_order() {
    let Event::TeamMemberAdded(data) = webhook("team_member.added", "joined_after_the_event").event else {
        panic!()
    };
    assert!(data.object.joined_at > webhook("team_member.added", "joined_after_the_event").created_at);
}

#[test]
fn keys_may_be_written_with_escapes() {
    let body = br#"{"\u0069d":"7","t\u0079pe":"team_member\u002eremoved","data":{"object":{"user":{"\u0069d":"VQ"}}}}"#;
    let webhook = Webhook::from_slice(body).unwrap();
    let Event::TeamMemberRemoved(data) = webhook.event else { panic!() };
    assert_eq!(data.object.user.id, "VQ");
}
