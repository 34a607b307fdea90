//! Advice: the lines of Rust for a vendor's crate that remove a difference.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use webhook_core::drift::{Drift, DriftKind};

use super::names::{pascal, snake};
use super::scrub::{Place, Scrubbed, Value};
use super::source::{Definition, from_top};

/// The keywords of Rust, which cannot be names of fields.
const KEYWORDS: &str = " abstract as async await become box break const continue crate do dyn else enum extern false \
    final fn for gen if impl in let loop macro match mod move mut override priv pub ref return self static struct \
    super trait true try type typeof unsafe unsized use virtual where while yield ";

/// One piece of advice for each different fix, in the order of the differences.
pub(super) fn on(
    drift: &[Drift],
    scrubbed: &Scrubbed,
    event: &str,
    crate_root: &Path,
) -> Result<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut advice = Vec::new();
    for finding in drift {
        let text = match (scrubbed.places.get(&finding.path), finding.kind) {
            (Some(place), kind) => on_place(place, kind, crate_root)?,
            // The name of the event is the one value without a path in the payload.
            (None, DriftKind::UnlistedValue) => new_event(event, crate_root),
            (None, _) => continue,
        };
        if seen.insert(text.clone()) {
            let json = finding.json.map_or("nothing", Into::into);
            advice.push(format!("{} ({}, {json})\n{text}", finding.path, finding.kind));
        }
    }
    Ok(advice)
}

fn on_place(place: &Place, kind: DriftKind, crate_root: &Path) -> Result<String> {
    match kind {
        DriftKind::UnexpectedValue => {
            return Ok(indented(
                "the value does not fit the type of its field: only another type removes this",
            ));
        }
        DriftKind::RepeatedKey => return Ok(indented("nothing to change: the vendor sent the key twice")),
        _ => {}
    }
    let type_name = match kind {
        DriftKind::UnlistedValue => place.vocabulary,
        _ => place.owner,
    };
    let Some(type_name) = type_name else {
        return Ok(indented("no type of the crate describes this path"));
    };
    let definition = Definition::find(crate_root, type_name)?;
    let at = definition.as_ref().map_or(String::new(), |found| format!(" ({})", found.place));
    let by_hand =
        definition.as_ref().is_some_and(|found| kind != DriftKind::UnlistedValue && !found.is_derived);
    let lines = match kind {
        DriftKind::UnknownField => new_field(place, definition.as_ref()),
        DriftKind::UnlistedValue => new_value(place),
        DriftKind::MissingField => attribute(place, "optional", definition.as_ref()),
        _ => attribute(place, "nullable", definition.as_ref()),
    };
    let hint = match (definition.is_some(), by_hand) {
        (false, _) => {
            "\n    (no struct of this name is in the crate: look for where this shape is described)"
        }
        (true, true) => "\n    (this type is decoded by hand: its keys are listed below it)",
        _ => "",
    };
    let place = if kind == DriftKind::UnknownField || kind == DriftKind::UnlistedValue {
        "add to"
    } else {
        "change in"
    };
    Ok(format!("  {place} `{type_name}`{at}:{hint}\n{}", indented(&lines)))
}

fn new_field(place: &Place, definition: Option<&Definition>) -> String {
    let key = &place.key;
    let snake = snake(key);
    let name = match snake.as_str() {
        "type" => "kind".to_owned(),
        word if KEYWORDS.contains(&format!(" {word} ")) => format!("{word}_value"),
        _ => snake,
    };
    let derived = definition.map_or_else(|| name.clone(), |found| found.key(&name));
    let raw =
        if definition.is_some_and(|found| found.has_raw_json) { "RawJson" } else { "webhook_core::RawJson" };
    let optional = |inner: &str| format!("Option<{inner}>");
    let type_text = match &place.value {
        Value::List(element) => format!("Vec<{}>", element.unwrap_or(raw)),
        value => optional(value.rust().unwrap_or(raw)),
    };
    // Deliveries from before it was added lack it.
    let mut attribute = "optional".to_owned();
    if place.value == Value::Null {
        attribute.push_str(", nullable");
    }
    if derived != *key {
        // Writing to a string cannot fail.
        let _ = write!(attribute, ", rename = {key:?}");
    }
    format!("/// <what it means>\n#[wire({attribute})]\npub {name}: {type_text},")
}

fn new_value(place: &Place) -> String {
    match &place.value {
        Value::Text(text) => format!("/// <what it means>\n{} = {text:?},", pascal(text)),
        Value::Natural(code) | Value::Negative(code) => {
            let sign = if code.starts_with('-') { "Minus" } else { "" };
            let digits = code.trim_start_matches('-');
            format!("/// <what it means>\nCode{sign}{digits} = {code} => \"<what it means>\",")
        }
        _ => "(a whole number is expected here)".to_owned(),
    }
}

/// The field with one more word in its attribute.
fn attribute(place: &Place, word: &str, definition: Option<&Definition>) -> String {
    let Some(field) = definition.and_then(|found| found.field(&place.key)) else {
        return format!("#[wire({word})] // on the field whose key is {:?}", place.key);
    };
    let attribute = match &field.attribute {
        Some(others) => format!("{word}, {others}"),
        None => word.to_owned(),
    };
    let absent = ["Option<", "Vec<", "BTreeMap<"].iter().any(|start| field.type_text.starts_with(start));
    let type_text = if absent { field.type_text.clone() } else { format!("Option<{}>", field.type_text) };
    format!("#[wire({attribute})]\npub {}: {type_text},", field.name)
}

fn new_event(event: &str, crate_root: &Path) -> String {
    let variant = pascal(event);
    let lines = format!("/// <when it is sent>\n{variant}(webhook_core::RawJson) = {event:?}, Seen;");
    let list = from_top(&crate_root.join("src/event.rs"));
    format!("  add to the list of events ({list}):\n{}", indented(&lines))
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}
