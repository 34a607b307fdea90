//! The schema of a value, by its shape.

use serde_json::{Map, Value, json};

use super::{Definitions, plain};
use crate::describe::{Field, Shape};

/// The schema of a shape; the named types within become definitions.
pub fn of_shape(shape: Shape, definitions: &mut Definitions) -> Value {
    match shape {
        Shape::Any => json!(true),
        Shape::Text => json!({ "type": "string" }),
        Shape::Integer { min: 0 } => json!({
            "type": ["integer", "string"],
            "minimum": 0,
            "maximum": u64::MAX,
            "pattern": "^[0-9]+$",
        }),
        Shape::Integer { min } => json!({
            "type": ["integer", "string"],
            "minimum": min,
            "maximum": i64::MAX,
            "pattern": "^-?[0-9]+$",
        }),
        Shape::Number => json!({ "type": "number" }),
        Shape::Boolean => json!({ "enum": [true, false, 1, 0, "1", "0"] }),
        Shape::UnixSeconds => json!({
            "type": ["integer", "string"],
            "pattern": "^-?[0-9]+$",
            "x-format": "seconds since 1970",
        }),
        // No `format`: a space between date and time, or no zone, is no RFC 3339, and some validators would refuse it.
        Shape::Time => json!({ "type": "string", "pattern": "^.{10}[T ]", "x-format": "date and time" }),
        Shape::Vocabulary { name, listed, .. } => json!({
            "title": name,
            "anyOf": [{ "enum": listed }, { "type": "string" }],
        }),
        Shape::Id => json!({ "type": ["string", "integer"], "minLength": 1 }),
        Shape::Codes { name, listed, .. } => json!({
            "title": name,
            "anyOf": [{ "enum": listed }, { "type": "integer" }],
        }),
        Shape::Object { name, doc, fields } => {
            let (fields, doc) = (fields(), plain(doc));
            definitions.refer(name, &doc, fields, |definitions| {
                let mut schema = Map::new();
                schema.insert("title".to_owned(), json!(name));
                schema.insert("description".to_owned(), json!(&doc));
                Keys::of(fields, definitions).write(&mut schema);
                Value::Object(schema)
            })
        }
        Shape::List(element) => {
            let items = of_shape(element(), definitions);
            json!({ "type": ["array", "null"], "items": items })
        }
        Shape::Map(element) => {
            let items = of_shape(element(), definitions);
            json!({ "type": ["object", "array", "null"], "additionalProperties": items, "items": items })
        }
        // An entry with another key is left out, whatever it holds.
        Shape::MapById(element) => {
            let items = of_shape(element(), definitions);
            json!({ "type": ["object", "array", "null"], "patternProperties": { "^[0-9]+$": items }, "items": items })
        }
        Shape::OneOf(forms) => {
            let forms: Vec<_> = forms.iter().map(|form| of_shape(form(), definitions)).collect();
            json!({ "anyOf": forms })
        }
    }
}

/// The keys of an object as a schema says them.
#[derive(Default)]
pub(super) struct Keys {
    pub(super) properties: Map<String, Value>,
    pub(super) required: Vec<&'static str>,
    /// For each key with another spelling, the ways in which it may be written.
    pub(super) spellings: Vec<Value>,
}

impl Keys {
    pub(super) fn of(fields: &'static [Field], definitions: &mut Definitions) -> Self {
        let mut keys = Self::default();
        for field in fields {
            keys.add(field, definitions);
        }
        keys
    }

    fn add(&mut self, field: &'static Field, definitions: &mut Definitions) {
        let required = field.identity;
        let value = of_shape((field.shape)(), definitions);
        let value = if required { value } else { or_null(value) };
        self.properties.insert(field.name.to_owned(), described(value.clone(), field));
        if field.aliases.is_empty() {
            if required {
                self.required.push(field.name);
            }
            return;
        }
        // The key itself wins over its other spellings, which may then hold anything.
        let mut ways = vec![json!({ "required": [field.name] })];
        for alias in field.aliases {
            let note = json!({ "description": format!("Another spelling of `{}`.", field.name) });
            self.properties.insert((*alias).to_owned(), note);
            ways.push(json!({ "required": [alias], "properties": { *alias: value } }));
        }
        if !required {
            let neither: Vec<_> = field.aliases.iter().map(|alias| json!({ "required": [alias] })).collect();
            ways.push(json!({ "not": { "anyOf": neither } }));
        }
        self.spellings.push(json!({ "anyOf": ways }));
    }

    pub(super) fn write(self, schema: &mut Map<String, Value>) {
        schema.insert("type".to_owned(), json!("object"));
        schema.insert("properties".to_owned(), Value::Object(self.properties));
        if !self.required.is_empty() {
            schema.insert("required".to_owned(), json!(self.required));
        }
        if !self.spellings.is_empty() {
            schema.insert("allOf".to_owned(), json!(self.spellings));
        }
        schema.insert("additionalProperties".to_owned(), json!(true));
    }
}

/// What the vendor says about a field, beside what decodes.
fn described(value: Value, field: &Field) -> Value {
    let mut schema = match value {
        Value::Object(schema) => schema,
        // `true`: anything.
        _ => Map::new(),
    };
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

/// The same schema with `null` beside it.
pub(super) fn or_null(mut schema: Value) -> Value {
    const NULL: &str = "null";
    if schema == Value::Bool(true) {
        return schema;
    }
    if let Some(forms) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        if !forms.iter().any(|form| form["type"] == NULL) {
            forms.push(json!({ "type": NULL }));
        }
        return schema;
    }
    if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        values.push(Value::Null);
        return schema;
    }
    match schema.get_mut("type") {
        Some(Value::Array(kinds)) => {
            if !kinds.iter().any(|kind| kind == NULL) {
                kinds.push(json!(NULL));
            }
            schema
        }
        Some(kind) => {
            *kind = json!([kind.take(), NULL]);
            schema
        }
        None => json!({ "anyOf": [schema, { "type": NULL }] }),
    }
}
