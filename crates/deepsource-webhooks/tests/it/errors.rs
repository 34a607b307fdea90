//! What is refused, and what is said about it.

use deepsource_webhooks::{DecodeErrorKind, Webhook};
use serde_json::{Value, json};

use crate::fixture::{self, body, decode};

#[test]
fn an_error_tells_the_event_the_path_and_the_expectation() {
    for (event, case, path, expected) in [
        ("analysis_run.updated", "refused_no_data", "data", "a value"),
        ("analysis_run.updated", "refused_no_object", "data.object", "a value"),
        ("analysis_run.updated", "refused_no_run_uid", "data.object.runUid", "a value"),
        ("analysis_run.updated", "refused_null_run_uid", "data.object.runUid", "text"),
        ("analysis_run.updated", "refused_no_id", "id", "a value"),
        (
            "analysis_run.updated",
            "refused_time_in_words",
            "createdAt",
            "whole seconds since 1970, as a number or its digits, within the calendar",
        ),
        (
            "analysis_run.updated",
            "refused_negative_count",
            "data.object.summary.occurrencesIntroduced",
            "an integer from 0 to 2^64 - 1, or its digits as text",
        ),
        (
            "analysis_run.updated",
            "refused_time_beyond_the_calendar",
            "data.object.checks[0].finishedAt",
            "whole seconds since 1970, as a number or its digits, within the calendar",
        ),
        ("analysis_run.updated", "refused_analyzer_as_text", "data.object.checks[1].analyzer", "an object"),
        (
            "autofix_run.started",
            "refused_pull_request_without_number",
            "data.object.sourcePullRequest.number",
            "a value",
        ),
        (
            "repository.analysis.deactivated",
            "refused_word_for_flag",
            "data.object.isPrivate",
            "true or false, or 1 or 0",
        ),
        (
            "repository_issue.introduced",
            "refused_occurrence_without_id",
            "data.object.occurrences[1].id",
            "text",
        ),
        ("team_member.updated", "refused_no_user", "data.object.user", "a value"),
        ("analysis.updated", "refused_no_run_id", "data.run_id", "a value"),
        ("analysis.updated", "refused_check_without_id", "data.all_checks.rust.check_id", "text"),
        ("analysis.updated", "refused_time_in_words", "created", "a date and time as text"),
    ] {
        let error = Webhook::from_slice(&body(event, case)).unwrap_err();
        assert_eq!(error.event(), Some(event), "{case}");
        assert_eq!(error.path(), path, "{case}");
        assert_eq!(error.expected(), expected, "{case}");
        // A payload that is missing is missing in the envelope.
        let kind =
            if path.starts_with("data.") { DecodeErrorKind::Payload } else { DecodeErrorKind::Envelope };
        assert_eq!(error.kind(), kind, "{case}");
    }
}

#[test]
fn the_path_is_the_same_when_the_payload_comes_first() {
    let body = br#"{"data":{"object":{"id":"a","runUid":"b","checks":[{"id":7}]}},"id":"1","type":"analysis_run.started"}"#;
    let error = Webhook::from_slice(body).unwrap_err();
    assert_eq!(error.path(), "data.object.checks[0].id");
    assert_eq!(error.expected(), "text");
}

/// Every text and number of a payload, replaced one at a time by something of another type that is easy to recognise.
#[test]
fn an_error_repeats_nothing_of_the_payload() {
    const MARK: &str = "leaked-mara@example.com, expected nothing";
    let mut refused = 0;
    for fixture in fixture::all().iter().filter(|fixture| !fixture.is_refused()) {
        let whole: Value = serde_json::from_slice(&fixture.body).unwrap();
        let mut all = Vec::new();
        leaves(&whole, "", &mut all);
        for pointer in all.iter().filter(|pointer| *pointer != "/type") {
            for wrong in [json!(MARK), json!({ "x": MARK }), json!([MARK]), json!(-77_120_345.5)] {
                let mut changed = whole.clone();
                *changed.pointer_mut(pointer).unwrap() = wrong;
                let Err(error) = decode(&changed) else { continue };
                refused += 1;
                let said = format!("{error} {error:?}");
                assert!(!said.contains("leaked") && !said.contains("77120345"), "{pointer}: {said}");
            }
        }
    }
    assert!(refused > 1_000, "{refused}");
}

fn leaves(json: &Value, at: &str, found: &mut Vec<String>) {
    match json {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| leaves(value, &format!("{at}/{key}"), found));
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(index, value)| leaves(value, &format!("{at}/{index}"), found));
        }
        _ => found.push(at.to_owned()),
    }
}

#[test]
fn a_sample_with_a_brace_too_few_is_no_json() {
    // Three samples of the vendor's page are so; decoding stays strict.
    let mut body = body("team_member.updated", "vendor_page");
    while body.pop() != Some(b'}') {}
    let error = Webhook::from_slice(&body).unwrap_err();
    assert_eq!(error.kind(), DecodeErrorKind::NotJson);
    assert_eq!(error.event(), Some("team_member.updated"));
}

#[test]
fn an_id_beyond_what_numbers_carry_is_not_read_from_one() {
    let error = Webhook::from_slice(br#"{"id":390137996571050950,"type":"test.event"}"#).unwrap_err();
    assert_eq!((error.path(), error.expected()), ("id", "text"));
    assert_eq!(error.event(), Some("test.event"), "an id in another form does not hide the name");
}
