//! JSON as a tree that keeps what `serde_json::Value` loses: the order of keys, repeated keys, the digits of numbers.

use std::fmt::{self, Write as _};

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    /// `null`, `true`, `false`, a number, or anything else that is written as it stands.
    Bare(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// A step from a value to one of its parts.
pub(crate) type Route = Vec<usize>;

impl Json {
    pub(crate) fn parse(text: &str) -> Self {
        serde_json::from_str(text).unwrap()
    }

    pub(crate) fn bare(text: impl Into<String>) -> Self {
        Self::Bare(text.into())
    }

    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The ways to every value inside, this one first.
    pub(crate) fn routes(&self) -> Vec<Route> {
        fn visit(json: &Json, route: &mut Route, routes: &mut Vec<Route>) {
            routes.push(route.clone());
            let parts: Vec<&Json> = match json {
                Json::List(parts) => parts.iter().collect(),
                Json::Object(entries) => entries.iter().map(|(_, value)| value).collect(),
                _ => Vec::new(),
            };
            for (index, part) in parts.into_iter().enumerate() {
                route.push(index);
                visit(part, route, routes);
                route.pop();
            }
        }
        let mut routes = Vec::new();
        visit(self, &mut Route::new(), &mut routes);
        routes
    }

    /// The keys on the way to a value; positions in lists are none.
    pub(crate) fn keys_along(&self, route: &[usize]) -> Vec<String> {
        let mut keys = Vec::new();
        let mut place = self;
        for index in route {
            place = match place {
                Self::List(parts) => &parts[*index],
                Self::Object(entries) => {
                    keys.push(entries[*index].0.clone());
                    &entries[*index].1
                }
                _ => panic!("no way into a scalar"),
            };
        }
        keys
    }

    pub(crate) fn at_mut(&mut self, route: &[usize]) -> &mut Self {
        let Some((index, rest)) = route.split_first() else { return self };
        match self {
            Self::List(parts) => parts[*index].at_mut(rest),
            Self::Object(entries) => entries[*index].1.at_mut(rest),
            _ => panic!("no way into a scalar"),
        }
    }

    /// A copy in which something was done to the value at the end of a route.
    pub(crate) fn with(&self, route: &[usize], change: impl FnOnce(&mut Self)) -> Self {
        let mut copy = self.clone();
        change(copy.at_mut(route));
        copy
    }

    /// The text, with the letters of keys and strings escaped where asked for.
    pub(crate) fn write(&self, escaped: bool) -> String {
        let mut text = String::new();
        self.write_to(&mut text, escaped);
        text
    }

    fn write_to(&self, out: &mut String, escaped: bool) {
        match self {
            Self::Bare(text) => out.push_str(text),
            Self::Text(text) => write_text(out, text, escaped),
            Self::List(parts) => {
                out.push('[');
                for (index, part) in parts.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { "," });
                    part.write_to(out, escaped);
                }
                out.push(']');
            }
            Self::Object(entries) => {
                out.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { "," });
                    write_text(out, key, escaped);
                    out.push(':');
                    value.write_to(out, escaped);
                }
                out.push('}');
            }
        }
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.write(false))
    }
}

fn write_text(out: &mut String, text: &str, escaped: bool) {
    if !escaped {
        out.push_str(&serde_json::to_string(text).unwrap());
        return;
    }
    out.push('"');
    for unit in text.encode_utf16() {
        write!(out, "\\u{unit:04x}").unwrap();
    }
    out.push('"');
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Tree)
    }
}

struct Tree;

impl<'de> Visitor<'de> for Tree {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::bare("null"))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::bare(value.to_string()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::bare(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        Ok(Json::bare(value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        Ok(Json::bare(format!("{value:?}")))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json, E> {
        Ok(Json::text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Json, A::Error> {
        let mut parts = Vec::new();
        while let Some(part) = sequence.next_element()? {
            parts.push(part);
        }
        Ok(Json::List(parts))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Json::Object(entries))
    }
}
