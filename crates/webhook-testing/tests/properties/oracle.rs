//! What a value should be read as, by the published rule. This table is independent of the code that reads.

use webhook_core::Events as _;
use webhook_core::describe::{Field, Shape};

use crate::fixtures::Webhook;
use crate::json::Json;

/// What a value is for a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// It can be read, or its elements are.
    Reads,
    /// One of the spellings of an empty value.
    Nothing,
    /// It cannot be read: drift must report it.
    Unusable,
}

use Reading::{Nothing, Reads, Unusable};

/// The table, for the values that the property inserts; `null` has other rules.
pub(crate) fn reading(shape: Shape, value: &str) -> Reading {
    let any_of = |values: &[&str]| if values.contains(&value) { Reads } else { Unusable };
    match shape {
        Shape::Any => Reads,
        Shape::Text | Shape::Vocabulary { .. } => {
            any_of(&["true", "-1", "2.5", "18446744073709551616", "\"\"", "\"x\""])
        }
        Shape::Id => any_of(&["18446744073709551616", "\"x\""]),
        Shape::Integer { min: 0 } => Unusable,
        Shape::Integer { .. } | Shape::Codes { .. } => any_of(&["-1"]),
        Shape::Number => any_of(&["-1", "2.5", "18446744073709551616"]),
        Shape::Boolean => any_of(&["true"]),
        Shape::UnixSeconds | Shape::Time => match value {
            "-1" | "2.5" => Reads,
            "\"\"" => Nothing,
            _ => Unusable,
        },
        Shape::List(_) => match value {
            "[]" | "[null]" | "{\"0\":1}" => Reads,
            "{}" | "\"\"" => Nothing,
            _ => Unusable,
        },
        Shape::Map(_) | Shape::MapById(_) => match value {
            "[]" | "\"\"" => Nothing,
            "{}" | "[null]" | "{\"0\":1}" => Reads,
            _ => Unusable,
        },
        Shape::Object { .. } => match value {
            "[]" | "\"\"" => Nothing,
            "{}" | "{\"0\":1}" => Reads,
            _ => Unusable,
        },
        Shape::OneOf(forms) => {
            let readings: Vec<Reading> = forms.iter().map(|form| reading(form(), value)).collect();
            [Reads, Nothing].into_iter().find(|best| readings.contains(best)).unwrap_or(Unusable)
        }
        other => panic!("{other:?} has no row in the table"),
    }
}

/// Whether a value identifies something: text that is not empty, or an integer from 0 that fits where numbers are
/// expected.
fn identifies(shape: Shape, value: &Json) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match (shape, value) {
        (Shape::Id, Json::Text(text)) => !text.is_empty(),
        (Shape::Id, Json::Bare(text)) => digits(text),
        (Shape::Integer { min: 0 }, Json::Text(text) | Json::Bare(text)) => {
            let whole = text.strip_suffix(".0").unwrap_or(text);
            digits(whole) && whole.parse::<u64>().is_ok()
        }
        _ => false,
    }
}

/// What must identify the main entity of an event, by the catalogue: paths in the payload.
pub(crate) fn identity_paths<W: Webhook>(name: &str) -> Vec<String> {
    let info = W::catalogue().iter().find(|info| info.name == name);
    info.map_or_else(Vec::new, webhook_core::EventInfo::identity)
}

/// Whether an envelope of a listed event has what identifies its main entity, or needs nothing that does.
pub(crate) fn is_identified<W: Webhook>(name: &str, json: &Json) -> bool {
    let Some(listed) = W::Event::find(name) else { return true };
    let paths = identity_paths::<W>(name);
    let identity = paths.iter().map(|path| {
        let mut place = json.get(W::PAYLOAD_KEY)?;
        let mut shape = W::Event::payload_shape(listed);
        for key in path.split('.') {
            // A list with one element is accepted instead of an object.
            if let Json::List(parts) = place {
                place = parts.first().filter(|_| parts.len() == 1)?;
            }
            shape = (field(shape, key)?.shape)();
            place = place.get(key)?;
        }
        Some(identifies(shape, place))
    });
    paths.is_empty() || identity.flatten().any(|usable| usable)
}

