//! JSON as a tree that keeps what `serde_json::Value` loses: the order of keys, repeated keys, the spelling of numbers.

use std::fmt::{self, Write as _};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    /// `null`, `true`, `false`, a number, or anything else that is written as it stands.
    Bare(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// The position of a part in each value on the way to it.
pub(crate) type Route = Vec<usize>;

impl Json {
    pub(crate) fn parse(text: &str) -> Self {
        let text = text.trim_ascii();
        match text.as_bytes()[0] {
            b'{' => Self::Object(serde_json::from_str::<Entries>(text).unwrap().0),
            b'[' => {
                let parts: Vec<&RawValue> = serde_json::from_str(text).unwrap();
                Self::List(parts.into_iter().map(|part| Self::parse(part.get())).collect())
            }
            // A string that is not Unicode keeps its spelling.
            b'"' => serde_json::from_str(text).map_or_else(|_| Self::bare(text), Self::Text),
            _ => Self::bare(text),
        }
    }

    pub(crate) fn bare(text: impl Into<String>) -> Self {
        Self::Bare(text.into())
    }

    /// The last value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(entries) => entries.iter().rfind(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The routes to all values inside, without the value itself.
    pub(crate) fn routes(&self) -> Vec<Route> {
        fn visit(json: &Json, route: &mut Route, routes: &mut Vec<Route>) {
            for index in 0..json.parts().len() {
                route.push(index);
                routes.push(route.clone());
                visit(json.parts()[index], route, routes);
                route.pop();
            }
        }
        let mut routes = Vec::new();
        visit(self, &mut Route::new(), &mut routes);
        routes
    }

    fn parts(&self) -> Vec<&Self> {
        match self {
            Self::List(parts) => parts.iter().collect(),
            Self::Object(entries) => entries.iter().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        }
    }

    /// The value at the end of a route.
    pub(crate) fn at(&self, route: &[usize]) -> &Self {
        route.iter().fold(self, |place, index| place.parts()[*index])
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

    /// A copy without the value at the end of a route.
    pub(crate) fn without(&self, route: &[usize]) -> Self {
        let (last, way) = route.split_last().unwrap();
        self.with(way, |place| match place {
            Self::List(parts) => drop(parts.remove(*last)),
            Self::Object(entries) => drop(entries.remove(*last)),
            _ => panic!("no way into a scalar"),
        })
    }

    /// The path of a route in the notation of drift and of errors.
    pub(crate) fn path(&self, route: &[usize]) -> String {
        let (mut path, mut place) = (String::new(), self);
        for index in route {
            place = match place {
                Self::List(parts) => {
                    write!(path, "[{index}]").unwrap();
                    &parts[*index]
                }
                Self::Object(entries) => {
                    webhook_core::describe::write_key(&mut path, &entries[*index].0).unwrap();
                    &entries[*index].1
                }
                _ => panic!("no way into a scalar"),
            };
        }
        path
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

/// The entries of an object, repeated keys included.
struct Entries(Vec<(String, Json)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, &RawValue>()? {
                    entries.push((key, Json::parse(value.get())));
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}
