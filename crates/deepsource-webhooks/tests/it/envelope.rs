//! What stands around the event.

use chrono::{DateTime, Utc};
use deepsource_webhooks::{Envelope, Event, IdempotencyKey, Webhook};
use serde_json::json;

use crate::fixture::{self, body, decode, webhook};

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn the_id_is_text_and_the_idempotency_key() {
    let body = body("analysis_run.updated", "vendor_page");
    let webhook = Webhook::from_slice(&body).unwrap();
    assert_eq!(webhook.id.as_ref().unwrap(), &"390137996571050950");
    assert_eq!(webhook.event_id(), Some("390137996571050950"));
    assert_eq!(Webhook::key_of(&body).to_string(), "id:390137996571050950");
}

/// Exactly: not by way of a number that cannot hold it.
#[test]
fn an_id_that_is_a_number_is_its_digits() {
    let body = body("test.event", "id_as_number");
    let webhook = Webhook::from_slice(&body).unwrap();
    assert_eq!(webhook.event_id(), Some("612345678901234567"));
    assert_eq!(Webhook::key_of(&body).to_string(), "id:612345678901234567");
    let Event::AnalysisRunUpdated(data) = fixture::webhook("analysis_run.updated", "ids_as_numbers").event
    else {
        panic!()
    };
    assert_eq!(data.object.id, "612345678901234567");
    assert_eq!(data.object.run_uid.unwrap(), "9007199254740993");
}

#[test]
fn without_a_usable_id_the_key_is_a_fingerprint() {
    let mut webhook = fixture::json("test.event", "vendor_page");
    for unusable in [json!(null), json!(""), json!([]), json!(true), json!({"id": "1"})] {
        webhook["id"] = unusable;
        let body = webhook.to_string();
        assert_eq!(decode(&webhook).unwrap().event_id(), None, "{body}");
        assert_eq!(Webhook::key_of(body.as_bytes()), IdempotencyKey::fingerprint(body.as_bytes()));
    }
    assert_eq!(fixture::webhook("analysis_run.updated", "no_event_id").id, None);
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
fn a_time_of_2021_keeps_its_text() {
    let mut webhook = fixture::json("analysis.updated", "vendor_page");
    for (came, text, expected) in [
        (json!("2021-11-05T14:02:09.310877"), "2021-11-05T14:02:09.310877", "2021-11-05T14:02:09.310877Z"),
        (json!("2021-11-05T15:02:09+01:00"), "2021-11-05T15:02:09+01:00", "2021-11-05T14:02:09Z"),
        (json!("Fri, 05 Nov 2021 14:02:09 +0000"), "Fri, 05 Nov 2021 14:02:09 +0000", "2021-11-05T14:02:09Z"),
        (json!(1_636_120_929), "1636120929", "2021-11-05T14:02:09Z"),
        (
            json!({"date": "2021-11-05 14:02:09", "timezone": "UTC"}),
            "2021-11-05T14:02:09Z",
            "2021-11-05T14:02:09Z",
        ),
    ] {
        webhook["created"] = came;
        let decoded = decode(&webhook).unwrap();
        assert_eq!(decoded.occurred_at(), Some(time(expected)), "{text}");
        assert_eq!(serde_json::to_value(&decoded).unwrap()["created"], text);
    }
    for none in [json!("last Friday"), json!(""), json!(true), json!([])] {
        webhook["created"] = none;
        let decoded = decode(&webhook).unwrap();
        assert_eq!((decoded.created.as_ref(), decoded.occurred_at()), (None, None));
    }
}

#[test]
fn a_quoted_time_is_read_and_words_are_not() {
    let mut webhook = fixture::json("repository.analysis.activated", "vendor_page");
    webhook["createdAt"] = "1642070207".into();
    assert_eq!(decode(&webhook).unwrap().occurred_at(), Some(time("2022-01-13T10:36:47Z")));
    webhook["createdAt"] = "2022-01-13T10:36:47Z".into();
    assert_eq!(decode(&webhook).unwrap().occurred_at(), Some(time("2022-01-13T10:36:47Z")));
    for wrong in ["", "soon"] {
        webhook["createdAt"] = wrong.into();
        assert_eq!(decode(&webhook).unwrap().occurred_at(), None, "{wrong}");
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
    assert_eq!(
        webhook("repository.analysis.activated", "account_without_id").account(),
        Some("tidewater-labs")
    );
    let mut legacy = fixture::json("analysis.updated", "vendor_page");
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
