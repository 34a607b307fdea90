//! How often and how much is allocated: once for each thing that the user gets, and never more than a multiple of what
//! the sender sent.

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::ops::RangeInclusive;

use allocation_counter::{AllocationInfo, measure};
use webhook_core::shape::Shape;
use webhook_core::{Delivery, Events};

use crate::for_each_vendor;
use crate::json::Json;
use crate::payloads::{Webhook, payloads};
use crate::verdict::name_of;

/// What decoding may hold at one time for every byte of a body. An empty object in a list takes three bytes to write
/// and the size of its type to hold, twice while the list grows.
const MOST_BYTES_PER_BYTE: u64 = 200;

/// What an error with its path and its message may hold besides.
const ERROR_BYTES: u64 = 32 * 1024;

/// Payloads in which an id stands once and is given in two places.
const GIVEN_TWICE: &[&str] = &[
    "AUDIT_COMPLETED/whole.json",
    "AUDIT_COMPLETED/whole_audit_id_null.json",
    "AUDIT_COMPLETED/whole_retired_fields.json",
    "CORRECTIVE_ACTION_CREATED/id_in_details_only.json",
];

for_each_vendor! {
    fn one_for_each_text_list_and_box = counts;
    fn a_name_that_is_peeked_at_is_borrowed = peeks;
    fn a_body_costs_a_multiple_of_itself = bounds;
}

/// Lists, boxes and texts that are not empty, and nothing besides; a listed value of a vocabulary is no text.
fn counts<W: Webhook>(_: PhantomData<W>) {
    let mut compared = 0;
    for payload in payloads::<W>() {
        let body = payload.body.as_bytes();
        let json = Json::parse(&payload.body);
        let Some(expected) = expected::<W>(&json).filter(|_| !payload.body.contains('\\')) else { continue };
        if W::from_slice(body).is_err() || GIVEN_TWICE.iter().any(|case| payload.path.ends_with(case)) {
            continue;
        }
        let found = measured(|| W::from_slice(body)).count_total;
        assert!(expected.contains(&found), "{found} for {expected:?}: {}", payload.path.display());
        compared += 1;
    }
    assert!(compared > 15, "{compared} payloads say how often they allocate");
}

fn peeks<W: Webhook>(_: PhantomData<W>) {
    for payload in payloads::<W>() {
        let body = payload.body.as_bytes();
        if W::peek(body).is_ok() && !payload.body.contains('\\') {
            // The parser has a word of its own about those who leave in the middle.
            let found = measured(|| W::peek(body));
            assert!(found.count_total <= 1 && found.bytes_total <= 64, "{}", payload.path.display());
        }
    }
}

/// The largest types in the longest lists, the longest keys, the deepest nesting, and all of it where it is refused.
fn bounds<W: Webhook>(_: PhantomData<W>) {
    let mut seen = BTreeSet::new();
    for payload in payloads::<W>() {
        let json = Json::parse(&payload.body);
        for route in json.routes().into_iter().skip(1) {
            // What stands under the same keys of the same event is the same.
            if !seen.insert((name_of::<W>(&json).map(str::to_owned), json.keys_along(&route))) {
                continue;
            }
            for filler in [
                format!("[{}{{}}]", "{},".repeat(1_000)),
                format!("[{}0]", "0,".repeat(1_000)),
                format!("[{}\"\"]", "\"\",".repeat(1_000)),
                Json::Object((0..300).map(|key| (key.to_string(), Json::bare("{}"))).collect()).to_string(),
                format!("{{\"{}\":{{\"a\":1,\"b\":2,\"c\":3}}}}", "\u{202e}".repeat(2_000)),
                format!("\"{}\"", "x".repeat(8_000)),
                "[".repeat(8_000),
            ] {
                let body = json.with(&route, |value| *value = Json::bare(&filler)).to_string();
                let bytes = body.len() as u64;
                let decoding = measured(|| W::from_slice(body.as_bytes())).bytes_max;
                assert!(decoding <= MOST_BYTES_PER_BYTE * bytes + ERROR_BYTES, "{decoding}: {body:.2000}");
                let delivery = Delivery::<W>::from_unverified(body.clone());
                let drifting = measured(|| delivery.drift()).bytes_max;
                assert!(drifting <= MOST_BYTES_PER_BYTE * bytes + ERROR_BYTES, "{drifting}: {body:.2000}");
            }
        }
    }
}

/// What an act allocates, its result included.
fn measured<T>(act: impl FnOnce() -> T) -> AllocationInfo {
    let mut result = None;
    let info = measure(|| result = Some(act()));
    drop(result);
    info
}

/// The texts and lists that are not empty, the least and the most that they can be; `None` for a body of which that is
/// not the whole truth: one with its payload in front, which has to be held, or with a field in several forms.
fn expected<W: Webhook>(json: &Json) -> Option<RangeInclusive<u64>> {
    let Json::Object(entries) = json else { return None };
    let place = |key: &str| entries.iter().position(|(name, _)| name == key);
    if place(W::NAME_KEY)? > place(W::PAYLOAD_KEY)? {
        return None;
    }
    let payload = W::Event::payload_shape(W::Event::find(name_of::<W>(json)?)?);
    let mut sum = Count::default();
    for (key, value) in entries {
        if key == W::PAYLOAD_KEY {
            sum.count(payload, value)?;
        } else if let Some(field) = W::fields().iter().find(|field| field.answers_to(key)) {
            sum.count((field.shape)(), value)?;
        } else if W::OLD_NAME_KEY == Some(key) {
            return None;
        }
    }
    // A payload may stand in a box of its own.
    Some(sum.things..=sum.things + sum.growth + 1)
}

#[derive(Default)]
struct Count {
    things: u64,
    growth: u64,
}

impl Count {
    fn count(&mut self, shape: Shape, json: &Json) -> Option<()> {
        match (shape, json) {
            // A form or `null`, in a list.
            (Shape::OneOf([form, null]), json) if matches!(null(), Shape::Null) => self.count(form(), json),
            (Shape::Any | Shape::Map(_) | Shape::OneOf(_), _) => None,
            (Shape::Text, Json::Text(text)) => {
                self.things += u64::from(!text.is_empty());
                Some(())
            }
            (Shape::Vocabulary { accepts, .. }, Json::Text(text)) => {
                self.things += u64::from(!text.is_empty() && !accepts(text));
                Some(())
            }
            (Shape::List(element), Json::List(parts)) => {
                self.things += u64::from(!parts.is_empty());
                // Room for one or for four at first, by the size of the element, and twice as much whenever it is full.
                self.growth += u64::from(parts.len().next_power_of_two().trailing_zeros());
                parts.iter().try_for_each(|part| self.count(element(), part))
            }
            (Shape::Object { fields, .. }, Json::Object(entries)) => {
                let mut seen = BTreeSet::new();
                for (key, value) in entries {
                    if let Some(field) = fields().iter().find(|field| field.answers_to(key)) {
                        // The same field in two spellings: one of them is given up.
                        seen.insert(field.name).then_some(())?;
                        self.count((field.shape)(), value)?;
                    }
                }
                Some(())
            }
            _ => Some(()),
        }
    }
}
