//! One change at every place of every payload, and several at once.

use std::marker::PhantomData;

use proptest::prelude::*;
use serde::de::IgnoredAny;
use serde_json::Value;
use webhook_core::drift::{Drift, DriftKind};
use webhook_core::shape::{Field, Shape};
use webhook_core::{DecodeErrorKind, Events};

use crate::drawn;
use crate::for_each_vendor;
use crate::json::{Json, Route};
use crate::payloads::{Webhook, payloads};
use crate::verdict::{decode, drift, name_of};

for_each_vendor! {
    fn a_key_may_be_missing_or_null = drops_and_nulls;
    fn a_key_may_be_new = adds;
    fn a_key_may_come_twice = duplicates;
    fn keys_may_come_in_any_order = reorders;
    fn every_letter_may_be_escaped = escapes;
    fn a_text_may_be_unheard_of = replaces_texts;
    fn anything_may_stand_anywhere = replaces_values;
    fn changes_may_add_up = draws_changes;
}

const ODDITIES: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "-0",
    "0.5",
    "-0.0",
    "4.0",
    "1e3",
    "1e308",
    "1e999",
    "-1e999",
    "1e-400",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "123456789012345678901234567890123456789012345678901234567890",
    "\"\"",
    "\"0\"",
    "\"1\"",
    "\"-1\"",
    "\"text\"",
    "\"18446744073709551616\"",
    "\"2026-02-30 00:00:00\"",
    "\"9999-12-31T23:59:59-23:59\"",
    "\"\\ud83d\\ude00\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "[]",
    "{}",
    "[[]]",
    "[{}]",
    "[null]",
    "[0]",
    "[\"\"]",
    "{\"\":null}",
    "{\"0\":0}",
    "{\"a\":{}}",
];

/// What decodes without a key decodes with `null` in its place; what does not says which key is missing.
fn drops_and_nulls<W: Webhook>(_: PhantomData<W>) {
    for_each_entry::<W>(|json, route, index, before| {
        let dropped = json.with(route, |object| drop(entries(object).remove(index)));
        let nulled = json.with(route, |object| entries(object)[index].1 = Json::bare("null"));
        let (key, others) = keys_at(json, route, index);
        let Some(Form::Object(fields)) = shape_at::<W>(json, route) else { return };
        let names = spellings(fields, &key);
        // The same thing twice, in two spellings: one of them counts. A name has to be text wherever it stands.
        if key == W::NAME_KEY || others.iter().any(|other| names.contains(&other.as_str())) {
            return;
        }
        // One vendor's payload is a whole entity or a mere id, told apart by this key.
        let decisive = key == "title" && name_of::<W>(json).is_some_and(|name| name.starts_with("case."));
        match (decode::<W>(&dropped), decode::<W>(&nulled)) {
            (Ok(dropped), Ok(nulled)) if !decisive => {
                assert_eq!(without(same(&dropped), ""), without(same(&nulled), ""), "{json} without {key}");
            }
            (Ok(_), Err(error)) => panic!("{error}: {json} without {key}"),
            (Err(error), _) if before => {
                // Which of its keys a type names is its own affair, when one of several would have done.
                let missing = error.expected() == "a value" || error.kind() == DecodeErrorKind::NoEventName;
                assert!(missing, "{error}: {json} without {key}");
            }
            _ => {}
        }
    });
}

/// A new key changes nothing but the drift, by one finding.
fn adds<W: Webhook>(_: PhantomData<W>) {
    for payload in payloads::<W>() {
        let json = Json::parse(&payload.body);
        let before = decode::<W>(&json);
        let drift_before = drift::<W>(&json.to_string());
        for route in json.routes() {
            if !matches!(json.clone().at_mut(&route), Json::Object(_)) {
                continue;
            }
            for value in ["null", "7", "\"\"", "[{}]", "{\"id\":{}}"] {
                let added = json.with(&route, |object| {
                    entries(object).push(("unheardOf".to_owned(), Json::bare(value)));
                });
                let after = decode::<W>(&added);
                match shape_at::<W>(&json, &route) {
                    Some(Form::Object(_)) => {
                        match (&before, &after) {
                            (Ok(before), Ok(after)) => {
                                // A payload that is kept raw keeps it, too.
                                let after = without(same(after), "unheardOf");
                                assert_eq!(without(same(before), ""), after, "{added}");
                            }
                            (before, after) => assert_eq!(before.is_ok(), after.is_ok(), "{added}"),
                        }
                        let found = beyond(&drift_before, drift::<W>(&added.to_string()));
                        assert_eq!(found.len(), 1, "{found:?}: {added}");
                        assert_eq!(found[0].kind, DriftKind::UnknownField, "{added}");
                        assert!(found[0].path.ends_with("unheardOf"), "{found:?}: {added}");
                    }
                    Some(Form::Map) => {}
                    None => {
                        assert_eq!(before.is_ok(), after.is_ok(), "{added}");
                        assert_eq!(drift_before, drift::<W>(&added.to_string()), "{added}");
                    }
                }
            }
        }
    }
}

