//! The memory for decoding and drift: a small multiple of the body, and a constant.

use allocation_counter::{AllocationInfo, measure};
use webhook_core::describe::Shape;
use webhook_core::drift::{MAX_BYTES, MAX_FINDINGS, of};

use crate::fixtures::{Webhook, fixtures};
use crate::for_each_vendor;
use crate::json::Json;
use crate::oracle::{name_of, shape_at};

/// What decoding may hold at one time for every byte of a body. An empty object in a list takes three bytes to write
/// and the size of its type to hold, twice while the list grows.
const DECODING_BYTES_PER_BYTE: u64 = 200;

/// What drift may hold at one time for every byte of a body: the path that it walks and one key, unescaped.
const DRIFT_BYTES_PER_BYTE: u64 = 4;

/// What the findings of a delivery may take, however long its body is: their paths and what they expect, in lists that
/// grow by doubling, and the findings themselves.
const FINDINGS_BYTES: u64 = 3 * (MAX_BYTES as u64 + MAX_FINDINGS as u64 * 256);

for_each_vendor! {
    fn memory_is_at_most_a_multiple_of_the_body = decoding_is_bounded;
    fn only_kept_values_are_allocated = allocations_are_counted;
    fn keys_and_depth_do_not_raise_the_cost_of_drift = drift_is_bounded;
}

/// The largest types in the longest lists, the longest keys, the deepest nesting, and all of it where it is refused.
fn decoding_is_bounded<W: Webhook>() {
    for_each_filling::<W>(20_000, 1, |body| {
        let held = measured(|| W::from_slice(body)).bytes_max;
        let bound = DECODING_BYTES_PER_BYTE * body.len() as u64 + 32 * 1024;
        assert!(held <= bound, "{held} for {} bytes: {:.500}", body.len(), String::from_utf8_lossy(body));
    });
}

/// One allocation for the box of the payload, and for each text, list, map or object that is not empty; one more whenever
/// a list doubles, and up to two for a number in an unusual spelling. Keys, integers and listed values take none.
fn allocations_are_counted<W: Webhook>() {
    for fixture in fixtures::<W>() {
        let (body, json) = (fixture.body.as_bytes(), fixture.json());
        let Ok(webhook) = W::from_slice(body) else { continue };
        let allocated = measured(|| W::from_slice(body)).count_total;
        // An unlisted event has its name, its payload as text, and the box around both.
        let around = if webhook.info().is_some() { 1 } else { 3 };
        let values = json.routes().into_iter().map(|route| {
            let shape = shape_at::<W>(webhook.name(), &json, &route);
            allocations_for(json.at(&route), shape)
        });
        let at_most = around + values.sum::<u64>();
        assert!(allocated <= at_most, "{}: {allocated} allocations, at most {at_most}", fixture.name);
    }
}

fn allocations_for(json: &Json, shape: Option<Shape>) -> u64 {
    match (json, shape) {
        // The key of the event's name, and keys that are not known.
        (_, None) => 0,
        (Json::Text(text), Some(Shape::Vocabulary { accepts, .. })) if accepts(text) => 0,
        (Json::Text(text), _) => u64::from(!text.is_empty()),
        (Json::Bare(text), _) if ["null", "true", "false"].contains(&text.as_str()) => 0,
        (Json::Bare(text), Some(Shape::Integer { .. } | Shape::Codes { .. }))
            if text.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            0
        }
        (Json::Bare(_), _) => 2,
        (Json::List(parts), _) => 1 + u64::from(parts.len().checked_ilog2().unwrap_or(0)),
        (Json::Object(_), _) => 1,
    }
}

/// Bodies of half a megabyte, whose keys are as long and as many as possible.
fn drift_is_bounded<W: Webhook>() {
    for_each_filling::<W>(500_000, 6, |body| {
        let held = measured(|| of::<W>(body)).bytes_max;
        let bound = DRIFT_BYTES_PER_BYTE * body.len() as u64 + FINDINGS_BYTES;
        assert!(held <= bound, "{held} for {} bytes: {:.500}", body.len(), String::from_utf8_lossy(body));
    });
}

/// One payload of every so many events, filled up in turn at the payload, at one of its values and beside it.
fn for_each_filling<W: Webhook>(bytes: usize, every: usize, check: impl Fn(&[u8])) {
    let mut last = None;
    let mut events = 0;
    let mut checked = 0;
    let fillings = fillings(bytes);
    for fixture in fixtures::<W>() {
        let json = fixture.json();
        let name = name_of::<W>(&json).map(str::to_owned);
        if name == last {
            continue;
        }
        last = name;
        events += 1;
        if events % every != 0 {
            continue;
        }
        let routes = json.routes();
        for (turn, filling) in fillings.iter().enumerate() {
            let route = &routes[(checked * 7 + turn) % routes.len()];
            check(json.with(route, |value| *value = Json::bare(filling)).to_string().as_bytes());
            checked += 1;
        }
        // As an unknown key.
        let many: Vec<_> = (0..bytes / 320)
            .map(|number| (format!("{number}{}", "k".repeat(300)), Json::bare("1")))
            .collect();
        for place in [vec![], vec![payload_at::<W>(&json)]] {
            let body = json.with(&place, |value| match value {
                Json::Object(entries) => entries.splice(0..0, many.clone()).for_each(drop),
                other => *other = Json::Object(many.clone()),
            });
            check(body.to_string().as_bytes());
        }
    }
    assert!(checked > 20, "{checked}");
}

fn payload_at<W: Webhook>(json: &Json) -> usize {
    let Json::Object(entries) = json else { return 0 };
    entries.iter().position(|(key, _)| key == W::PAYLOAD_KEY).unwrap_or(0)
}

fn fillings(bytes: usize) -> Vec<String> {
    let times = |text: &str| text.repeat(bytes / text.len());
    let key = times("k");
    // A line break in a key is a letter more in a path, and this one is ten.
    let escaped = times("\u{202e}");
    let nested =
        |key: &str, depth: usize| format!("{}1{}", format!("{{\"{key}\":").repeat(depth), "}".repeat(depth));
    vec![
        format!("[{}{{}}]", times("{},")),
        format!("[{}0]", times("0,")),
        format!("[{}\"\"]", times("\"\",")),
        format!("[{}null]", times("null,")),
        format!("{{\"{key}\":1}}"),
        format!("{{\"{escaped}\":{{\"a\":1,\"b\":[{}1]}}}}", "{},".repeat(2_000)),
        format!("{{\"{}\":1}}", times("\\u0001")),
        // Each finding below it repeats a long key.
        format!("{{\"{}\":[{}1]}}", "k".repeat(bytes / 2), "{\"z\":1},".repeat(bytes / 16)),
        nested(&"k".repeat(bytes / 120), 100),
        nested("steps", bytes / 10),
        format!("\"{key}\""),
        times("["),
    ]
}

/// What an act allocates, its result included.
fn measured<T>(act: impl FnOnce() -> T) -> AllocationInfo {
    let mut result = None;
    let info = measure(|| result = Some(act()));
    drop(result);
    info
}