/// The field that a key means.
pub(crate) fn field(shape: Shape, key: &str) -> Option<&'static Field> {
    match shape {
        Shape::Object { fields, .. } => fields().iter().find(|field| field.answers_to(key)),
        Shape::OneOf(forms) => forms.iter().find_map(|form| field(form(), key)),
        _ => None,
    }
}

/// The shape of the value at the end of a route; `None` where nothing is known about it.
pub(crate) fn shape_at<W: Webhook>(name: &str, json: &Json, route: &[usize]) -> Option<Shape> {
    let (first, rest) = route.split_first()?;
    let Json::Object(entries) = json else { return None };
    let (key, value) = &entries[*first];
    let shape = if key == W::PAYLOAD_KEY {
        W::Event::find(name).map_or(Shape::Any, W::Event::payload_shape)
    } else {
        (W::fields().iter().find(|field| field.answers_to(key))?.shape)()
    };
    descend(shape, value, rest)
}

fn descend(shape: Shape, json: &Json, route: &[usize]) -> Option<Shape> {
    let Some((first, rest)) = route.split_first() else { return Some(shape) };
    match (shape, json) {
        (Shape::Any, _) | (Shape::Time | Shape::UnixSeconds, Json::Object(_)) => Some(Shape::Any),
        // A list may be written as an object, where no form is one.
        (Shape::OneOf(forms), _) => {
            let found = |list: bool| {
                let mut forms = forms.iter().map(|form| form());
                forms.find_map(|form| {
                    let chosen = list == matches!(form, Shape::List(_));
                    if chosen { descend(form, json, route) } else { None }
                })
            };
            let list = matches!(json, Json::List(_)) || is_by_position(json);
            found(list).or_else(|| found(!list))
        }
        // A time is one value in every form.
        (Shape::Object { .. }, Json::Object(entries)) => {
            let (key, value) = &entries[*first];
            descend((field(shape, key)?.shape)(), value, rest)
        }
        (Shape::MapById(element), Json::Object(entries)) => {
            let (key, value) = &entries[*first];
            webhook_core::describe::id_of_key(key)?;
            descend(element(), value, rest)
        }
        (Shape::Map(element) | Shape::List(element), Json::Object(entries)) => {
            descend(element(), &entries[*first].1, rest)
        }
        (Shape::List(element) | Shape::Map(element) | Shape::MapById(element), Json::List(parts)) => {
            descend(element(), &parts[*first], rest)
        }
        _ => None,
    }
}

/// Whether the place at the end of a route is in a list or a map.
pub(crate) fn is_element<W: Webhook>(name: &str, json: &Json, route: &[usize]) -> bool {
    let Some((_, parent)) = route.split_last() else { return false };
    let holder = parent.iter().fold(json, |json, step| match json {
        Json::Object(entries) => &entries[*step].1,
        Json::List(parts) => &parts[*step],
        _ => json,
    });
    let is_object = |shape: &fn() -> Shape| matches!(shape(), Shape::Object { .. });
    matches!(holder, Json::List(_))
        || match shape_at::<W>(name, json, parent) {
            Some(Shape::Map(_) | Shape::MapById(_) | Shape::List(_)) => true,
            Some(Shape::OneOf(forms)) => !forms.iter().any(is_object),
            _ => false,
        }
}

/// Whether an object is a list by position, which it is only where another form is a map by id.
fn is_by_position(json: &Json) -> bool {
    let Json::Object(entries) = json else { return false };
    let is_number =
        |(key, _): &(String, Json)| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
    entries.first().is_some_and(|(key, _)| key == "0") && entries.iter().all(is_number)
}

/// The name of the event, where the envelope says it.
pub(crate) fn name_of<W: Webhook>(json: &Json) -> Option<&str> {
    let text = |key: &str| match json.get(key)? {
        Json::Text(text) if !text.is_empty() => Some(text.as_str()),
        _ => None,
    };
    text(W::NAME_KEY).or_else(|| text(W::OLD_NAME_KEY?))
}
