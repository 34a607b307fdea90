//! The list of events against the payloads.

use std::collections::BTreeSet;

use qase_webhooks::{Envelope as _, Event, EventName, Standing, Webhook};
use serde_json::json;

use crate::fixtures;

#[test]
fn forty_events_are_listed() {
    assert_eq!(Webhook::catalogue().len(), 40);
}

#[test]
fn every_listed_event_has_a_payload() {
    let present: BTreeSet<String> = fixtures().into_iter().map(|(event, _, _)| event).collect();
    for info in Webhook::catalogue() {
        assert!(present.contains(info.name), "{}", info.name);
    }
}

#[test]
fn a_payload_decodes_to_the_event_that_its_folder_names() {
    for (name, case, body) in fixtures() {
        let Ok(webhook) = Webhook::from_slice(&body) else {
            assert!(case.starts_with("refused_"), "{name}/{case}");
            continue;
        };
        assert!(!case.starts_with("refused_"), "{name}/{case}");
        assert_eq!(webhook.name(), name, "{case}");
        let listed = webhook.event.listed_name().map(EventName::as_str);
        assert_eq!(listed, name.parse::<EventName>().ok().map(EventName::as_str), "{name}/{case}");
    }
}

#[test]
fn one_event_is_confirmed_by_a_real_delivery() {
    let seen: Vec<_> = Webhook::catalogue()
        .iter()
        .filter(|info| info.standing == Standing::Seen)
        .map(|info| info.name)
        .collect();
    assert_eq!(seen, ["run.completed"]);
}

#[test]
fn names_are_compared_exactly() {
    for name in ["run.Completed", "run.completed ", "run", "RUN.COMPLETED", " "] {
        let Event::Unlisted(event) = crate::event(name, &json!({"id": 1})) else {
            panic!("{name} is listed");
        };
        assert_eq!(event.name(), name);
        assert_eq!(event.payload().get(), r#"{"id":1}"#);
    }
}

/// Older pages of the vendor name events that no sample has; others are announced, and nobody has published their names.
#[test]
fn names_that_no_page_describes_are_unlisted() {
    for name in [
        "review.approved",
        "result.created",
        "results.imported",
        "run_result.deleted",
        "run.result_updated",
        "requirement.linked",
    ] {
        assert_eq!(name.parse::<EventName>().ok(), None, "{name}");
        for payload in [json!(null), json!(1), json!("text"), json!([]), json!({"run_id": 902})] {
            let Event::Unlisted(event) = crate::event(name, &payload) else { panic!("{name} is listed") };
            assert_eq!((event.name(), event.payload().get()), (name, payload.to_string().as_str()));
        }
    }
}
