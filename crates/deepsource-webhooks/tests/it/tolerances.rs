//! What decoding forgives.

use deepsource_webhooks::{Envelope as _, Event, Webhook};
use serde_json::Value;
use webhook_core::drift::{self, DriftKind};

use crate::fixture::{self, decode, webhook};

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

#[test]
fn a_null_or_a_missing_key_fails_only_where_the_event_is_about_nothing() {
    for fixture in fixture::all().iter().filter(|fixture| fixture.case == "vendor_page") {
        let whole: Value = serde_json::from_slice(&fixture.body).unwrap();
        let identity = Webhook::from_slice(&fixture.body).unwrap().info().unwrap().identity();
        let identity = identity.first().map(|path| format!("/data/{}/", path.replace('.', "/")));
        let mut all = Vec::new();
        pointers(&whole, "", &mut all);
        for pointer in all.iter().filter(|pointer| *pointer != "/type") {
            let mut null = whole.clone();
            *null.pointer_mut(pointer).unwrap() = Value::Null;
            let mut missing = whole.clone();
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            missing.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key);
            for (changed, how) in [(null, "null"), (missing, "missing")] {
                // The identity, or an object that it stands in.
                let fails = identity.as_ref().is_some_and(|path| path.starts_with(&format!("{pointer}/")));
                assert_eq!(decode(&changed).is_err(), fails, "{} {pointer} {how}", fixture.event);
            }
        }
    }
}

#[test]
fn what_is_left_of_a_reference_without_an_id_is_kept() {
    let Event::AnalysisRunUpdated(data) = webhook("analysis_run.updated", "references_without_id").event
    else {
        panic!()
    };
    assert!(data.object.repository.is_none(), "a repository is known by its id");
    let [check] = &data.object.checks[..] else { panic!() };
    assert_eq!(check.analyzer.as_ref().unwrap().name.as_deref(), Some("Rust"));
    let summary = data.object.summary.unwrap();
    assert_eq!(summary.occurrence_distribution_by_category[0].introduced, Some(3));
    let Event::RepositoryIssueIntroduced(data) =
        webhook("repository_issue.introduced", "issue_without_id").event
    else {
        panic!()
    };
    assert_eq!(data.object.issue.unwrap().shortcode.as_deref(), Some("RS-W1031"));
    let Event::RepositoryIssueIntroduced(data) =
        webhook("repository_issue.introduced", "occurrence_without_id").event
    else {
        panic!()
    };
    assert_eq!(data.object.occurrences[1].begin_line, Some(7));
    let Event::AutofixRunStarted(data) = webhook("autofix_run.started", "pull_request_without_number").event
    else {
        panic!()
    };
    assert!(data.object.source_pull_request.unwrap().url.is_some());
}

#[test]
fn one_bad_value_costs_nothing_else() {
    let Event::AnalysisRunUpdated(data) = webhook("analysis_run.updated", "analyzer_as_text").event else {
        panic!()
    };
    assert_eq!(data.object.checks.len(), 2);
    assert!(data.object.checks[1].analyzer.is_none());
    let Event::AnalysisRunUpdated(data) = webhook("analysis_run.updated", "negative_count").event else {
        panic!()
    };
    assert_eq!(data.object.summary.unwrap().occurrences_introduced, None);
    let Event::LegacyAnalysisUpdated(data) = webhook("analysis.updated", "checks_unusable").event else {
        panic!()
    };
    assert_eq!(data.all_checks.keys().collect::<Vec<_>>(), ["python"]);
}

#[test]
fn what_loses_nothing_is_read() {
    let Event::AnalysisRunUpdated(data) = webhook("analysis_run.updated", "numbers_in_other_spellings").event
    else {
        panic!()
    };
    let summary = data.object.summary.unwrap();
    assert_eq!((summary.occurrences_introduced, summary.occurrences_resolved), (Some(25), Some(25)));
    assert_eq!(summary.occurrence_distribution_by_analyzer[0].introduced, Some(100));
    let Event::AnalysisRunUpdated(data) = webhook("analysis_run.updated", "text_as_numbers").event else {
        panic!()
    };
    assert_eq!(data.object.branch_name.as_deref(), Some("404"));
    assert_eq!(data.object.base_oid.as_deref(), Some("0.10"));
    assert_eq!(data.object.commit_oid.as_deref(), Some("12345678901234567890123"));
    let Event::RepositoryAnalysisActivated(data) =
        webhook("repository.analysis.activated", "flags_as_text").event
    else {
        panic!()
    };
    assert_eq!((data.object.is_private, data.object.is_activated), (Some(false), Some(true)));
    let Event::AnalysisRunUpdated(data) = webhook("analysis_run.updated", "times_of_other_systems").event
    else {
        panic!()
    };
    let days: Vec<_> = data
        .object
        .checks
        .iter()
        .map(|check| check.finished_at.map(|time| time.date_naive().to_string()))
        .collect();
    let day = Some("2026-02-10".to_owned());
    assert_eq!(days.len(), 8);
    assert!(
        days.iter()
            .enumerate()
            .all(|(index, found)| *found == if index == 5 || index == 6 { None } else { day.clone() }),
        "{days:?}"
    );
}

#[test]
fn a_list_may_be_an_object_and_have_gaps() {
    for case in ["lists_as_objects", "lists_with_null"] {
        let Event::AnalysisRunUpdated(data) = webhook("analysis_run.updated", case).event else { panic!() };
        assert!(data.object.checks.iter().all(|check| check.id.is_some()), "{case}");
        assert!(!data.object.checks.is_empty(), "{case}");
    }
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
    for text in ["0", "not a uuid", "é", "a\\\"b\u{1f600}"] {
        let mut webhook = fixture::json("analysis_run.updated", "vendor_page");
        webhook["data"]["object"]["runUid"] = text.into();
        webhook["data"]["object"]["id"] = text.into();
        webhook["data"]["object"]["commitOid"] = text.into();
        let Event::AnalysisRunUpdated(data) = decode(&webhook).unwrap().event else { panic!() };
        assert_eq!(data.object.run_uid.unwrap(), text);
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

#[test]
fn an_entry_that_a_later_one_replaces_is_reported() {
    let body = String::from_utf8(fixture::body("analysis.updated", "vendor_page")).unwrap();
    let repeated = body.replacen(
        r#""all_checks": {"#,
        r#""all_checks": {"python": {"check_id": "a", "raised": 1, "resolved": 0},"#,
        1,
    );
    assert_ne!(repeated, body);
    // No other finding causes the search for this one.
    assert_eq!(drift::decode::<Webhook>(body.as_bytes()).unwrap().drift, []);
    let drift = drift::decode::<Webhook>(repeated.as_bytes()).unwrap().drift;
    let found: Vec<_> = drift.iter().map(|finding| (finding.path.as_str(), finding.kind)).collect();
    assert_eq!(found, [("data.all_checks.python", DriftKind::RepeatedKey)]);
}
