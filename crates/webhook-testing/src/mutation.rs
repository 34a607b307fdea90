//! Bodies derived from the samples, with changes that the vendor may make.

use serde_json::{Value, json};

use crate::setup::Setup;
use webhook_core::Authenticated;
use webhook_core::Delivery;
use webhook_core::Events;
use webhook_core::IdempotencyKey;
use webhook_core::Layout;
use webhook_core::describe::Shape;

/// A text that no vocabulary lists.
const NEW_TEXT: &str = "brand_new_value";
/// A number that no vocabulary lists.
const NEW_CODE: i64 = 987_654;
/// A key that is in no type.
const NEW_FIELD: &str = "brand_new_field";
/// A name that no vendor uses.
const NEW_NAME: &str = "brand_new.event";

impl<W: Authenticated> Setup<'_, W> {
    /// The same delivery with a new identity, otherwise the same bytes. If the vendor has ids, it gets another id. If a
    /// fingerprint identifies deliveries, spaces are added at its end.
    pub(crate) fn fresh(&self, body: &str) -> String {
        let number = self.fresh.get().saturating_add(1);
        self.fresh.set(number);
        if let IdempotencyKey::Vendor(id) = Delivery::<W>::from_unverified(body.to_owned()).key() {
            let (old, new) = (json!(id).to_string(), format!("\"9{number:017}\""));
            if body.contains(&old) {
                return body.replacen(&old, &new, 1);
            }
        }
        let spaces = usize::try_from(number).unwrap_or_default();
        format!("{body}{}", " ".repeat(spaces))
    }

    /// One body per event: its simplest sample.
    pub(crate) fn plain(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let main = self.samples.iter().filter(|sample| sample.is_main());
        main.map(|sample| (sample.event(), sample.body()))
    }

    /// The simplest samples after a change, if the change is possible.
    pub(crate) fn changed(&self, change: fn(&mut Value) -> bool) -> Vec<(&'static str, String)> {
        let changed = self.plain().filter_map(|(event, body)| {
            let mut value = serde_json::from_str(body).ok()?;
            change(&mut value).then(|| (event, self.fresh(&value.to_string())))
        });
        changed.collect()
    }
}

/// An unlisted event.
pub(crate) fn new_name<W: Layout>(webhook: &mut Value) -> bool {
    insert(webhook, W::NAME_KEY, NEW_NAME.into())
}

/// A payload that does not fit the type of any event.
pub(crate) fn contradiction<W: Authenticated>(webhook: &mut Value) -> bool {
    insert(webhook, W::PAYLOAD_KEY, json!(true)) && !decodes::<W>(webhook)
}

/// Unlisted texts and numbers, in every place that has a vocabulary.
pub(crate) fn new_values<W: Layout>(webhook: &mut Value) -> bool {
    let name = webhook.get(W::NAME_KEY).and_then(Value::as_str).and_then(W::Event::find);
    let shape = name.map_or(Shape::Any, W::Event::payload_shape);
    webhook.get_mut(W::PAYLOAD_KEY).is_some_and(|payload| unlist(payload, shape))
}

fn unlist(value: &mut Value, shape: Shape) -> bool {
    match (shape, &mut *value) {
        (Shape::Vocabulary { accepts, .. }, Value::String(text)) if !accepts(NEW_TEXT) => {
            NEW_TEXT.clone_into(text);
            true
        }
        (Shape::Codes { listed, .. }, Value::Number(_)) if !listed.contains(&NEW_CODE) => {
            *value = NEW_CODE.into();
            true
        }
        (Shape::Object { fields, .. }, Value::Object(object)) => {
            let mut changed = false;
            for (key, value) in object {
                if let Some(field) = fields().iter().find(|field| field.answers_to(key)) {
                    changed |= unlist(value, (field.shape)());
                }
            }
            changed
        }
        (Shape::List(element), Value::Array(elements)) => {
            elements.iter_mut().filter_map(|value| unlist(value, element()).then_some(())).count() > 0
        }
        (Shape::Map(element), Value::Object(object)) => {
            object.values_mut().filter_map(|value| unlist(value, element()).then_some(())).count() > 0
        }
        (Shape::OneOf(forms), _) => forms.iter().any(|form| unlist(value, form())),
        _ => false,
    }
}

