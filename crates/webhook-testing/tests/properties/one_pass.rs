//! Decoding and drift in one pass: if decoding meets nothing unusual, the search for drift finds nothing.

use allocation_counter::measure;
use webhook_core::drift::{self, Decoded};

use crate::fixtures::{Webhook, fixtures};
use crate::for_each_vendor;
use crate::json::Json;

/// What is put in the place of every value: each kind of JSON, and what only some fields take.
const REPLACEMENTS: [&str; 17] = [
    "null",
    "true",
    "1",
    "-1",
    "2.5",
    "18446744073709551616",
    "1770705715120",
    "\"\"",
    "\"x\"",
    "\"2026-02-10T06:41:55Z\"",
    "[]",
    "{}",
    "[null]",
    "[{}]",
    "[{\"id\":1,\"x\":1}]",
    "{\"0\":1}",
    "{\"id\":1,\"slug\":\"x\",\"title\":null}",
];

for_each_vendor! {
    fn decoding_misses_no_drift = misses_nothing;
    fn a_body_without_drift_is_read_once = reads_once;
}

fn misses_nothing<W: Webhook>() {
    let (mut with, mut without) = (0_u32, 0_u32);
    for (turn, fixture) in fixtures::<W>().into_iter().enumerate() {
        let json = fixture.json();
        let mut check = |body: &str| match drift::decode::<W>(body.as_bytes()) {
            Ok(Decoded { webhook, drift, .. }) => {
                assert_eq!(drift, drift::of::<W>(body.as_bytes()), "{}: {body}", fixture.name);
                assert!(W::from_slice(body.as_bytes()).is_ok_and(|plain| plain == webhook), "{body}");
                *(if drift.is_empty() { &mut without } else { &mut with }) += 1;
            }
            Err(_) => assert!(W::from_slice(body.as_bytes()).is_err(), "{}: {body}", fixture.name),
        };
        check(&fixture.body);
        check(&json.write(true));
        check(&reversed(&json).to_string());
        // The fixtures of an event have most of their places in common.
        for route in json.routes().iter().skip(turn % 3).step_by(3) {
            for value in REPLACEMENTS {
                check(&json.with(route, |place| *place = Json::bare(value)).to_string());
            }
            check(&json.without(route).to_string());
            for change in [repeat_later, repeat_with_null, rename, add] {
                let (last, way) = route.split_last().unwrap();
                check(&json.with(way, |place| change(place, *last)).to_string());
            }
        }
    }
    assert!(with > 3_000 && without > 300, "{with} with drift, {without} without");
}

fn repeat_later(place: &mut Json, entry: usize) {
    match place {
        Json::Object(entries) => entries.push(entries[entry].clone()),
        Json::List(parts) => parts.push(parts[entry].clone()),
        _ => {}
    }
}

fn repeat_with_null(place: &mut Json, entry: usize) {
    if let Json::Object(entries) = place {
        entries.insert(entry, (entries[entry].0.clone(), Json::bare("null")));
    }
}

fn rename(place: &mut Json, entry: usize) {
    if let Json::Object(entries) = place {
        entries[entry].0.push('s');
    }
}

fn add(place: &mut Json, entry: usize) {
    if let Json::Object(entries) = place {
        entries.insert(entry, ("unknown_key".to_owned(), Json::bare("1")));
    }
}

/// The same with the keys of every object in the opposite order.
fn reversed(json: &Json) -> Json {
    match json {
        Json::List(parts) => Json::List(parts.iter().map(reversed).collect()),
        Json::Object(entries) => {
            Json::Object(entries.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect())
        }
        other => other.clone(),
    }
}

/// A second pass allocates, so there was none if the allocations are those of decoding.
fn reads_once<W: Webhook>() {
    let mut twice = Vec::new();
    let mut usual = 0_usize;
    for fixture in fixtures::<W>() {
        let body = fixture.body.as_bytes();
        let Ok(Decoded { drift, .. }) = drift::decode::<W>(body) else { continue };
        if !drift.is_empty() {
            continue;
        }
        usual += 1;
        let alone = measure(|| drop(W::from_slice(body))).count_total;
        let with_drift = measure(|| drop(drift::decode::<W>(body))).count_total;
        if with_drift != alone {
            twice.push(fixture.name);
        }
    }
    // Raw JSON and unusual spellings need a second pass, which finds nothing.
    assert!(usual > 10 && twice.len() * 4 <= usual, "{} of {usual}: {twice:#?}", twice.len());
}
