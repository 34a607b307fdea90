//! What decoding needs of the stack, and how large an event is.

use std::thread;

use crate::fixtures::{Webhook, fixtures};
use crate::for_each_vendor;
use crate::json::Json;
use crate::oracle::{is_identified, name_of};

/// A small stack of a thread, in a build without optimisation.
const STACK_BYTES: usize = 128 * 1024;

const LEVELS: usize = 100_000;

for_each_vendor! {
    fn every_payload_decodes_in_a_small_stack = fixtures_in_a_small_stack;
    fn nesting_costs_no_stack = nesting_in_a_small_stack;
}

#[test]
fn an_event_is_two_words() {
    assert_eq!(size_of::<qase_webhooks::Event>(), 2 * size_of::<usize>());
    assert_eq!(size_of::<deepsource_webhooks::Event>(), 2 * size_of::<usize>());
    assert_eq!(size_of::<monitorqa_webhooks::Event>(), 2 * size_of::<usize>());
}

fn fixtures_in_a_small_stack<W: Webhook>() {
    in_a_small_stack(|| {
        for fixture in fixtures::<W>() {
            let json = fixture.json();
            let named = name_of::<W>(&json);
            let decodes = named.is_some_and(|name| is_identified::<W>(name, &json));
            assert_eq!(W::from_slice(fixture.body.as_bytes()).is_ok(), decodes, "{}", fixture.name);
        }
    });
}

/// In the payload with the deepest nesting: deeper values are left out, and the stack does not overflow.
fn nesting_in_a_small_stack<W: Webhook>() {
    let nestings = ["[", "{\"steps\":[", "{\"0\":"].map(|open| {
        let close: String = open
            .chars()
            .rev()
            .filter_map(|sign| match sign {
                '[' => Some(']'),
                '{' => Some('}'),
                _ => None,
            })
            .collect();
        format!("{}1{}", open.repeat(LEVELS), close.repeat(LEVELS))
    });
    let mut bodies = Vec::new();
    for event in ["case.created/", "analysis_run.updated/", "AUDIT_COMPLETED/"] {
        let Some(fixture) = fixtures::<W>().into_iter().find(|fixture| fixture.name.starts_with(event))
        else {
            continue;
        };
        let json = fixture.json();
        for (turn, route) in json.routes().iter().filter(|route| route.len() <= 2).take(9).enumerate() {
            let nesting = Json::bare(&nestings[turn % nestings.len()]);
            bodies.push(json.with(route, |value| *value = nesting).to_string());
        }
    }
    bodies.extend(nestings);
    assert!(bodies.len() > 5);
    in_a_small_stack(move || {
        for body in bodies {
            let _ = W::from_slice(body.as_bytes());
            let _ = (W::peek(body.as_bytes()), W::key_of(body.as_bytes()));
            let _ = webhook_core::drift::of::<W>(body.as_bytes());
        }
    });
}

fn in_a_small_stack(act: impl FnOnce() + Send) {
    thread::scope(|scope| {
        thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, act).unwrap().join().unwrap();
    });
}