/// A key of a type that comes twice is an error there, and of no consequence elsewhere.
fn duplicates<W: Webhook>(_: PhantomData<W>) {
    for_each_entry::<W>(|json, route, index, _| {
        let twice = json.with(route, |object| {
            let entry = entries(object)[index].clone();
            entries(object).push(entry);
        });
        if let Err(error) = decode::<W>(&twice) {
            assert!(!error.path().is_empty(), "{error}: {twice}");
        }
    });
}

/// The order of keys says nothing.
fn reorders<W: Webhook>(_: PhantomData<W>) {
    fn turned(json: &Json, by: usize) -> Json {
        match json {
            Json::Object(entries) => {
                let mut entries: Vec<_> =
                    entries.iter().map(|(key, value)| (key.clone(), turned(value, by))).collect();
                if by == 0 {
                    entries.reverse();
                } else if !entries.is_empty() {
                    let by = by % entries.len();
                    entries.rotate_left(by);
                }
                Json::Object(entries)
            }
            Json::List(parts) => Json::List(parts.iter().map(|part| turned(part, by)).collect()),
            other => other.clone(),
        }
    }
    for payload in payloads::<W>() {
        let json = Json::parse(&payload.body);
        let before = decode::<W>(&json);
        for by in 0..6 {
            let other = turned(&json, by);
            match (&before, &decode::<W>(&other)) {
                (Ok(before), Ok(after)) => assert_eq!(same(before), same(after), "{other}"),
                (Err(before), Err(after)) => assert_eq!(before.path(), after.path(), "{other}"),
                (before, after) => panic!("{before:?} {after:?}: {other}"),
            }
        }
    }
}

/// `\u0061` is `a`, in keys and in values.
fn escapes<W: Webhook>(_: PhantomData<W>) {
    for payload in payloads::<W>() {
        let json = Json::parse(&payload.body);
        let escaped = json.write(true);
        assert!(!escaped.contains(W::NAME_KEY));
        match (decode::<W>(&json), W::from_slice(escaped.as_bytes())) {
            (Ok(before), Ok(after)) => assert_eq!(same(&before), same(&after), "{}", payload.path.display()),
            (Err(before), Err(after)) => {
                assert_eq!((before.event(), before.path()), (after.event(), after.path()));
            }
            (before, after) => panic!("{before:?} {after:?}: {escaped}"),
        }
        if let Some(name) = name_of::<W>(&json) {
            assert_eq!(W::peek(escaped.as_bytes()).unwrap().name(), name);
        }
        assert_eq!(drift::<W>(&json.to_string()), drift::<W>(&escaped), "{}", payload.path.display());
    }
}

/// A text that no vocabulary lists is kept, and one finding; a name that is not listed is an event that is not.
fn replaces_texts<W: Webhook>(_: PhantomData<W>) {
    for payload in payloads::<W>() {
        let json = Json::parse(&payload.body);
        let before = decode::<W>(&json);
        let drift_before = drift::<W>(&json.to_string());
        for route in json.routes() {
            if !matches!(json.clone().at_mut(&route), Json::Text(_)) {
                continue;
            }
            let replaced = json.with(&route, |text| *text = Json::text("unheard of"));
            let after = decode::<W>(&replaced);
            let shape = value_shape_at::<W>(&json, &route);
            let vocabulary = matches!(shape, Some(Shape::Vocabulary { .. }));
            if vocabulary && before.is_ok() {
                let written = serde_json::to_string(&after.unwrap()).unwrap();
                assert!(written.contains("\"unheard of\""), "{written}");
                let found = beyond(&drift_before, drift::<W>(&replaced.to_string()));
                let was_listed = found.len() == 1 && found[0].kind == DriftKind::UnlistedValue;
                assert!(was_listed || found.is_empty(), "{found:?}: {replaced}");
            }
        }
        if let (Ok(_), Some(position)) = (&before, position(&json, W::NAME_KEY)) {
            let renamed = json.with(&[position], |name| *name = Json::text("unheard of"));
            let after = decode::<W>(&renamed).unwrap();
            assert_eq!((after.name(), after.info()), ("unheard of", None));
        }
    }
}

