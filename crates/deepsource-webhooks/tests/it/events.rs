//! The list of events.

use std::collections::BTreeSet;

use deepsource_webhooks::{Envelope, Event, EventName, Standing, Webhook};

use crate::fixture::{self, webhook};

#[test]
fn every_listed_event_has_a_payload_of_the_vendors_page() {
    let listed: BTreeSet<_> = Webhook::catalogue().iter().map(|info| info.name.to_owned()).collect();
    let shown: BTreeSet<_> =
        fixture::all().into_iter().filter(|fixture| fixture.case == "vendor_page").map(|f| f.event).collect();
    assert_eq!(listed, shown);
    assert_eq!(listed.len(), 13);
}

#[test]
fn a_folder_holds_payloads_of_its_event() {
    for fixture in fixture::all() {
        let name = Webhook::peek(&fixture.body).unwrap().name().to_owned();
        assert_eq!(name, fixture.event, "{}", fixture.case);
    }
}

#[test]
fn what_the_types_say_is_what_the_name_says() {
    for fixture in fixture::all().iter().filter(|fixture| !fixture.is_refused()) {
        let webhook = Webhook::from_slice(&fixture.body).unwrap();
        let listed = webhook.event.listed_name().map(EventName::as_str);
        assert_eq!(listed, webhook.info().map(|info| info.name));
        assert_eq!(webhook.name(), fixture.event);
    }
}

#[test]
fn only_the_form_of_2021_is_deprecated() {
    let deprecated: Vec<_> = Webhook::catalogue()
        .iter()
        .filter(|info| info.standing == Standing::Deprecated)
        .map(|info| info.name)
        .collect();
    assert_eq!(deprecated, ["analysis.updated"]);
}

#[test]
fn an_unlisted_event_is_kept_as_it_came() {
    let Event::Unlisted(event) = webhook("report_card.published", "unlisted").event else { panic!() };
    assert_eq!(event.name(), "report_card.published");
    assert_eq!(event.payload().get(), r#"{"object":{"object":"ReportCard","grade":"B"},"note":"new"}"#);

    let Event::Unlisted(event) = webhook("report_card.published", "no_data").event else { panic!() };
    assert!(event.payload().is_null());
}

#[test]
fn names_that_were_never_published_are_unlisted() {
    let old = webhook("autofix.created", "never_published");
    assert!(matches!(old.event, Event::Unlisted(_)));
    assert_eq!(old.info(), None);
}
