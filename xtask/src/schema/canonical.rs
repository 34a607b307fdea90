//! The deliveries of a vendor for code generators: one spelling of everything, and types that every language has.
//!
//! It contains only the forms that the vendor sends today, not the other accepted forms: no other spellings of keys, no
//! numbers as text. A delivery in an older form may not fit. Use this document for types, and the other one for
//! validation.

use serde_json::{Map, Value, json};
use webhook_core::describe::{Field, Shape};
use webhook_core::schema::plain;

use super::types::Types;
use super::{Catalogue, Event};

/// The type of an event's deliveries has the name of the event with this suffix.
const SUFFIX: &str = "Delivery";

/// Types whose fields are ids where a choice allows an id: in a review the fields of the system are ids, elsewhere objects.
const ID_FORM: &[&str] = &["ReviewData"];

/// Booleans that the vendor writes as `0` or `1`.
const ZERO_OR_ONE: &[&str] = &["is_flaky"];

/// The document: `components.schemas.Delivery` is any delivery, with the name of the event as discriminator.
pub(super) fn document(catalogue: &Catalogue) -> Value {
    let mut canonical = Canonical { types: Types::default(), components: Map::new() };
    let mut mapping = Map::new();
    let mut deliveries = Vec::new();
    for event in &catalogue.events {
        let name = format!("{}{SUFFIX}", pascal(event.info.name));
        let delivery = canonical.delivery(catalogue, event);
        canonical.components.insert(name.clone(), delivery);
        mapping.insert(event.info.name.to_owned(), json!(path(&name)));
        deliveries.push(reference(&name));
    }
    let any = json!({
        "description": format!("Any listed event of {}.", catalogue.vendor),
        "oneOf": deliveries,
        "discriminator": { "propertyName": catalogue.envelope.name_key, "mapping": mapping },
    });
    canonical.components.insert(SUFFIX.to_owned(), any);
    let content_type = catalogue.content_type.unwrap_or("application/json");
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("Webhooks of {}, for code generators", catalogue.vendor),
            "description": "The documented spelling of every delivery, in plain types. Validate with the schemas beside \
                this document, which take every spelling that is read; events that are not listed may arrive.",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "webhooks": { "delivery": { "post": {
            "operationId": "delivery",
            "requestBody": { "required": true, "content": { content_type: { "schema": reference(SUFFIX) } } },
            "responses": { "2XX": { "description": "Received." } },
        }}},
        "components": { "schemas": canonical.components },
    })
}

struct Canonical {
    types: Types,
    components: Map<String, Value>,
}

impl Canonical {
    fn delivery(&mut self, catalogue: &Catalogue, event: &Event) -> Value {
        let envelope = &catalogue.envelope;
        let mut properties = self.properties("", envelope.fields);
        properties
            .insert(envelope.name_key.to_owned(), json!({ "type": "string", "const": event.info.name }));
        let payload = self.value(event.payload, false);
        let mut required = vec![envelope.name_key];
        if event.payload_optional {
            properties.insert(envelope.payload_key.to_owned(), or_null(payload));
        } else {
            properties.insert(envelope.payload_key.to_owned(), payload);
            required.push(envelope.payload_key);
        }
        json!({
            "type": "object",
            "description": format!("Sent when {}.", plain(event.info.summary)),
            "properties": properties,
            "required": required,
        })
    }

    fn properties(&mut self, object: &str, fields: &[Field]) -> Map<String, Value> {
        let id = ID_FORM.contains(&object);
        let mut properties = Map::new();
        for field in fields {
            let value = if ZERO_OR_ONE.contains(&field.name) {
                json!({ "type": "integer", "enum": [0, 1] })
            } else {
                self.value((field.shape)(), id)
            };
            let mut value = if field.identity { value } else { or_null(value) };
            if let (Some(value), false) = (value.as_object_mut(), field.doc.is_empty()) {
                value.insert("description".to_owned(), json!(plain(field.doc)));
            }
            properties.insert(field.name.to_owned(), value);
        }
        properties
    }

