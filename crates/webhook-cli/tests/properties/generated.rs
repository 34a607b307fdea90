//! Payloads made from the types themselves: whatever a type says of itself decodes, and comes back as it was, through
//! JSON and through CBOR.

use std::marker::PhantomData;

use proptest::prelude::*;
use proptest::strategy::Union;
use webhook_core::Events;
use webhook_core::shape::{Field, Shape};

use crate::drawn;
use crate::for_each_vendor;
use crate::json::Json;
use crate::payloads::{Webhook, payloads};
use crate::verdict::decode;

for_each_vendor! {
    fn what_is_described_decodes_and_comes_back = described;
    fn what_is_incomplete_comes_back_if_it_decodes = incomplete;
    fn every_payload_comes_back_through_cbor = fixtures;
}

fn described<W: Webhook>(_: PhantomData<W>) {
    let cases = u32::try_from(W::catalogue().len()).unwrap() * 10;
    proptest!(drawn(cases), |(json in envelope::<W>(false))| {
        let webhook = decode::<W>(&json).map_err(|error| TestCaseError::fail(error.to_string()))?;
        comes_back(&webhook);
    });
}

fn incomplete<W: Webhook>(_: PhantomData<W>) {
    let cases = u32::try_from(W::catalogue().len()).unwrap() * 10;
    proptest!(drawn(cases), |(json in envelope::<W>(true))| {
        if let Ok(webhook) = decode::<W>(&json) {
            comes_back(&webhook);
        }
    });
}

fn fixtures<W: Webhook>(_: PhantomData<W>) {
    for payload in payloads::<W>() {
        if let Ok(webhook) = W::from_slice(payload.body.as_bytes()) {
            comes_back(&webhook);
        }
    }
}

fn comes_back<W: Webhook>(webhook: &W) {
    let json = serde_json::to_string(webhook).unwrap();
    assert_eq!(serde_json::from_str::<W>(&json).unwrap(), *webhook, "{json}");
    assert_eq!(W::from_slice(json.as_bytes()).unwrap(), *webhook, "{json}");
    let mut cbor = Vec::new();
    ciborium::into_writer(webhook, &mut cbor).unwrap();
    let again: W =
        ciborium::from_reader(cbor.as_slice()).map_err(|error| format!("{error}: {json}")).unwrap();
    assert_eq!(again, *webhook, "{json}");
}

/// A webhook of any event, listed or not, its payload before or after its name.
fn envelope<W: Webhook>(incomplete: bool) -> impl Strategy<Value = Json> {
    let listed = W::catalogue().iter().map(move |info| {
        let shape = W::Event::payload_shape(W::Event::find(info.name).unwrap());
        (Just(info.name.to_owned()), value(shape, 0, incomplete)).boxed()
    });
    let unlisted = ("[a-z]{1,8}\\.[A-Z]{1,8}", value(Shape::Any, 0, incomplete)).boxed();
    let event = Union::new(listed.chain([unlisted]));
    (event, object(W::fields(), 0, incomplete), any::<bool>()).prop_map(
        |((name, payload), mut fields, early)| {
            let name = (W::NAME_KEY.to_owned(), Json::Text(name));
            let payload = (W::PAYLOAD_KEY.to_owned(), payload);
            let Json::Object(entries) = &mut fields else { panic!("an envelope is an object") };
            entries.extend(if early { [payload, name] } else { [name, payload] });
            fields
        },
    )
}

