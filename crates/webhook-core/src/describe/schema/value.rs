//! The schema of a value, by its shape: all JSON that can be read as the value.

use serde_json::{Map, Value, json};

use super::{Definitions, plain};
use crate::describe::{Field, Shape};

/// A JSON number as text.
const NUMBER: &str = "^-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?$";

/// The same, for an integer.
const WHOLE: &str = "^-?[0-9]+(\\.0+)?$|^-?[0-9]+(\\.[0-9]+)?[eE][+-]?[0-9]+$";

/// The same without negative numbers; a negative zero is zero.
const FROM_ZERO: &str = "^(-0+|[0-9]+)(\\.0+)?$|^(-0+|[0-9]+)(\\.[0-9]+)?[eE][+-]?[0-9]+$";

/// A date with or without a time; the forms in which databases write a missing time; seconds since 1970; the forms of
/// .NET and of e-mail.
const TIME: &str = "^$|^[0-9]{4}-[0-9]{2}-[0-9]{2}($|[Tt ][0-9])|^0000-00-00|^-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?$\
    |^/Date\\(.+\\)/$|[0-9]{1,2}\\s+[A-Za-z]{3}\\s+[0-9]{2,}";

/// The schema of a shape; the named types within become definitions.
pub fn of_shape(shape: Shape, definitions: &mut Definitions) -> Value {
    match shape {
        Shape::Any => json!(true),
        Shape::Text => text(),
        Shape::Id => json!({ "type": ["string", "number"], "minLength": 1, "minimum": 0, "multipleOf": 1 }),
        Shape::Integer { min: 0 } => integer(0, u64::MAX, FROM_ZERO),
        Shape::Integer { min } => integer(min, i64::MAX.unsigned_abs(), WHOLE),
        Shape::Number => json!({ "type": ["number", "string"], "pattern": NUMBER }),
        Shape::Boolean => json!({ "enum": [true, false, 1, 0, "1", "0", "true", "false"] }),
        Shape::UnixSeconds => time("seconds since 1970"),
        Shape::Time => time("date and time"),
        Shape::Vocabulary { name, listed, .. } => json!({
            "title": name,
            "anyOf": [{ "enum": listed }, text()],
        }),
        Shape::Codes { name, listed, meanings } => {
            let named = listed.iter().zip(meanings);
            let mut forms: Vec<_> =
                named.map(|(code, meaning)| json!({ "const": code, "title": meaning })).collect();
            forms.push(integer(i64::MIN, i64::MAX.unsigned_abs(), WHOLE));
            json!({ "title": name, "anyOf": forms })
        }
        Shape::Object { name, doc, fields } => {
            let object = object(name, doc, fields(), definitions);
            json!({ "anyOf": [object, nothing()] })
        }
        Shape::List(element) => {
            let items = of_element(element(), definitions);
            // PHP writes a list as an object keyed by numbers after an element was removed.
            json!({ "anyOf": [
                { "type": "array", "items": items },
                { "type": "object", "propertyNames": { "pattern": "^[0-9]+$" }, "additionalProperties": items },
                nothing(),
            ]})
        }
        Shape::Map(element) => {
            let items = of_element(element(), definitions);
            json!({ "anyOf": [
                { "type": ["object", "array"], "additionalProperties": items, "items": items },
                nothing(),
            ]})
        }
        // An entry with another key is left out.
        Shape::MapById(element) => {
            let items = of_element(element(), definitions);
            json!({ "anyOf": [
                { "type": ["object", "array"], "patternProperties": { "^[0-9]+$": items }, "items": items },
                nothing(),
            ]})
        }
        Shape::OneOf(forms) => {
            let forms: Vec<_> = forms.iter().map(|form| of_shape(form(), definitions)).collect();
            json!({ "anyOf": forms })
        }
    }
}

/// The schema of an element of a list or a map. An empty value is no element.
fn of_element(shape: Shape, definitions: &mut Definitions) -> Value {
    fn without_nothing(schema: &mut Value) {
        if let Some(forms) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
            forms.retain(|form| *form != nothing());
            forms.iter_mut().for_each(without_nothing);
        }
    }
    let mut schema = of_shape(shape, definitions);
    without_nothing(&mut schema);
    or_null(schema)
}

