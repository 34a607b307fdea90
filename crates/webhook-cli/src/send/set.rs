//! `--set path=value`: a value of a payload, replaced.

use std::str::FromStr;

use serde_json::Value;

/// Where, and what to put there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Assignment {
    path: Vec<Step>,
    value: Value,
}

#[derive(Debug, Clone, PartialEq)]
enum Step {
    Key(String),
    Index(usize),
}

/// Replaces the values in a body.
pub(super) fn apply(body: &[u8], assignments: &[Assignment]) -> Result<Vec<u8>, String> {
    let mut json: Value =
        serde_json::from_slice(body).map_err(|_| "--set needs a payload that is JSON".to_owned())?;
    for assignment in assignments {
        assignment.apply(&mut json)?;
    }
    serde_json::to_vec(&json).map_err(|error| error.to_string())
}

impl Assignment {
    /// A key that is missing is made; an index must exist.
    fn apply(&self, json: &mut Value) -> Result<(), String> {
        let mut place = json;
        for step in &self.path {
            place = match (step, place) {
                (Step::Key(key), Value::Object(object)) => object.entry(key).or_insert(Value::Null),
                (Step::Key(key), place @ Value::Null) => {
                    *place = Value::Object(serde_json::Map::new());
                    match place {
                        Value::Object(object) => object.entry(key).or_insert(Value::Null),
                        other => other,
                    }
                }
                (Step::Index(index), Value::Array(list)) => {
                    list.get_mut(*index).ok_or_else(|| format!("the list has no element {index}"))?
                }
                (Step::Key(key), _) => return Err(format!("`{key}` does not stand in an object")),
                (Step::Index(index), _) => return Err(format!("[{index}] does not stand in a list")),
            };
        }
        *place = self.value.clone();
        Ok(())
    }
}

impl FromStr for Assignment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (path, value) = text.split_once('=').ok_or("expected PATH=VALUE")?;
        let mut steps = Vec::new();
        for part in path.split('.') {
            let (key, indices) = part.split_once('[').map_or((part, None), |(key, rest)| (key, Some(rest)));
            if !key.is_empty() {
                steps.push(Step::Key(key.to_owned()));
            } else if indices.is_none() {
                return Err("a key of the path is empty".to_owned());
            }
            for index in indices.into_iter().flat_map(|indices| indices.split('[')) {
                let digits = index.strip_suffix(']').ok_or("an index of the path is not closed")?;
                steps.push(Step::Index(digits.parse().map_err(|_| "an index of the path is no number")?));
            }
        }
        // What is no JSON is text, so that nobody has to quote twice.
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
        Ok(Self { path: steps, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(body: &str, assignment: &str) -> Result<String, String> {
        apply(body.as_bytes(), &[assignment.parse()?]).map(|body| String::from_utf8(body).unwrap())
    }

    #[test]
    fn values_are_replaced_added_and_typed() {
        let body = r#"{"payload":{"id":1,"steps":[{"a":"x"},{"a":"y"}]}}"#;
        assert_eq!(
            set(body, "payload.id=5").unwrap(),
            r#"{"payload":{"id":5,"steps":[{"a":"x"},{"a":"y"}]}}"#
        );
        assert_eq!(
            set(body, "payload.steps[1].a=press it").unwrap(),
            r#"{"payload":{"id":1,"steps":[{"a":"x"},{"a":"press it"}]}}"#
        );
        assert_eq!(set("{}", "a.b=null").unwrap(), r#"{"a":{"b":null}}"#);
        assert_eq!(set("{}", r#"a="5""#).unwrap(), r#"{"a":"5"}"#);
    }

    #[test]
    fn what_cannot_be_set_is_said() {
        for assignment in ["a", "=1", "a.=1", "a[0=1", "a[x]=1", "list[9]=1", "text.key=1", "text[0]=1"] {
            assert!(set(r#"{"list":[1],"text":"t"}"#, assignment).is_err(), "{assignment}");
        }
    }
}
