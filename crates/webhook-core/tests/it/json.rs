//! The reader of JSON compared with `serde_json`: it accepts the same texts and reads the same values.

use serde::de::IgnoredAny;
use serde_json::Value;
use webhook_core::json::{JsonKind, NotJson, Reader};

/// How many changed bodies are tried, and how deep lists nest. Miri is a thousand times slower than the processor.
const CHANGES: usize = if cfg!(miri) { 100 } else { 20_000 };
const DEPTH: usize = if cfg!(miri) { 1_000 } else { 100_000 };

/// The value as read; `None` for a lone surrogate and for nesting that is too deep.
fn value(json: &mut Reader<'_>) -> Result<Option<Value>, NotJson> {
    Ok(match json.kind()? {
        JsonKind::Array => {
            let Some(mut list) = json.list()? else { return Ok(None) };
            let mut values = Vec::new();
            let mut usable = true;
            while json.next_element(&mut list)? {
                let value = value(json)?;
                usable &= value.is_some();
                values.extend(value);
            }
            usable.then_some(Value::Array(values))
        }
        JsonKind::Object => {
            let Some(mut keys) = json.object()? else { return Ok(None) };
            let mut map = serde_json::Map::new();
            let mut usable = true;
            while let Some(key) = json.next_text_key(&mut keys)? {
                usable &= !key.contains(char::REPLACEMENT_CHARACTER);
                match value(json)? {
                    Some(value) => drop(map.insert(key.into_owned(), value)),
                    None => usable = false,
                }
            }
            usable.then_some(Value::Object(map))
        }
        JsonKind::Null => json.take_null()?.then_some(Value::Null),
        JsonKind::Boolean => json.boolean()?.map(Value::Bool),
        JsonKind::Number => json.number()?.and_then(|number| serde_json::from_str(number.as_str()).ok()),
        _ => json.text()?.map(|text| Value::String(text.into_owned())),
    })
}

fn check(text: &str) {
    let accepted = serde_json::from_str::<IgnoredAny>(text).is_ok();
    let mut skipping = Reader::new(text);
    assert_eq!(skipping.skip().is_ok() && skipping.at_end(), accepted, "skipping {text:?}");
    let mut reading = Reader::new(text);
    let read = value(&mut reading);
    assert_eq!(read.is_ok() && reading.at_end(), accepted, "reading {text:?}");
    if let (Ok(Some(value)), true) = (read, accepted) {
        assert_eq!(serde_json::from_str::<Value>(text).ok(), Some(value), "{text:?}");
    }
}

#[test]
fn the_same_texts_are_accepted() {
    for text in [
        "",
        " ",
        "null",
        " null ",
        "nul",
        "nulll",
        "true",
        "false",
        "truefalse",
        "0",
        "-0",
        "-",
        "01",
        "1.",
        ".1",
        "1.0",
        "1e",
        "1e+",
        "1E-2",
        "1e999",
        "--1",
        "+1",
        "0x1",
        "1 2",
        "\"\"",
        "\"",
        "\"\\\"",
        "\"a\\qb\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\ud83e\\udd80\"",
        "\"\\ud83e\"",
        "\"\\ud83e\\u0041\"",
        "\"\\udd80\"",
        "\"\n\"",
        "\"\u{7f}\"",
        "\"é🦀\"",
        "\"aaaaaaaaaaaaaaaaaaaaaa\\n\"",
        "\"aaaaaaa\u{1}\"",
        "[]",
        "[ ]",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1,2]",
        "[",
        "]",
        "{}",
        "{ }",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{\"a\":1 \"b\":2}",
        "{a:1}",
        "{\"a\" : [ { } , null ] }",
        "{\"a\":1}}",
        "[1}",
        "{\"a\":1]",
        "{\"a\":1,\"a\":2}",
        "{\"\\ud800\":1}",
        "\u{feff}1",
        "1\u{a0}",
        "[[[[]]]]",
        "{\"a\":{\"b\":{\"c\":[{}]}}}",
    ] {
        check(text);
    }
}

#[test]
fn every_change_of_a_body_has_the_same_outcome() {
    let body = r#"{"name":"thing.made","at":1770830431,"payload":{"id":7,"name":"a\u00e9\n🦀","x":[1.5e3,-2,null,true,{"y":[]}]}}"#;
    let mut random = 1_u64;
    let mut next = |below: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(random >> 33).unwrap() % below.max(1)
    };
    let pieces = [
        "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "9", ".", "e", "-", " ", "\n", "null", "\\ud800",
        "\u{1}", "é",
    ];
    for _ in 0..CHANGES {
        let mut text: Vec<char> = body.chars().collect();
        for _ in 0..=next(3) {
            let at = next(text.len());
            match next(3) {
                0 if text.is_empty() => {}
                0 => drop(text.remove(at)),
                1 => text.truncate(at.max(1)),
                _ => drop(text.splice(at..at, pieces[next(pieces.len())].chars())),
            }
        }
        check(&text.into_iter().collect::<String>());
    }
}

#[test]
fn only_enclosing_lists_and_objects_count_as_nesting() {
    for element in ["[]", "{}", "{\"a\":[]}"] {
        let text = format!("[{}]", vec![element; 200].join(","));
        assert_eq!(value(&mut Reader::new(&text)), Ok(serde_json::from_str(&text).ok()), "{element}");
    }
}

#[test]
fn nesting_is_skipped_at_any_depth() {
    for depth in [1, 63, 64, 65, 127, 128, 129, DEPTH] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let inner = if open == "[" { "" } else { "1" };
            let text = format!("{}{inner}{}", open.repeat(depth), close.repeat(depth));
            let mut json = Reader::new(&text);
            assert!(json.skip().is_ok() && json.at_end(), "{depth} times {open}");
            let broken = &text[..text.len() - 1];
            assert!(Reader::new(broken).skip().is_err(), "{depth} times {open}, less one");
        }
    }
    // Lists and objects in turn, so that each bracket must match.
    let text = format!("{}1{}", "[{\"a\":".repeat(100), "}]".repeat(100));
    assert!(Reader::new(&text).skip().is_ok());
    assert!(Reader::new(&text.replacen("}]", "]}", 1)).skip().is_err());
}

#[test]
fn a_number_keeps_its_spelling_and_its_digits() {
    for text in ["0.10", "1e3", "-0", "12345678901234567890123", "1E+2"] {
        assert_eq!(Reader::new(text).number().unwrap().unwrap().as_str(), text);
    }
    let number = Reader::new("18446744073709551616").number().unwrap().unwrap();
    assert_eq!(number.whole(), Some(18_446_744_073_709_551_616));
}