/// Any value of a shape. An incomplete one may lack keys and have `null` anywhere.
fn value(shape: Shape, depth: usize, incomplete: bool) -> BoxedStrategy<Json> {
    match shape {
        Shape::Null => Just(Json::bare("null")).boxed(),
        Shape::Text => text().prop_map(Json::Text).boxed(),
        Shape::Integer { min } => integer(min),
        Shape::Number => prop_oneof![
            any::<i32>().prop_map(|number| Json::bare(number.to_string())),
            (any::<i32>(), 0..4_usize).prop_map(|(number, digits)| {
                Json::bare(format!("{:.digits$}", f64::from(number) / 64.0))
            }),
        ]
        .boxed(),
        Shape::Boolean => prop::sample::select(vec!["true", "false", "0", "1", "\"0\"", "\"1\""])
            .prop_map(Json::bare)
            .boxed(),
        Shape::UnixSeconds => prop_oneof![
            (-62_135_596_800..253_402_300_799_i64).prop_map(|seconds| Json::bare(seconds.to_string())),
            (0..4_000_000_000_i64).prop_map(|seconds| Json::text(seconds.to_string())),
        ]
        .boxed(),
        Shape::Time => time().boxed(),
        Shape::Vocabulary { listed, .. } => {
            prop_oneof![prop::sample::select(listed).prop_map(Json::text), text().prop_map(Json::Text)]
                .boxed()
        }
        Shape::Codes { listed, .. } => prop_oneof![prop::sample::select(listed), any::<i64>()]
            .prop_map(|code| Json::bare(code.to_string()))
            .boxed(),
        Shape::Object { fields, .. } => object(fields(), depth + 1, incomplete),
        // What contains itself ends somewhere.
        Shape::List(_) if depth > 4 => Just(Json::List(Vec::new())).boxed(),
        Shape::Map(_) if depth > 4 => Just(Json::Object(Vec::new())).boxed(),
        Shape::List(element) => {
            prop::collection::vec(value(element(), depth + 1, incomplete), 0..4).prop_map(Json::List).boxed()
        }
        Shape::Map(element) => {
            // Keys may be ids.
            prop::collection::btree_map("[1-9][0-9]{0,8}", value(element(), depth + 1, incomplete), 0..4)
                .prop_map(|entries| Json::Object(entries.into_iter().collect()))
                .boxed()
        }
        Shape::OneOf(forms) => Union::new(forms.iter().map(|form| value(form(), depth, incomplete))).boxed(),
        _ => anything(),
    }
}

fn object(fields: &'static [Field], depth: usize, incomplete: bool) -> BoxedStrategy<Json> {
    fields
        .iter()
        .map(move |field| {
            let name = field.name.to_owned();
            let keys: Vec<String> =
                field.aliases.iter().map(|alias| (*alias).to_owned()).chain([name]).collect();
            let value = value((field.shape)(), depth, incomplete);
            let rare = if incomplete { 2 } else { 0 };
            let value = prop_oneof![
                10 => value.prop_map(Some),
                rare => Just(Some(Json::bare("null"))),
                rare => Just(None),
            ];
            (prop::sample::select(keys), value)
        })
        .collect::<Vec<_>>()
        .prop_map(|entries| {
            Json::Object(entries.into_iter().filter_map(|(key, value)| Some((key, value?))).collect())
        })
        .boxed()
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{0,6}", "[0-9]{1,3}", any::<String>()]
}

fn integer(min: i64) -> BoxedStrategy<Json> {
    if min < 0 {
        any::<i64>().prop_map(|number| Json::bare(number.to_string())).boxed()
    } else {
        prop_oneof![
            any::<u64>().prop_map(|number| Json::bare(number.to_string())),
            any::<u64>().prop_map(|number| Json::text(number.to_string())),
        ]
        .boxed()
    }
}

fn time() -> impl Strategy<Value = Json> {
    let date = (0..10_000_u32, 1..13_u32, 1..29_u32);
    let clock = (0..24_u32, 0..60_u32, 0..61_u32);
    let fraction = prop_oneof![Just(String::new()), "\\.[0-9]{1,9}"];
    let zone = prop::sample::select(vec!["", "Z", "+00:00", "+05:30", "-0800"]);
    (date, clock, fraction, zone, prop::sample::select(vec!['T', ' '])).prop_filter_map(
        "within the years of four digits",
        |((year, month, day), (hour, minute, second), fraction, zone, separator)| {
            let edge = matches!((year, month, day), (0, 1, 1) | (9999, 12, _));
            let text = format!(
                "{year:04}-{month:02}-{day:02}{separator}{hour:02}:{minute:02}:{second:02}{fraction}{zone}"
            );
            (!edge).then_some(Json::Text(text))
        },
    )
}

fn anything() -> BoxedStrategy<Json> {
    let leaf = prop_oneof![
        prop::sample::select(vec!["null", "true", "0", "-1", "1.5", "1e3"]).prop_map(Json::bare),
        text().prop_map(Json::Text),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Json::List),
            prop::collection::btree_map("[a-z]{1,4}", inner, 0..3)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
    .boxed()
}