/// Nulls in every place of the payload whose value is not required.
pub(crate) fn nulls<W: Authenticated>(webhook: &mut Value) -> bool {
    let Some(payload) = webhook.get(W::PAYLOAD_KEY) else { return false };
    let mut pointers = Vec::new();
    pointers_below(payload, &format!("/{}", escaped(W::PAYLOAD_KEY)), &mut pointers);
    let mut changed = false;
    for pointer in pointers {
        let Some(place) = webhook.pointer_mut(&pointer) else { continue };
        let value = place.take();
        if value.is_null() {
            continue;
        }
        if decodes::<W>(webhook) {
            changed = true;
        } else if let Some(place) = webhook.pointer_mut(&pointer) {
            *place = value;
        }
    }
    changed
}

/// The places of the values in a payload, inner values first.
fn pointers_below(value: &Value, pointer: &str, pointers: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let pointer = format!("{pointer}/{}", escaped(key));
                pointers_below(value, &pointer, pointers);
                pointers.extend((!value.is_object()).then_some(pointer));
            }
        }
        Value::Array(elements) => {
            for (index, value) in elements.iter().enumerate() {
                pointers_below(value, &format!("{pointer}/{index}"), pointers);
            }
        }
        _ => {}
    }
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Undocumented keys, in every object that is not a map with free keys.
pub(crate) fn more_fields<W: Authenticated>(webhook: &mut Value) -> bool {
    let mut pointers = Vec::new();
    objects(webhook, "", &mut pointers);
    let mut changed = false;
    for pointer in pointers {
        let added = json!({ "with": ["a", 1, null] });
        let Some(object) = webhook.pointer_mut(&pointer).and_then(Value::as_object_mut) else { continue };
        object.insert(NEW_FIELD.to_owned(), added);
        if decodes::<W>(webhook) {
            changed = true;
        } else if let Some(object) = webhook.pointer_mut(&pointer).and_then(Value::as_object_mut) {
            object.remove(NEW_FIELD);
        }
    }
    changed
}

fn objects(value: &Value, pointer: &str, pointers: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            pointers.push(pointer.to_owned());
            for (key, value) in object {
                objects(value, &format!("{pointer}/{}", escaped(key)), pointers);
            }
        }
        Value::Array(elements) => {
            for (index, value) in elements.iter().enumerate() {
                objects(value, &format!("{pointer}/{index}"), pointers);
            }
        }
        _ => {}
    }
}

fn insert(webhook: &mut Value, key: &str, value: Value) -> bool {
    webhook.as_object_mut().is_some_and(|object| object.insert(key.to_owned(), value).is_some())
}

fn decodes<W: Authenticated>(webhook: &Value) -> bool {
    Delivery::<W>::from_unverified(webhook.to_string()).decode().is_ok()
}

/// The same JSON in an unusual format, which no JSON writer produces.
pub(crate) fn respelled(body: &str) -> String {
    // White space after the first brace and a line break after the last. Every parser accepts them, but no writer
    // produces them.
    let body = body.trim();
    let inner = body.strip_prefix('{').unwrap_or(body);
    format!("{{ \t{inner}\r\n")
}

/// The body with one letter or digit changed, so that it still decodes and only the signature detects the change.
pub(crate) fn tampered<W: Authenticated>(body: &str) -> String {
    let places = body.char_indices().rev().filter(|(_, letter)| letter.is_ascii_alphanumeric());
    let mut changed = places.filter_map(|(place, letter)| {
        let (before, rest) = body.split_at_checked(place)?;
        let (_, behind) = rest.split_at_checked(1)?;
        let changed = format!("{before}{}{behind}", if letter == '1' { '2' } else { '1' });
        W::from_slice(changed.as_bytes()).is_ok().then_some(changed)
    });
    changed.next().unwrap_or_else(|| format!("{body} "))
}
