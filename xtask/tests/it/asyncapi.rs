//! The AsyncAPI documents are valid by the schema of the specification, and by the rules that it cannot express.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};
use webhook_core::Envelope;
use webhook_inbox::sinks::{event_type, subject};

/// The keys that the specification has for each object, of those that occur.
const DOCUMENT: &[&str] = &["asyncapi", "info", "defaultContentType", "channels", "operations", "components"];
const INFO: &[&str] = &["title", "description", "version", "license"];
const CHANNEL: &[&str] = &["address", "title", "description", "messages"];
const OPERATION: &[&str] = &["action", "channel", "messages"];
const MESSAGE: &[&str] =
    &["name", "title", "deprecated", "externalDocs", "contentType", "headers", "payload", "examples"];

/// The schema that the AsyncAPI Initiative publishes, see the folder of the file.
const OFFICIAL: &str = include_str!("../asyncapi-3.0.0/schema.json");

#[test]
fn the_official_schema_accepts_every_document() {
    let schema: Value = serde_json::from_str(OFFICIAL).unwrap();
    assert_eq!(schema["$id"], "http://asyncapi.com/definitions/3.0.0/asyncapi.json");
    let schema = jsonschema::draft7::new(&schema).unwrap();
    for vendor in ["qase", "deepsource", "monitorqa"] {
        let sound = document(vendor);
        let faults: Vec<String> = schema
            .iter_errors(&sound)
            .map(|error| format!("{}: {error:.300}", error.instance_path))
            .collect();
        assert!(faults.is_empty(), "{vendor}: {faults:#?}");
        // The schema reads every part that is used: it accepts none of these.
        let event = object(&sound["components"]["messages"]).keys().next().unwrap();
        for (pointer, value) in [
            ("/asyncapi".to_owned(), json!("2.6.0")),
            ("/info/version".to_owned(), json!(1)),
            ("/operations/send.cloudevents/action".to_owned(), json!("publish")),
            ("/channels/cloudevents/messages".to_owned(), json!([])),
            (format!("/components/messages/{event}/contentType"), json!({})),
            (format!("/components/messages/{event}/payload/type"), json!("text")),
        ] {
            let mut document = sound.clone();
            *document.pointer_mut(&pointer).unwrap() = value;
            assert!(!schema.is_valid(&document), "{vendor}: {pointer} may be anything");
        }
    }
}

#[test]
fn every_vendor_has_a_valid_document() {
    check::<qase_webhooks::Webhook>();
    check::<deepsource_webhooks::Webhook>();
    check::<monitorqa_webhooks::Webhook>();
}

fn check<T: Envelope>() {
    let document = document(T::VENDOR);
    only(&document, DOCUMENT);
    assert_eq!(document["asyncapi"], "3.0.0");
    only(&document["info"], INFO);
    only(&document["components"], &["messages", "schemas"]);
    every_reference_resolves(&document, &document);
    let (channels, operations) = (object(&document["channels"]), object(&document["operations"]));
    for channel in channels.values() {
        only(channel, CHANNEL);
        assert!(object(&channel["messages"]).values().all(|message| message["$ref"].is_string()));
    }
    for operation in operations.values() {
        only(operation, OPERATION);
        assert_eq!(operation["action"], "send");
        // The messages of an operation are among those of its channel, and are named through it.
        let channel = operation["channel"]["$ref"].as_str().unwrap();
        for message in operation["messages"].as_array().unwrap() {
            assert!(message["$ref"].as_str().unwrap().starts_with(&format!("{channel}/messages/")));
        }
    }
    for name in object(&document["components"]["messages"])
        .keys()
        .chain(object(&document["components"]["schemas"]).keys())
    {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
        assert!(name.chars().all(is_plain), "{name} is no key of components");
    }
    for message in object(&document["components"]["messages"]).values() {
        only(message, MESSAGE);
        let schema = standing_alone(&message["payload"], &document);
        // A schema of AsyncAPI is one of draft 7.
        jsonschema::draft7::meta::validate(&schema)
            .unwrap_or_else(|error| panic!("{}: {error}", message["name"]));
        let schema = jsonschema::draft7::new(&schema).unwrap();
        assert!(!schema.is_valid(&json!({})), "{}: everything is valid", message["name"]);
    }
    let addresses: BTreeSet<&str> =
        channels.values().filter_map(|channel| channel["address"].as_str()).collect();
    let expected: Vec<String> =
        T::catalogue().iter().map(|info| subject(T::VENDOR, Some(info.name))).collect();
    assert_eq!(addresses, expected.iter().map(String::as_str).collect());
    for info in T::catalogue() {
        let message = &document["components"]["messages"][format!("cloudevents.{}", info.name)];
        assert_eq!(message["payload"]["properties"]["type"]["const"], event_type(T::VENDOR, Some(info.name)));
    }
}

/// A schema with the components to which it refers.
fn standing_alone(schema: &Value, document: &Value) -> Value {
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "allOf": [schema],
        "components": { "schemas": document["components"]["schemas"] },
    })
}

fn every_reference_resolves(value: &Value, document: &Value) {
    match value {
        Value::Object(keys) => {
            if let Some(reference) = keys.get("$ref").and_then(Value::as_str) {
                let pointer = reference.strip_prefix('#').unwrap();
                assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
            }
            keys.values().for_each(|value| every_reference_resolves(value, document));
        }
        Value::Array(values) => values.iter().for_each(|value| every_reference_resolves(value, document)),
        _ => {}
    }
}

fn only(value: &Value, keys: &[&str]) {
    let unknown: Vec<_> = object(value).keys().filter(|key| !keys.contains(&key.as_str())).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap()
}

fn document(vendor: &str) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let path = root.join(format!("crates/{vendor}-webhooks/schema/asyncapi.json"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}
