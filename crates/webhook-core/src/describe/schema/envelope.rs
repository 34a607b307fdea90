//! The schema of a complete delivery: the envelope with the payload of its event.

use serde_json::{Map, Value, json};

use super::identity::conditions;
use super::value::{Keys, object, of_shape, or_null};
use super::{DIALECT, Definitions, plain};
use crate::describe::Shape;
use crate::envelope::{EventInfo, Events, Layout};

/// The schema of the deliveries of one event, as a separate document; `None` for an unlisted event.
pub fn event_document<T: Layout>(name: &str) -> Option<Value> {
    let mut definitions = Definitions::at("#/$defs/");
    let Value::Object(mut document) = event::<T>(name, &mut definitions)? else { return None };
    document.insert("$schema".to_owned(), json!(DIALECT));
    document.insert("$defs".to_owned(), Value::Object(definitions.into_map()));
    Some(Value::Object(document))
}

/// The schema of the deliveries of one event; `None` for an unlisted event.
pub fn event<T: Layout>(name: &str, definitions: &mut Definitions) -> Option<Value> {
    let listed = T::Event::find(name)?;
    let info = T::Event::CATALOGUE.iter().find(|info| info.name == name)?;
    let mut keys = Keys::of(T::fields(), definitions);
    name_key::<T>(&mut keys, &json!({ "const": name }));
    payload_key::<T>(&mut keys, listed, definitions);
    let mut schema = Map::new();
    schema.insert("title".to_owned(), json!(name));
    schema.insert("description".to_owned(), json!(sentence(info)));
    keys.write(&mut schema);
    Some(Value::Object(schema))
}

/// The schema of all deliveries, of listed and unlisted events.
pub fn webhook<T: Layout>(definitions: &mut Definitions) -> Value {
    let names: Vec<_> = T::Event::CATALOGUE.iter().map(|info| info.name).collect();
    let mut forms: Vec<_> = names.iter().filter_map(|name| event::<T>(name, definitions)).collect();
    let mut unlisted = Keys::of(T::fields(), definitions);
    name_key::<T>(&mut unlisted, &json!({ "type": "string", "minLength": 1, "not": { "enum": names } }));
    let mut schema = Map::new();
    schema.insert("description".to_owned(), json!("An event that is not listed."));
    unlisted.write(&mut schema);
    forms.push(Value::Object(schema));
    json!({ "title": T::NAME, "description": plain(T::DOC), "anyOf": forms })
}

/// The key of the name. An older key is used only if it has no usable value.
fn name_key<T: Layout>(keys: &mut Keys, name: &Value) {
    let Some(old) = T::OLD_NAME_KEY else {
        keys.properties.insert(T::NAME_KEY.to_owned(), name.clone());
        keys.required.push(T::NAME_KEY);
        return;
    };
    let unusable = json!({ "not": { "type": "string", "minLength": 1 } });
    keys.properties.insert(T::NAME_KEY.to_owned(), json!({ "description": "The name of the event." }));
    let note = format!("Another spelling of `{}`.", T::NAME_KEY);
    keys.properties.insert(old.to_owned(), json!({ "description": note }));
    keys.conditions.push(json!({ "anyOf": [
        { "required": [T::NAME_KEY], "properties": { T::NAME_KEY: name } },
        { "required": [old], "properties": { old: name, T::NAME_KEY: unusable } },
    ]}));
}

/// The payload. It is required if it contains the identity.
fn payload_key<T: Layout>(keys: &mut Keys, name: <T::Event as Events>::Name, definitions: &mut Definitions) {
    let shape = T::Event::payload_shape(name);
    let payload = match shape {
        Shape::Object { name, doc, fields } => {
            let conditions = conditions(fields(), definitions);
            if conditions.is_empty() {
                or_null(of_shape(shape, definitions))
            } else {
                keys.required.push(T::PAYLOAD_KEY);
                let mut payload = object(name, doc, fields(), definitions);
                if let Some(payload) = payload.as_object_mut() {
                    payload.insert("allOf".to_owned(), Value::Array(conditions));
                }
                payload
            }
        }
        _ => or_null(of_shape(shape, definitions)),
    };
    keys.properties.insert(T::PAYLOAD_KEY.to_owned(), payload);
}

fn sentence(info: &EventInfo) -> String {
    format!("Sent when {}.", info.summary)
}
