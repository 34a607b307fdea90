//! Which keys drift must report as unknown or as missing: a walk of its own over the tree of `serde_json`, by the
//! published shapes.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use webhook_core::describe::{Field, Shape, write_key};
use webhook_core::drift::{Drift, DriftKind, MAX_FINDINGS};
use webhook_core::{Authenticated, Events as _};

/// A path that is unknown (`true`) or missing.
type Found = BTreeSet<(bool, String)>;

/// Holds the findings about keys against those of the walk.
///
/// # Errors
///
/// The difference, in words.
pub(crate) fn compare<W: Authenticated>(text: &str, drift: &[Drift]) -> Result<(), String> {
    // A tree has no repeated keys, no number out of range, no lone surrogate, and is not deep.
    let Ok(Value::Object(envelope)) = serde_json::from_str(text) else { return Ok(()) };
    // Nor has it the order of the keys, which says what a key of 0 is.
    if drift.len() >= MAX_FINDINGS || entries(&envelope) != colons(text) || text.contains(r#""0""#) {
        return Ok(());
    }
    let found: Found = drift
        .iter()
        .filter(|finding| matches!(finding.kind, DriftKind::UnknownField | DriftKind::MissingField))
        .map(|finding| (finding.kind == DriftKind::UnknownField, finding.path.clone()))
        .collect();
    let expected = expected::<W>(&envelope);
    if found == expected { Ok(()) } else { Err(format!("drift names the keys {found:?}, not {expected:?}")) }
}

fn expected<W: Authenticated>(envelope: &Map<String, Value>) -> Found {
    let name = |key: &str| envelope.get(key)?.as_str().filter(|name| !name.is_empty());
    let name = name(W::NAME_KEY).or_else(|| name(W::OLD_NAME_KEY?));
    let mut found = Found::new();
    let payload = name.and_then(W::Event::find).map(W::Event::payload_shape);
    match (envelope.get(W::PAYLOAD_KEY), payload) {
        (Some(payload), Some(shape)) => value(shape, payload, W::PAYLOAD_KEY, &mut found),
        (None, Some(_)) => drop(found.insert((false, W::PAYLOAD_KEY.to_owned()))),
        (_, None) => {}
    }
    let own = |key: &str| key == W::NAME_KEY || key == W::PAYLOAD_KEY || W::OLD_NAME_KEY == Some(key);
    let fields = envelope.iter().filter(|(key, _)| !own(key));
    object(W::fields(), &fields, "", &mut found);
    found
}

fn object<'a>(
    fields: &[Field],
    entries: &(impl Iterator<Item = (&'a String, &'a Value)> + Clone),
    path: &str,
    found: &mut Found,
) {
    for (key, entry) in entries.clone() {
        let path = join(path, key);
        match fields.iter().find(|field| field.answers_to(key)) {
            Some(field) => value((field.shape)(), entry, &path, found),
            None => drop(found.insert((true, path))),
        }
    }
    for field in fields.iter().filter(|field| !field.optional && !field.tolerated) {
        if !entries.clone().any(|(key, _)| field.answers_to(key)) {
            found.insert((false, join(path, field.name)));
        }
    }
}

fn value(shape: Shape, json: &Value, path: &str, found: &mut Found) {
    let forms: Vec<Shape> = match shape {
        Shape::OneOf(forms) => forms.iter().map(|form| form()).collect(),
        shape => vec![shape],
    };
    match json {
        Value::Array(elements) => {
            let element = forms.iter().find_map(|form| match form {
                Shape::List(element) | Shape::Map(element) | Shape::MapById(element) => Some(element()),
                _ => None,
            });
            for (index, entry) in elements.iter().enumerate() {
                if let Some(element) = element {
                    value(element, entry, &format!("{path}[{index}]"), found);
                }
            }
        }
        Value::Object(entries) => {
            for form in forms.iter().filter(|form| !matches!(form, Shape::List(_))).chain(&forms) {
                match form {
                    Shape::Object { fields, .. } => object(fields(), &entries.iter(), path, found),
                    Shape::Map(element) => each(*element, entries, path, found),
                    Shape::List(element) if entries.keys().all(|key| is_digits(key)) => {
                        each(*element, entries, path, found);
                    }
                    Shape::MapById(element) => {
                        for (key, entry) in entries {
                            if is_digits(key) && key.parse::<u64>().is_ok_and(|id| id > 0) {
                                value(element(), entry, &join(path, key), found);
                            } else {
                                found.insert((true, join(path, key)));
                            }
                        }
                    }
                    _ => continue,
                }
                return;
            }
        }
        _ => {}
    }
}

fn each(element: fn() -> Shape, entries: &Map<String, Value>, path: &str, found: &mut Found) {
    for (key, entry) in entries {
        value(element(), entry, &join(path, key), found);
    }
}

fn is_digits(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit())
}

fn join(path: &str, key: &str) -> String {
    let mut path = path.to_owned();
    // Writing to a string cannot fail.
    let _ = write_key(&mut path, key);
    path
}

/// The number of entries of all objects of a tree.
fn entries(object: &Map<String, Value>) -> usize {
    fn of(value: &Value) -> usize {
        match value {
            Value::Array(elements) => elements.iter().map(of).sum(),
            Value::Object(object) => entries(object),
            _ => 0,
        }
    }
    object.len() + object.values().map(of).sum::<usize>()
}

/// The number of entries of all objects of a text.
fn colons(text: &str) -> usize {
    let (mut count, mut in_text, mut escaped) = (0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_text = !in_text,
            b':' if !in_text => count += 1,
            _ => {}
        }
    }
    count
}
