//! The required part of a payload: a usable identity, in one of its places.

use serde_json::{Value, json};

use super::Definitions;
use super::value::of_shape;
use crate::describe::{Field, Shape};

/// The conditions for the identity of an object, one for each identity; empty for an object without one.
pub(super) fn conditions(fields: &[Field], definitions: &mut Definitions) -> Vec<Value> {
    let identities = fields.iter().filter(|field| field.identity);
    identities
        .map(|field| {
            let shape = (field.shape)();
            if let Shape::Object { fields: inner, .. } = shape {
                let inner = json!({ "type": "object", "allOf": conditions(inner(), definitions) });
                return below(&[field.name], &inner, fields);
            }
            let usable = of_shape(shape, definitions);
            let paths = std::iter::once(&field.name).chain(field.aliases).chain(field.identity_or);
            let mut ways: Vec<_> =
                paths.map(|path| below(&path.split('.').collect::<Vec<_>>(), &usable, fields)).collect();
            if ways.len() == 1 { ways.remove(0) } else { json!({ "anyOf": ways }) }
        })
        .collect()
}

/// An object with this value at the end of the path.
fn below(path: &[&str], value: &Value, fields: &[Field]) -> Value {
    let Some((key, rest)) = path.split_first() else { return value.clone() };
    let Some(field) = fields.iter().find(|field| field.answers_to(key)).filter(|_| !rest.is_empty()) else {
        return with(key, value);
    };
    let shape = (field.shape)();
    let inner = match object_within(shape) {
        Some(fields) => below(rest, value, fields),
        None => below(rest, value, &[]),
    };
    if holds_list(shape) {
        return with(key, &json!({ "anyOf": [inner, { "type": "array", "contains": inner }] }));
    }
    with(key, &inner)
}

fn with(key: &str, value: &Value) -> Value {
    json!({ "type": "object", "required": [key], "properties": { key: value } })
}

fn object_within(shape: Shape) -> Option<&'static [Field]> {
    match shape {
        Shape::Object { fields, .. } => Some(fields()),
        Shape::OneOf(forms) => forms.iter().find_map(|form| object_within(form())),
        _ => None,
    }
}

fn holds_list(shape: Shape) -> bool {
    match shape {
        Shape::List(_) => true,
        Shape::OneOf(forms) => forms.iter().any(|form| holds_list(form())),
        _ => false,
    }
}