/// A reference to the definition of an object.
pub(super) fn object(name: &str, doc: &str, fields: &[Field], definitions: &mut Definitions) -> Value {
    let doc = plain(doc);
    definitions.refer(name, &doc, fields, |definitions| {
        let mut schema = Map::new();
        schema.insert("title".to_owned(), json!(name));
        schema.insert("description".to_owned(), json!(&doc));
        Keys::of(fields, definitions).write(&mut schema);
        Value::Object(schema)
    })
}

fn text() -> Value {
    json!({ "type": ["string", "number", "boolean"] })
}

/// A whole number in any spelling. Some validators do not accept `25.0` as an `integer`.
fn integer(minimum: i64, maximum: u64, pattern: &str) -> Value {
    json!({
        "type": ["number", "string"],
        "multipleOf": 1,
        "minimum": minimum,
        "maximum": maximum,
        "pattern": pattern,
    })
}

/// No `format`: a time with a space between date and time or without a zone does not follow RFC 3339, so some
/// validators would reject it.
fn time(format: &str) -> Value {
    json!({
        "type": ["string", "number", "object"],
        "pattern": TIME,
        "required": ["date"],
        "x-format": format,
    })
}

/// How an empty list or object may be written.
fn nothing() -> Value {
    json!({ "enum": ["", false, []] })
}

/// The keys of an object, as schemas.
#[derive(Default)]
pub(super) struct Keys {
    pub(super) properties: Map<String, Value>,
    pub(super) required: Vec<&'static str>,
    /// Further conditions, as `allOf`.
    pub(super) conditions: Vec<Value>,
}

impl Keys {
    /// The keys of an object without required keys: an object without an identity is left out, without other effects.
    pub(super) fn of(fields: &[Field], definitions: &mut Definitions) -> Self {
        let mut keys = Self::default();
        for field in fields {
            let value = or_null(of_shape((field.shape)(), definitions));
            for alias in field.aliases {
                let mut other = as_object(value.clone());
                other.insert(
                    "description".to_owned(),
                    json!(format!("Another spelling of `{}`.", field.name)),
                );
                keys.properties.insert((*alias).to_owned(), Value::Object(other));
            }
            keys.properties.insert(field.name.to_owned(), described(value, field));
        }
        keys
    }

    pub(super) fn write(self, schema: &mut Map<String, Value>) {
        schema.insert("type".to_owned(), json!("object"));
        schema.insert("properties".to_owned(), Value::Object(self.properties));
        if !self.required.is_empty() {
            schema.insert("required".to_owned(), json!(self.required));
        }
        if !self.conditions.is_empty() {
            schema.insert("allOf".to_owned(), json!(self.conditions));
        }
        schema.insert("additionalProperties".to_owned(), json!(true));
    }
}

/// The vendor's documentation of a field, in addition to the accepted forms.
fn described(value: Value, field: &Field) -> Value {
    let mut schema = as_object(value);
    if !field.doc.is_empty() {
        schema.insert("description".to_owned(), json!(plain(field.doc)));
    }
    if field.nullable {
        schema.insert("x-documented-null".to_owned(), json!(true));
    }
    if field.optional {
        schema.insert("x-documented-optional".to_owned(), json!(true));
    }
    Value::Object(schema)
}

/// A schema that can be extended. `true` accepts everything, like an empty schema.
fn as_object(schema: Value) -> Map<String, Value> {
    match schema {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}

/// The same schema, or `null`.
pub(super) fn or_null(mut schema: Value) -> Value {
    const NULL: &str = "null";
    if let Some(forms) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        forms.push(json!({ "type": NULL }));
    } else if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        values.push(Value::Null);
    } else if let Some(kinds) = schema.get_mut("type").and_then(Value::as_array_mut) {
        kinds.push(json!(NULL));
    }
    schema
}
