//! The list of events against the payloads.

use std::collections::BTreeSet;

use monitorqa_webhooks::{Envelope as _, Event, EventName, Standing, Webhook};
use serde_json::json;

use crate::{event, fixtures};

#[test]
fn fifteen_events_are_documented() {
    assert_eq!(Webhook::catalogue().len(), 15);
    // No delivery of this vendor is known.
    assert!(Webhook::catalogue().iter().all(|info| info.standing == Standing::Documented));
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
        assert_eq!(webhook.event.listed_name(), name.parse::<EventName>().ok(), "{name}/{case}");
    }
}

#[test]
fn names_are_compared_exactly() {
    for name in ["audit_assigned", "AUDIT_ASSIGNED ", "AUDIT"] {
        let Event::Unlisted(event) = event(name, &json!({"auditId": "x"})) else {
            panic!("{name} is listed");
        };
        assert_eq!(event.name(), name);
        assert_eq!(event.payload().get(), r#"{"auditId":"x"}"#);
    }
}

/// They stood on the page for three days in February 2023.
#[test]
fn retired_names_are_not_listed() {
    for name in ["ASSIGNED", "SUBMITTED", "APPROVED", "REJECTED", "DELETED", "EXPIRED"] {
        assert_eq!(format!("ACTION_{name}").parse::<EventName>().ok(), None, "{name}");
        assert!(format!("CORRECTIVE_ACTION_{name}").parse::<EventName>().is_ok(), "{name}");
    }
}
