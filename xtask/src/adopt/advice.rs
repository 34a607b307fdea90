//! What to write into a vendor's crate so that a difference is one no longer.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use webhook_core::drift::{Drift, DriftKind};

use super::scrub::{Place, Scrubbed, Value};
use super::source::{Definition, from_top};

/// The words of Rust that no field can be called.
const KEYWORDS: &str = " abstract as async await become box break const continue crate do dyn else enum extern false \
    final fn for gen if impl in let loop macro match mod move mut override priv pub ref return self static struct \
    super trait true try type typeof unsafe unsized use virtual where while yield ";

/// One piece of advice for each different mend, in the order of the differences.
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
            // The one value of a payload that is no place: the name of its event.
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
    let type_name = match kind {
        DriftKind::UnlistedValue => place.vocabulary,
        _ => place.owner,
    };
    let Some(type_name) = type_name else {
        return Ok(indented("no type of the crate describes this place"));
    };
    let definition = Definition::find(crate_root, type_name)?;
    let at = definition.as_ref().map_or(String::new(), |found| format!(" ({})", found.place));
    let by_hand =
        definition.as_ref().is_some_and(|found| kind != DriftKind::UnlistedValue && !found.derives("Wire"));
    let lines = match kind {
        DriftKind::UnknownField => new_field(place, definition.as_ref()),
        DriftKind::UnlistedValue => new_value(place, definition.as_ref()),
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
    let mut lines = format!("/// <what it means>\n#[wire({attribute})]\npub {name}: {type_text},");
    let mut lost = Vec::new();
    if type_text.contains("f64") {
        lost.push("Eq");
    }
    if ["String", "Vec<", "RawJson"].iter().any(|owned| type_text.contains(owned)) {
        lost.push("Copy");
    }
    if ["f64", "RawJson"].iter().any(|unhashed| type_text.contains(unhashed)) {
        lost.push("Hash");
    }
    let lost: Vec<_> =
        lost.into_iter().filter(|name| definition.is_some_and(|found| found.derives(name))).collect();
    if !lost.is_empty() {
        let _ = write!(lines, "\n// and take {} out of the derives of the struct", lost.join(" and "));
    }
    lines
}

fn new_value(place: &Place, definition: Option<&Definition>) -> String {
    match &place.value {
        Value::Text(text) => {
            let variant = pascal(text);
            let spelling = definition.and_then(|found| found.spelling.as_deref());
            let spelt = spelling.map_or_else(|| Some(variant.clone()), |rule| spelt(&variant, rule));
            let attribute = if spelt.as_ref() == Some(text) {
                String::new()
            } else {
                format!("#[strum(serialize = {text:?})]\n")
            };
            format!("/// <what it means>\n{attribute}{variant},")
        }
        Value::Natural(code) => format!("/// <what it means>\nCode{code} = {code}, // and give it a name"),
        Value::Negative(code) => {
            format!(
                "/// <what it means>\nCodeMinus{} = {code}, // and give it a name",
                code.trim_start_matches('-')
            )
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

/// The words of a name in any of the usual spellings, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last = ' ';
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter.is_ascii_alphanumeric() {
            let next_is_lower = letters.peek().is_some_and(char::is_ascii_lowercase);
            let begins = !last.is_ascii_alphanumeric()
                || (letter.is_ascii_uppercase() && (!last.is_ascii_uppercase() || next_is_lower));
            match words.last_mut() {
                Some(word) if !begins => word.push(letter.to_ascii_lowercase()),
                _ => words.push(letter.to_ascii_lowercase().to_string()),
            }
        }
        last = letter;
    }
    words
}

/// A key as the name of a field.
pub(super) fn snake(key: &str) -> String {
    let name = words(key).join("_");
    if name.starts_with(|letter: char| letter.is_ascii_digit()) { format!("n{name}") } else { name }
}

fn pascal(text: &str) -> String {
    let name: String = words(text).iter().map(|word| capital(word)).collect();
    if name.starts_with(|letter: char| letter.is_ascii_digit()) { format!("N{name}") } else { name }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|letter| letter.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// How strum spells a variant by a rule of `serialize_all`; `None` for a rule that no crate here uses.
fn spelt(variant: &str, rule: &str) -> Option<String> {
    let words = words(variant);
    let upper = |separator: &str| words.join(separator).to_ascii_uppercase();
    Some(match rule {
        "lowercase" => words.concat(),
        "UPPERCASE" => upper(""),
        "snake_case" => words.join("_"),
        "kebab-case" => words.join("-"),
        "SCREAMING_SNAKE_CASE" => upper("_"),
        "SCREAMING-KEBAB-CASE" => upper("-"),
        "PascalCase" => variant.to_owned(),
        "title_case" | "Title Case" => words.iter().map(|word| capital(word)).collect::<Vec<_>>().join(" "),
        "camelCase" => {
            let (first, rest) = words.split_first()?;
            first.clone() + &rest.iter().map(|word| capital(word)).collect::<String>()
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{pascal, snake, spelt};

    #[test]
    fn names_of_every_spelling_become_rust() {
        for (key, name) in [
            ("retestCount", "retest_count"),
            ("is_flaky", "is_flaky"),
            ("vcsURL", "vcs_url"),
            ("HTTPStatus", "http_status"),
            ("x-trace", "x_trace"),
            ("2fa", "n2fa"),
        ] {
            assert_eq!(snake(key), name);
        }
        assert_eq!(pascal("on_hold"), "OnHold");
        assert_eq!(pascal("BUG_RISK"), "BugRisk");
        assert_eq!(pascal("run.paused"), "RunPaused");
    }

    #[test]
    fn a_variant_needs_its_spelling_only_where_the_rule_gives_another() {
        assert_eq!(spelt("OnHold", "snake_case").as_deref(), Some("on_hold"));
        assert_eq!(spelt("BugRisk", "SCREAMING_SNAKE_CASE").as_deref(), Some("BUG_RISK"));
        assert_eq!(spelt("Multiselect", "lowercase").as_deref(), Some("multiselect"));
        assert_eq!(spelt("OnHold", "unheard of"), None);
    }
}
