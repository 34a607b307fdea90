//! What stands around the event.

use chrono::{DateTime, Utc};
use deepsource_webhooks::{Envelope, Event, Webhook};

use crate::fixture::{self, body, decode, json, webhook};

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn the_id_is_text_and_the_idempotency_key() {
    let body = body("analysis_run.updated", "vendor_page");
    let webhook = Webhook::from_slice(&body).unwrap();
    assert_eq!(webhook.id, "390137996571050950");
    assert_eq!(webhook.event_id(), Some("390137996571050950"));
    assert_eq!(Webhook::key_of(&body).to_string(), "id:390137996571050950");
}

#[test]
fn a_body_that_does_not_decode_keeps_its_key() {
    let body = body("analysis_run.updated", "refused_no_object");
    let error = Webhook::from_slice(&body).unwrap_err();
    assert_eq!(error.event(), Some("analysis_run.updated"));
    assert!(Webhook::key_of(&body).to_string().starts_with("id:"), "{}", Webhook::key_of(&body));
}

#[test]
fn the_time_is_that_of_either_envelope() {
    let current = webhook("analysis_run.updated", "vendor_page");
    assert_eq!(current.occurred_at(), Some(time("2022-01-13T10:32:46Z")));
    assert_eq!(current.created, None);

    // Without a zone it is UTC.
    let legacy = webhook("analysis.updated", "vendor_page");
    assert_eq!(legacy.created_at, None);
    assert_eq!(legacy.occurred_at(), Some(time("2021-09-02T07:58:20.654073Z")));

    let with_zone = webhook("test.event", "old_dialog");
    assert_eq!(with_zone.occurred_at(), Some(time("2022-01-20T06:30:15.120Z")));

    let neither = webhook("analysis.updated", "run_id_only");
    assert_eq!(neither.occurred_at(), None);
}

#[test]
fn the_current_time_counts_where_both_are_sent() {
    let both = webhook("analysis.updated", "both_times");
    assert_eq!(both.occurred_at(), Some(time("2021-11-05T14:02:09Z")));
    assert_eq!(both.created.as_ref().unwrap().time(), time("2021-11-05T14:02:09.310877Z"));
    assert_eq!(both.created.unwrap().as_str(), "2021-11-05T15:02:09.310877+01:00");
}

#[test]
fn a_quoted_time_is_read_and_words_are_not() {
    let mut webhook = json("repository.analysis.activated", "vendor_page");
    webhook["createdAt"] = "1642070207".into();
    assert_eq!(decode(&webhook).unwrap().occurred_at(), Some(time("2022-01-13T10:36:47Z")));
    for wrong in ["", "soon", "1642070207.5", "2022-01-13T10:36:47Z"] {
        webhook["createdAt"] = wrong.into();
        let error = decode(&webhook).unwrap_err();
        assert_eq!(error.path(), "createdAt", "{wrong}");
    }
}

#[test]
fn every_event_names_the_account_it_belongs_to() {
    for fixture in fixture::all().iter().filter(|fixture| fixture.case == "vendor_page") {
        let webhook = Webhook::from_slice(&fixture.body).unwrap();
        let expected = match fixture.event.as_str() {
            "test.event" => None,
            "analysis.updated" => Some("acme-corp"),
            _ => Some("deepsourcelabs"),
        };
        assert_eq!(webhook.account(), expected, "{}", fixture.event);
    }
}

#[test]
fn an_account_without_a_login_is_named_by_its_id() {
    assert_eq!(webhook("analysis_run.updated", "account_without_login").account(), Some("T3duZXI6cDR4OGxu"));
    let mut legacy = json("analysis.updated", "vendor_page");
    legacy["data"]["owner"]["login"] = serde_json::Value::Null;
    assert_eq!(decode(&legacy).unwrap().account(), Some("T3duZXI6emtyd2t3"));
}

#[test]
fn an_event_without_its_account_names_none() {
    for (event, case) in [
        ("analysis_run.updated", "ids_only"),
        ("analysis.updated", "run_id_only"),
        ("report_card.published", "unlisted"),
    ] {
        assert_eq!(webhook(event, case).account(), None, "{event}");
    }
}

#[test]
fn the_payload_may_come_before_the_name() {
    let swapped = webhook("analysis_run.updated", "payload_before_name");
    let ordered = webhook("analysis_run.updated", "trigger_is_last_check");
    assert_eq!(swapped.event, ordered.event);
}

#[test]
fn names_are_compared_exactly() {
    let body = String::from_utf8(fixture::body("analysis_run.updated", "vendor_page")).unwrap();
    let body = body.replace("\"analysis_run.updated\"", "\"Analysis_Run.Updated\"");
    let other = Webhook::from_slice(body.as_bytes()).unwrap();
    assert!(matches!(other.event, Event::Unlisted(_)));
    assert_eq!(other.name(), "Analysis_Run.Updated");
}
