//! Payloads generated from the published shapes. What fits the shape decodes without drift, and
//! is the same after writing and reading.

use webhook_core::describe::{Field, Shape};
use webhook_core::{Events as _, drift};

use crate::changes::same;
use crate::fixtures::Webhook;
use crate::for_each_vendor;
use crate::json::Json;

/// How many payloads are made for each event.
const PAYLOADS: u64 = 60;

for_each_vendor! {
    fn a_payload_that_fits_its_shape_decodes_without_drift = fits;
}

fn fits<W: Webhook>() {
    for info in W::catalogue() {
        let name = W::Event::find(info.name).unwrap();
        for seed in 0..PAYLOADS {
            let mut make = Make { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, depth: 0 };
            let mut entries = vec![(W::NAME_KEY.to_owned(), Json::Text(info.name.to_owned()))];
            entries.extend(make.fields(W::fields()));
            entries.push((W::PAYLOAD_KEY.to_owned(), make.value(W::Event::payload_shape(name))));
            let body = Json::Object(entries).to_string();
            let webhook = W::from_slice(body.as_bytes()).unwrap_or_else(|error| panic!("{error}: {body}"));
            assert_eq!((webhook.name(), webhook.info()), (info.name, Some(info)));
            assert_eq!(drift::of::<W>(body.as_bytes()), [], "{body}");
            let written = serde_json::to_vec(&webhook).unwrap();
            assert_eq!(same(&W::from_slice(&written).unwrap()), same(&webhook), "{body}");
        }
    }
}

/// A source of values: the same ones on every run.
struct Make {
    state: u64,
    depth: usize,
}

impl Make {
    /// A number below a limit.
    fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state % limit as u64).unwrap()
    }

    fn one_of<'a>(&mut self, values: &[&'a str]) -> &'a str {
        values[self.below(values.len())]
    }

    /// The keys of an object; optional keys are sometimes missing.
    fn fields(&mut self, fields: &[Field]) -> Vec<(String, Json)> {
        let mut entries = Vec::new();
        for field in fields {
            let may_go = field.optional && !field.identity;
            // A type may contain itself, so the depth is limited.
            if may_go && (self.depth > 3 || self.below(4) == 0) {
                continue;
            }
            let is_null = field.nullable && self.below(4) == 0;
            let value = if is_null { Json::bare("null") } else { self.value((field.shape)()) };
            entries.push((field.name.to_owned(), value));
        }
        entries
    }

    fn value(&mut self, shape: Shape) -> Json {
        self.depth += 1;
        let value = self.value_below(shape);
        self.depth -= 1;
        value
    }

    fn value_below(&mut self, shape: Shape) -> Json {
        let count = if self.depth > 4 { 0 } else { self.below(4) };
        match shape {
            Shape::Any => Json::parse(self.one_of(&["1", "\"x\"", "[1]", "{\"a\":true}"])),
            Shape::Text => {
                Json::Text(self.one_of(&["x", "a \"quoted\" text", "é\u{1f600}", "line\nbreak"]).to_owned())
            }
            Shape::Id => Json::parse(self.one_of(&["\"a-1\"", "17", "\"18446744073709551616\""])),
            Shape::Integer { min: 0 } => Json::bare(self.one_of(&["0", "1", "4294967296"])),
            Shape::Integer { .. } => Json::bare(self.one_of(&["-1", "0", "9007199254740993"])),
            Shape::Number => Json::bare(self.one_of(&["-1", "0.25", "1e3", "7"])),
            Shape::Boolean => Json::bare(self.one_of(&["true", "false"])),
            Shape::UnixSeconds => Json::bare(self.one_of(&["0", "1650534123", "1893456000"])),
            Shape::Time => {
                Json::Text(self.one_of(&["2024-02-29T23:59:59Z", "2022-04-21T09:42:03.123+02:00"]).to_owned())
            }
            Shape::Vocabulary { listed, .. } => Json::Text(self.one_of(listed).to_owned()),
            Shape::Codes { listed, .. } => Json::bare(listed[self.below(listed.len())].to_string()),
            Shape::Object { fields, .. } => Json::Object(self.fields(fields())),
            Shape::List(element) => Json::List((0..count).map(|_| self.value(element())).collect()),
            Shape::Map(value) => Json::Object(
                (0..count).map(|number| (format!("key {number}"), self.value(value()))).collect(),
            ),
            Shape::MapById(value) => Json::Object(
                (0..count).map(|number| ((number + 1).to_string(), self.value(value()))).collect(),
            ),
            Shape::OneOf(forms) => {
                match forms[self.below(forms.len())]() {
                    // Another form may be an object, and is tried first.
                    Shape::Any => Json::bare("1"),
                    // A list in place of one object holds one.
                    Shape::List(element) if forms.iter().any(|form| is_object_of(form(), element())) => {
                        Json::List(vec![self.value(element())])
                    }
                    form => self.value_below(form),
                }
            }
            other => panic!("{other:?} cannot be made"),
        }
    }
}

/// Whether both shapes are the same object.
fn is_object_of(shape: Shape, element: Shape) -> bool {
    match (shape, element) {
        (Shape::Object { name, .. }, Shape::Object { name: other, .. }) => name == other,
        _ => false,
    }
}
