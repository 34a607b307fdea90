//! What is written back is what the vendor wrote.

use deepsource_webhooks::{Event, Webhook};
use serde_json::Value;

use crate::fixture::{self, json, webhook};

#[test]
fn the_payloads_of_the_vendors_page_are_written_back_as_they_came() {
    let mut count = 0;
    for fixture in fixture::all().iter().filter(|fixture| fixture.case == "vendor_page") {
        let came: Value = serde_json::from_slice(&fixture.body).unwrap();
        let written = serde_json::to_value(Webhook::from_slice(&fixture.body).unwrap()).unwrap();
        assert_eq!(written, came, "{}", fixture.event);
        count += 1;
    }
    assert_eq!(count, 13);
}

#[test]
fn every_payload_decodes_again_from_what_is_written() {
    for fixture in fixture::all().iter().filter(|fixture| !fixture.is_refused()) {
        let webhook = Webhook::from_slice(&fixture.body).unwrap();
        let written = serde_json::to_vec(&webhook).unwrap();
        assert_eq!(Webhook::from_slice(&written).unwrap(), webhook, "{} {}", fixture.event, fixture.case);
    }
}

#[test]
fn spellings_that_carry_no_meaning_are_kept_too() {
    for (event, case) in [
        ("analysis.updated", "passed"),
        ("analysis.updated", "both_times"),
        ("test.event", "old_dialog"),
        ("test.event", "more_data"),
        ("test.event", "both_spellings"),
        ("autofix_run.updated", "failed_as_fail"),
        ("team_member.updated", "unlisted_role"),
        ("report_card.published", "unlisted"),
    ] {
        assert_eq!(serde_json::to_value(webhook(event, case)).unwrap(), json(event, case), "{event} {case}");
    }
}

#[test]
fn a_time_of_2021_has_six_digits_none_or_all() {
    for (came, written) in [
        ("2021-09-02T07:58:20.101990+00:00", "2021-09-02T07:58:20.101990+00:00"),
        ("2021-09-02T07:58:20+00:00", "2021-09-02T07:58:20+00:00"),
        ("2021-09-02T07:58:20.1Z", "2021-09-02T07:58:20.100000+00:00"),
        ("2021-09-02T09:58:20.101990+02:00", "2021-09-02T07:58:20.101990+00:00"),
        ("2021-09-02T07:58:20.1019901", "2021-09-02T07:58:20.101990100+00:00"),
    ] {
        let mut webhook = json("analysis.updated", "vendor_page");
        webhook["data"]["last_updated_at"] = came.into();
        let decoded = fixture::decode(&webhook).unwrap();
        assert_eq!(serde_json::to_value(&decoded).unwrap()["data"]["last_updated_at"], written);
    }
}

#[test]
fn a_documented_null_is_written_as_null() {
    let written = serde_json::to_value(webhook("analysis_run.started", "vendor_page")).unwrap();
    let check = &written["data"]["object"]["checks"][0];
    assert_eq!(check.get("finishedAt"), Some(&Value::Null));
}

#[test]
fn the_current_envelope_gets_no_key_of_the_old_one() {
    let written = serde_json::to_value(webhook("team_member.added", "vendor_page")).unwrap();
    let keys: Vec<_> = written.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["createdAt", "data", "id", "type"]);
}

#[test]
fn a_webhook_survives_other_formats_than_text() {
    let webhook = webhook("analysis_run.updated", "vendor_page");
    let value = serde_json::to_value(&webhook).unwrap();
    let again: Webhook = serde_json::from_value(value).unwrap();
    assert_eq!(again, webhook);
    assert!(matches!(again.event, Event::AnalysisRunUpdated(_)));
}
