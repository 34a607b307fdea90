//! What decoding costs in space.

use std::thread;

use deepsource_webhooks::{Event, Webhook};

use crate::fixture;

#[test]
fn an_event_is_three_words_at_most() {
    assert!(size_of::<Event>() <= 24, "{}", size_of::<Event>());
}

#[test]
fn every_payload_decodes_and_is_refused_in_a_small_stack() {
    let work = || {
        for fixture in fixture::all() {
            let outcome = Webhook::from_slice(&fixture.body);
            assert_eq!(outcome.is_err(), fixture.is_refused(), "{} {}", fixture.event, fixture.case);
        }
    };
    thread::Builder::new().stack_size(128 * 1024).spawn(work).unwrap().join().unwrap();
}