fn replaces_values<W: Webhook>(_: PhantomData<W>) {
    let nested = [3, 120, 127, 5_000].map(|depth| "[".repeat(depth) + &"]".repeat(depth));
    let objects = [120, 127, 5_000].map(|depth| "{\"id\":".repeat(depth) + "0" + &"}".repeat(depth));
    let mut turn = 0;
    for payload in payloads::<W>() {
        let json = Json::parse(&payload.body);
        for route in json.routes() {
            // Each kind of value has its turn at each kind of place, not every value at every place.
            for oddity in ODDITIES.iter().skip(turn % 4).step_by(4) {
                let changed = json.with(&route, |value| *value = Json::bare(*oddity));
                any_text::<W>(&changed.to_string());
            }
            turn += 1;
        }
        // Depth is the same anywhere below the same key.
        for route in json.routes().into_iter().filter(|route| route.len() <= 2) {
            for deep in nested.iter().chain(&objects) {
                any_text::<W>(&json.with(&route, |value| *value = Json::bare(deep)).to_string());
            }
        }
    }
}

fn draws_changes<W: Webhook>(_: PhantomData<W>) {
    let payloads: Vec<Json> = payloads::<W>().iter().map(|payload| Json::parse(&payload.body)).collect();
    let changes = prop::collection::vec((any::<prop::sample::Index>(), 0..8_usize, any::<usize>()), 1..12);
    proptest!(drawn(1_000), |(
        payload in prop::sample::select(payloads),
        changes in changes,
        escaped in any::<bool>(),
    )| {
        let mut json = payload;
        for (place, kind, choice) in changes {
            let route = place.get(&json.routes()).clone();
            change(json.at_mut(&route), kind, choice);
        }
        any_text::<W>(&json.write(escaped));
    });
}

fn change(json: &mut Json, kind: usize, choice: usize) {
    match json {
        Json::Object(entries) if !entries.is_empty() && kind < 5 => {
            let index = choice % entries.len();
            match kind {
                0 => drop(entries.remove(index)),
                1 => entries[index].1 = Json::bare("null"),
                2 => entries.push(entries[index].clone()),
                3 => entries.swap(0, index),
                _ => entries.push(("unheardOf".to_owned(), entries[index].1.clone())),
            }
        }
        Json::List(parts) if !parts.is_empty() && kind < 3 => {
            let part = parts[choice % parts.len()].clone();
            parts.push(part);
        }
        other => *other = Json::bare(ODDITIES[choice % ODDITIES.len()]),
    }
}

/// Text that may or may not be JSON.
fn any_text<W: Webhook>(text: &str) {
    match serde_json::from_str::<Json>(text) {
        Ok(json @ Json::Object(_)) => drop(decode::<W>(&json)),
        parsed => match W::from_slice(text.as_bytes()) {
            // What is passed over or kept raw is not looked at closely: numbers out of range, half of a surrogate pair.
            Ok(_) => assert!(is_well_formed(text), "{text:.500}"),
            Err(error) => {
                let kinds = [DecodeErrorKind::NotAnObject, DecodeErrorKind::NotJson];
                // What contradicts its type may stand in front of what is no JSON.
                let in_front = parsed.is_err() && !error.path().is_empty();
                assert!(kinds.contains(&error.kind()) || in_front, "{error}: {text:.500}");
                assert!(
                    parsed.is_err() || error.kind() == DecodeErrorKind::NotAnObject,
                    "{error}: {text:.500}"
                );
                drift::<W>(text);
            }
        },
    }
}

