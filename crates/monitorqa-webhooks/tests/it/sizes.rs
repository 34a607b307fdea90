//! What decoding costs in space.

use std::thread;

use monitorqa_webhooks::{Event, Webhook};

use crate::fixtures;

#[test]
fn an_event_is_two_words() {
    assert_eq!(size_of::<Event>(), 2 * size_of::<usize>());
}

#[test]
fn every_payload_decodes_and_is_refused_in_a_small_stack() {
    let work = || {
        for (name, case, body) in fixtures() {
            let refused = Webhook::from_slice(&body).is_err();
            assert_eq!(refused, case.starts_with("refused_"), "{name}/{case}");
        }
    };
    thread::Builder::new().stack_size(128 * 1024).spawn(work).unwrap().join().unwrap();
}