    fn value(&mut self, shape: Shape, id: bool) -> Value {
        match shape {
            Shape::Text | Shape::Id => json!({ "type": "string" }),
            Shape::Integer { min: 0 } => json!({ "type": "integer", "minimum": 0 }),
            Shape::Integer { .. } => json!({ "type": "integer" }),
            Shape::Number => json!({ "type": "number" }),
            Shape::Boolean => json!({ "type": "boolean" }),
            Shape::UnixSeconds => json!({ "type": "integer", "x-format": "seconds since 1970" }),
            Shape::Time => json!({ "type": "string", "x-format": "date and time" }),
            Shape::List(element) => json!({ "type": "array", "items": self.value(element(), id) }),
            // An empty map may be sent as an empty list.
            Shape::Map(value) | Shape::MapById(value) => {
                let value = or_null(self.value(value(), id));
                json!({ "anyOf": [
                    { "type": "object", "additionalProperties": value },
                    { "type": "array", "items": {}, "maxItems": 0 },
                ]})
            }
            // Where there is a map, the list is the older form.
            Shape::OneOf(forms) => {
                let map = forms.iter().find(|form| matches!(form(), Shape::Map(_) | Shape::MapById(_)));
                let number = forms.iter().find(|form| id && matches!(form(), Shape::Integer { .. }));
                map.or(number).or(forms.first()).map_or(json!({}), |form| self.value(form(), id))
            }
            Shape::Object { .. } | Shape::Vocabulary { .. } | Shape::Codes { .. } => self.named(shape),
            _ => json!({}),
        }
    }

    /// A named type, as a component; unlisted values are also allowed.
    fn named(&mut self, shape: Shape) -> Value {
        let place = self.types.place(shape);
        let name = self.types.name(place);
        if !self.components.contains_key(&name) {
            // A type may contain itself.
            self.components.insert(name.clone(), Value::Null);
            let component = match shape {
                Shape::Object { name, doc, fields } => {
                    let fields = fields();
                    let required: Vec<_> =
                        fields.iter().filter(|field| field.identity).map(|field| field.name).collect();
                    let mut object = json!({
                        "type": "object",
                        "description": plain(doc),
                        "properties": self.properties(name, fields),
                    });
                    if let (Some(object), false) = (object.as_object_mut(), required.is_empty()) {
                        object.insert("required".to_owned(), json!(required));
                    }
                    object
                }
                Shape::Codes { listed, meanings, .. } => {
                    let words: Vec<_> = listed
                        .iter()
                        .zip(meanings)
                        .map(|(code, meaning)| format!("{code}: {meaning}"))
                        .collect();
                    json!({
                        "type": "integer",
                        "enum": listed,
                        "x-enum-varnames": meanings,
                        "description": format!("{}.", words.join(", ")),
                    })
                }
                Shape::Vocabulary { listed, .. } => json!({ "type": "string", "enum": listed }),
                _ => json!({}),
            };
            self.components.insert(name.clone(), component);
        }
        match shape {
            Shape::Codes { .. } => json!({ "anyOf": [reference(&name), { "type": "integer" }] }),
            Shape::Vocabulary { .. } => json!({ "anyOf": [reference(&name), { "type": "string" }] }),
            _ => reference(&name),
        }
    }
}

fn or_null(mut schema: Value) -> Value {
    const NULL: &str = "null";
    if let Some(forms) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        forms.push(json!({ "type": NULL }));
        return schema;
    }
    if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        values.push(Value::Null);
    }
    if schema.get("$ref").is_some() {
        return json!({ "anyOf": [schema, { "type": NULL }] });
    }
    if let Some(kind) = schema.get_mut("type") {
        *kind = json!([kind.take(), NULL]);
    }
    schema
}

fn path(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

fn reference(name: &str) -> Value {
    json!({ "$ref": path(name) })
}

/// `run.completed` is `RunCompleted`, and `AUDIT_COMPLETED` is `AuditCompleted`.
fn pascal(event: &str) -> String {
    let words = event.split(|letter: char| !letter.is_ascii_alphanumeric());
    words
        .flat_map(|word| {
            let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
            [first.to_ascii_uppercase(), rest.to_ascii_lowercase()]
        })
        .collect()
}
