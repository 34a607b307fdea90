//! Events stay small, and so does the stack that decoding needs.

use std::mem::size_of;
use std::thread;

use qase_webhooks::{Event, EventName, Webhook};

use crate::fixtures;

#[test]
fn an_event_is_two_words() {
    assert!(size_of::<Event>() <= 16, "{}", size_of::<Event>());
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

/// Steps may hold steps: what nests too deep for a thread's stack is left out, and the rest is there.
#[test]
fn steps_within_steps_end_in_what_is_left_out_and_not_in_an_overflow() {
    let body = |depth: usize| {
        let (open, close) = (r#"{"position":1,"steps":["#.repeat(depth), "]}".repeat(depth));
        format!(
            r#"{{"event_name":"case.created","timestamp":1,"payload":{{"id":1,"steps":[{open}{close}],"title":"x"}}}}"#
        )
    };
    let depth = |body: String| {
        let Event::CaseCreated(case) = Webhook::from_slice(body.as_bytes()).unwrap().event else {
            panic!("another event")
        };
        assert_eq!(case.title.as_deref(), Some("x"));
        let mut depth = 0;
        let mut steps = &case.steps;
        while let Some(step) = steps.first() {
            depth += 1;
            steps = &step.steps;
        }
        depth
    };
    let decode = move || {
        assert_eq!(depth(body(60)), 60);
        let deep = depth(body(5_000));
        assert!((60..128).contains(&deep), "{deep}");
    };
    thread::Builder::new().stack_size(1024 * 1024).spawn(decode).unwrap().join().unwrap();
}
