//! `--set PATH=VALUE`: replaces a value in the text of a payload. Nothing else changes: not the order of keys, large
//! numbers or white space.

mod path;

use std::ops::Range;
use std::str::FromStr;

use serde_json::value::RawValue;

use self::path::{Step, parse};
use crate::entries::Entries;

/// A path and the new value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Assignment {
    text: String,
    path: Vec<Step>,
    /// JSON text.
    value: String,
}

/// A part of a text, and its replacement.
struct Edit {
    range: Range<usize>,
    text: String,
}

/// A value inside a text.
#[derive(Clone, Copy)]
struct Place<'a> {
    start: usize,
    json: &'a str,
}

impl Assignment {
    /// The path as the user wrote it.
    pub(super) fn path(&self) -> &str {
        &self.text
    }

    /// The body with the value replaced. A key that is missing is added; an element of a list must exist.
    pub(super) fn apply(&self, body: &str) -> Result<String, String> {
        let at = |error: String| format!("--set {}: {error}", crate::output::plain(&self.text));
        let edit = edit(Place::of(body), &self.path, &self.value).map_err(at)?;
        let mut changed = body.to_owned();
        changed.replace_range(edit.range, &edit.text);
        Ok(changed)
    }
}

impl<'a> Place<'a> {
    /// The value of a whole text.
    fn of(body: &'a str) -> Self {
        let json = body.trim_ascii_start();
        Self { start: body.len() - json.len(), json: json.trim_ascii_end() }
    }

    /// A value that was read from this one and is part of its text.
    fn part(self, value: &'a RawValue) -> Self {
        let json = value.get();
        Self { start: self.start + (json.as_ptr().addr() - self.json.as_ptr().addr()), json }
    }

    fn range(self) -> Range<usize> {
        self.start..self.end()
    }

    fn end(self) -> usize {
        self.start + self.json.len()
    }
}

/// The change that puts this value at this path below a place.
fn edit(place: Place<'_>, path: &[Step], value: &str) -> Result<Edit, String> {
    let Some((step, rest)) = path.split_first() else {
        return Ok(Edit { range: place.range(), text: value.to_owned() });
    };
    match (step, place.json.as_bytes().first()) {
        (Step::Key(key), Some(b'{')) => {
            let Entries(entries) = read(place.json)?;
            // Most readers use the last value of a repeated key.
            if let Some((_, found)) = entries.iter().rev().find(|(name, _)| name == key) {
                return edit(place.part(found), rest, value);
            }
            let entry = format!("{}:{}", quoted(key)?, nested(rest, value)?);
            Ok(match entries.last() {
                Some((_, last)) => insert(place.part(last).end(), format!(",{entry}")),
                None => insert(place.start + 1, entry),
            })
        }
        (Step::Key(_), Some(b'n')) => Ok(Edit { range: place.range(), text: nested(path, value)? }),
        (Step::Index(index), Some(b'[')) => {
            let elements: Vec<&RawValue> = read(place.json)?;
            match elements.get(*index) {
                Some(element) => edit(place.part(element), rest, value),
                None => Err(format!("the list has no element {index}; it has {}", elements.len())),
            }
        }
        (Step::Key(key), _) => Err(format!("`{}` is not in an object", crate::output::plain(key))),
        (Step::Index(index), _) => Err(format!("[{index}] is not in a list")),
    }
}

fn insert(at: usize, text: String) -> Edit {
    Edit { range: at..at, text }
}

/// A value below keys that are all new.
fn nested(path: &[Step], value: &str) -> Result<String, String> {
    path.iter().rev().try_fold(value.to_owned(), |inner, step| match step {
        Step::Key(key) => Ok(format!("{{{}:{inner}}}", quoted(key)?)),
        Step::Index(index) => Err(format!("[{index}] is not in a list")),
    })
}

fn quoted(key: &str) -> Result<String, String> {
    serde_json::to_string(key).map_err(|error| error.to_string())
}

fn read<'a, T: serde::Deserialize<'a>>(json: &'a str) -> Result<T, String> {
    serde_json::from_str(json).map_err(|_| "the payload is not well-formed JSON".to_owned())
}

impl FromStr for Assignment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (path, value) = parse(text)?;
        // A value that is not JSON is text, so that it needs no second level of quotes.
        let json = match serde_json::from_str::<&RawValue>(value) {
            Ok(json) => json.get().to_owned(),
            Err(_) => quoted(value)?,
        };
        let length = text.len() - value.len() - 1;
        Ok(Self { text: text.get(..length).unwrap_or_default().to_owned(), path, value: json })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(body: &str, assignment: &str) -> Result<String, String> {
        assignment.parse::<Assignment>()?.apply(body)
    }

    #[test]
    fn values_are_replaced_added_and_typed() {
        let body = r#"{"payload":{"id":1,"steps":[{"a":"x"},{"a":"y"}]}}"#;
        for (assignment, changed) in [
            ("payload.id=5", r#"{"payload":{"id":5,"steps":[{"a":"x"},{"a":"y"}]}}"#),
            ("payload.steps[1].a=press it", r#"{"payload":{"id":1,"steps":[{"a":"x"},{"a":"press it"}]}}"#),
            ("payload.steps[0]=null", r#"{"payload":{"id":1,"steps":[null,{"a":"y"}]}}"#),
            ("brand.new=1", r#"{"payload":{"id":1,"steps":[{"a":"x"},{"a":"y"}]},"brand":{"new":1}}"#),
        ] {
            assert_eq!(set(body, assignment).unwrap(), changed);
        }
        assert_eq!(set("{}", "a.b=null").unwrap(), r#"{"a":{"b":null}}"#);
        assert_eq!(set(" { } ", "a=1").unwrap(), r#" {"a":1 } "#);
        assert_eq!(set("{}", r#"a="5""#).unwrap(), r#"{"a":"5"}"#);
        assert_eq!(set(r#"{"a":null}"#, "a.b.c=1").unwrap(), r#"{"a":{"b":{"c":1}}}"#);
        assert_eq!(set("{}", r#"["a.b"]["c\"d"]=x=y"#).unwrap(), r#"{"a.b":{"c\"d":"x=y"}}"#);
        assert_eq!(set(r#"{"a":1,"a":2}"#, "a=3").unwrap(), r#"{"a":1,"a":3}"#);
    }

    #[test]
    fn nothing_else_changes() {
        let body = "{ \"z\" : 12345678901234567890123456789.10 ,\n\t\"a\":1e400,\"k\\u0065y\":{\"id\": 1}, \"a\" :[ ] }\n";
        assert_eq!(set(body, "key.id=99999999999999999999999").unwrap(), {
            body.replace("\"id\": 1", "\"id\": 99999999999999999999999")
        });
    }

    #[test]
    fn what_cannot_be_set_is_said() {
        let not_parsed = ["a", "=1", "a.=1", ".a=1", "a..b=1", "a[0=1", "a[x]=1", "a[\"b=1", "a[0]b=1"];
        let not_there = ["list[9]=1", "text.key=1", "text[0]=1", "new[0]=1", "new.x[0]=1"];
        for assignment in not_parsed.iter().chain(&not_there) {
            assert!(set(r#"{"list":[1],"text":"t"}"#, assignment).is_err(), "{assignment}");
        }
    }
}