fn is_well_formed(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// Every key of every object in every payload, and whether the payload decodes as it stands.
fn for_each_entry<W: Webhook>(act: impl Fn(&Json, &Route, usize, bool)) {
    for payload in payloads::<W>() {
        let mut json = Json::parse(&payload.body);
        let decodes = decode::<W>(&json).is_ok();
        for route in json.routes() {
            let Json::Object(entries) = json.at_mut(&route) else { continue };
            for index in 0..entries.len() {
                act(&json, &route, index, decodes);
            }
        }
    }
}

fn entries(json: &mut Json) -> &mut Vec<(String, Json)> {
    match json {
        Json::Object(entries) => entries,
        other => panic!("{other} is no object"),
    }
}

/// A key of an object, and its other keys.
fn keys_at(json: &Json, route: &Route, index: usize) -> (String, Vec<String>) {
    let mut copy = json.clone();
    let mut keys: Vec<String> = entries(copy.at_mut(route)).drain(..).map(|(key, _)| key).collect();
    (keys.remove(index), keys)
}

/// Every spelling of the field that a key belongs to.
fn spellings<'a>(fields: &[Field], key: &'a str) -> Vec<&'a str> {
    let field = fields.iter().find(|field| field.answers_to(key));
    field.map_or(vec![key], |field| field.aliases.iter().chain([&field.name]).copied().collect())
}

fn position(json: &Json, key: &str) -> Option<usize> {
    entries(&mut json.clone()).iter().position(|(name, _)| name == key)
}

/// What a webhook says, apart from the spelling of JSON that is kept as it came.
fn same<W: Webhook>(webhook: &W) -> Value {
    serde_json::to_value(webhook).unwrap()
}

/// A value without `null` and without a key, at every depth.
fn without(value: Value, key: &str) -> Value {
    match value {
        Value::Object(entries) => entries
            .into_iter()
            .map(|(name, value)| (name, without(value, key)))
            .filter(|(name, value)| name != key && !value.is_null())
            .collect(),
        Value::Array(parts) => parts.into_iter().map(|part| without(part, key)).collect(),
        other => other,
    }
}

/// The findings that were not there before.
fn beyond(before: &[Drift], after: Vec<Drift>) -> Vec<Drift> {
    let mut before = before.to_vec();
    after
        .into_iter()
        .filter(|finding| match before.iter().position(|known| known == finding) {
            Some(position) => {
                before.swap_remove(position);
                false
            }
            None => true,
        })
        .collect()
}

/// What kind of object stands somewhere, by its type; `None` where nothing is known about it.
enum Form {
    Object(&'static [Field]),
    Map,
}

fn shape_at<W: Webhook>(json: &Json, route: &Route) -> Option<Form> {
    if route.is_empty() {
        return Some(Form::Object(W::fields()));
    }
    match object_form(value_shape_at::<W>(json, route)?)? {
        Shape::Object { fields, .. } => Some(Form::Object(fields())),
        _ => Some(Form::Map),
    }
}

/// The alternative that an object is, if one is.
fn object_form(shape: Shape) -> Option<Shape> {
    match shape {
        Shape::Object { .. } | Shape::Map(_) => Some(shape),
        Shape::OneOf(forms) => {
            let forms = || forms.iter().filter_map(|form| object_form(form()));
            forms().find(|form| matches!(form, Shape::Object { .. })).or_else(|| forms().next())
        }
        _ => None,
    }
}

/// The shape of the value at the end of a route; `None` where nothing is known about it.
fn value_shape_at<W: Webhook>(json: &Json, route: &[usize]) -> Option<Shape> {
    let (first, rest) = route.split_first()?;
    let Json::Object(entries) = json else { return None };
    let (key, value) = &entries[*first];
    let shape = if key == W::PAYLOAD_KEY {
        W::Event::payload_shape(W::Event::find(name_of::<W>(json)?)?)
    } else {
        (W::fields().iter().find(|field| field.answers_to(key))?.shape)()
    };
    descend(shape, value, rest)
}

fn descend(shape: Shape, json: &Json, route: &[usize]) -> Option<Shape> {
    let Some((first, rest)) = route.split_first() else { return Some(shape) };
    match json {
        Json::Object(entries) => {
            let (key, value) = &entries[*first];
            let inner = match object_form(shape)? {
                Shape::Object { fields, .. } => {
                    (fields().iter().find(|field| field.answers_to(key))?.shape)()
                }
                Shape::Map(element) => element(),
                _ => return None,
            };
            descend(inner, value, rest)
        }
        Json::List(parts) => descend(element_form(shape)?, &parts[*first], rest),
        _ => None,
    }
}

fn element_form(shape: Shape) -> Option<Shape> {
    match shape {
        Shape::List(element) | Shape::Map(element) => Some(element()),
        Shape::OneOf(forms) => forms.iter().find_map(|form| element_form(form())),
        _ => None,
    }
}
