//! Events stay small, and so does the stack that decoding needs.

use std::mem::size_of;
use std::thread;

use qase_webhooks::{Event, EventName, Webhook};

use crate::fixtures;

#[test]
fn an_event_is_three_words() {
    assert!(size_of::<Event>() <= 24, "{}", size_of::<Event>());
    assert_eq!(size_of::<EventName>(), 1);
}

#[test]
fn decoding_needs_little_stack() {
    for (name, case, body) in fixtures() {
        let decode = move || Webhook::from_slice(&body).is_ok();
        let decoded = thread::Builder::new().stack_size(128 * 1024).spawn(decode).unwrap().join().unwrap();
        assert_eq!(decoded, !case.starts_with("refused_"), "{name}/{case}");
    }
}

/// Steps may hold steps; the parser stops at 128 levels of JSON, long before a thread's stack does.
#[test]
fn steps_within_steps_end_in_an_error_and_not_in_an_overflow() {
    let body = |depth: usize| {
        let (open, close) = (r#"{"steps":["#.repeat(depth), "]}".repeat(depth));
        format!(
            r#"{{"event_name":"case.created","timestamp":1,"payload":{{"id":1,"title":"","steps":[{open}{close}]}}}}"#
        )
    };
    let decode = move || {
        assert!(Webhook::from_slice(body(60).as_bytes()).is_ok());
        assert!(Webhook::from_slice(body(5_000).as_bytes()).is_err());
    };
    thread::Builder::new().stack_size(1024 * 1024).spawn(decode).unwrap().join().unwrap();
}
