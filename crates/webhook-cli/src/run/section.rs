//! The keys of one sink, each with its position, so that errors are reported with their line.

use std::path::PathBuf;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::listen::duration;
use crate::nearest::did_you_mean;

/// The longest time that a key accepts. A longer one is a mistake in the unit.
const MAX_TIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The value of a key.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    Texts(Vec<String>),
    Number(i64),
    Flag(bool),
    /// A type that no key has, for a message.
    Other(&'static str),
}

/// A key with its value.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    key: String,
    /// `webhooks.toml:12: sink.crm.url`, or `--http`.
    place: String,
    /// Whether it comes from the configuration file.
    is_configured: bool,
    value: Value,
}

/// A text of a section, with its position.
pub(super) struct Text {
    pub(super) value: String,
    pub(super) place: String,
    pub(super) is_configured: bool,
}

/// The keys of one sink. Errors are collected.
pub(super) struct Section {
    pub(super) name: String,
    /// The position of the sink.
    place: String,
    entries: Vec<Entry>,
    /// The keys that were read.
    known: Vec<&'static str>,
    problems: Vec<String>,
}

impl Entry {
    pub(super) fn flag(key: &str, flag: &str, value: Value) -> Self {
        Self { key: key.to_owned(), place: flag.to_owned(), is_configured: false, value }
    }
}

impl Section {
    pub(super) fn new(name: String, place: String, entries: Vec<Entry>) -> Self {
        Self { name, place, entries, known: Vec::new(), problems: Vec::new() }
    }

    /// The keys of a table; `place` converts an offset to a position.
    pub(super) fn of_table(
        name: &str,
        position: usize,
        table: &DeTable<'_>,
        place: &dyn Fn(usize) -> String,
    ) -> Self {
        let prefix = format!("sink.{name}");
        let entries = table.iter().map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            place: format!("{}: {prefix}.{}", place(key.span().start), key.get_ref()),
            is_configured: true,
            value: Value::of(value),
        });
        Self::new(name.to_owned(), format!("{}: {prefix}", place(position)), entries.collect())
    }

    /// A text, if the key exists.
    pub(super) fn text(&mut self, key: &'static str) -> Option<Text> {
        let Entry { place, is_configured, value, .. } = self.take(key)?;
        match value {
            Value::Text(value) if value.is_empty() => self.problem_at(&place, "is empty"),
            Value::Text(value) => Some(Text { value, place, is_configured }),
            other => self.wrong_type(&place, "a text", &other),
        }
    }

    /// A list of texts, or a single text; empty if the key is missing.
    pub(super) fn texts(&mut self, key: &'static str) -> Vec<Text> {
        let Some(Entry { place, is_configured, value, .. }) = self.take(key) else { return Vec::new() };
        let values = match value {
            Value::Text(value) => vec![value],
            Value::Texts(values) => values,
            other => {
                self.wrong_type::<()>(&place, "a list of texts", &other);
                return Vec::new();
            }
        };
        if values.is_empty() || values.iter().any(String::is_empty) {
            self.problem_at::<()>(&place, "is empty, or has an empty text");
        }
        values.into_iter().map(|value| Text { value, place: place.clone(), is_configured }).collect()
    }

    /// A whole number of at least one, and at most this.
    pub(super) fn number(&mut self, key: &'static str, max: u64) -> Option<u64> {
        let Entry { place, value, .. } = self.take(key)?;
        match value {
            Value::Number(number) => match u64::try_from(number) {
                Ok(number) if number > max => self.problem_at(&place, &format!("must be at most {max}")),
                Ok(number) if number > 0 => Some(number),
                _ => self.problem_at(&place, "must be at least 1"),
            },
            other => self.wrong_type(&place, "a whole number", &other),
        }
    }

    pub(super) fn flag(&mut self, key: &'static str) -> bool {
        let Some(Entry { place, value, .. }) = self.take(key) else { return false };
        match value {
            Value::Flag(flag) => flag,
            other => self.wrong_type(&place, "true or false", &other).unwrap_or_default(),
        }
    }

    /// A time such as `30s`.
    pub(super) fn time(&mut self, key: &'static str) -> Option<Duration> {
        let text = self.text(key)?;
        match duration(&text.value) {
            Ok(time) if !time.is_zero() && time <= MAX_TIME => Some(time),
            Ok(time) if time.is_zero() => self.problem_at(&text.place, "must be longer than zero"),
            Ok(_) => self.problem_at(&text.place, "is longer than 30 days (720h)"),
            Err(error) => self.problem_at(&text.place, &error),
        }
    }

    pub(super) fn path(&mut self, key: &'static str) -> Option<PathBuf> {
        self.text(key).map(|text| text.value.into())
    }

    /// The path of an existing file.
    #[cfg(feature = "nats")]
    pub(super) fn file(&mut self, key: &'static str) -> Option<PathBuf> {
        let text = self.text(key)?;
        let path = PathBuf::from(&text.value);
        if !path.is_file() {
            return self.problem_at(&text.place, &format!("there is no file {}", path.display()));
        }
        Some(path)
    }

    /// One of several words.
    pub(super) fn choice(&mut self, key: &'static str, choices: &[&'static str]) -> Option<&'static str> {
        let text = self.text(key)?;
        let found = choices.iter().find(|choice| **choice == text.value).copied();
        found.or_else(|| {
            let meant = did_you_mean(&text.value, choices.iter().copied());
            self.problem_at(&text.place, &format!("must be one of {}{meant}", choices.join(", ")))
        })
    }

    /// Reports an error about the sink.
    pub(super) fn problem<T>(&mut self, what: &str) -> Option<T> {
        let place = self.place.clone();
        self.problem_at(&place, what)
    }

    /// Reports an error about a key.
    pub(super) fn problem_at<T>(&mut self, place: &str, what: &str) -> Option<T> {
        self.problems.push(format!("{place}: {what}"));
        None
    }

    /// All errors, including unknown keys.
    pub(super) fn into_problems(mut self) -> Vec<String> {
        for entry in std::mem::take(&mut self.entries) {
            let meant = did_you_mean(&entry.key, self.known.iter().copied());
            self.problems.push(format!("{}: a sink of this type has no such key{meant}", entry.place));
        }
        self.problems
    }

    /// Whether the key exists, without reading it.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == key)
    }

    /// Ignores unknown keys, because the keys of an unknown type are not known.
    pub(super) fn forget(&mut self) {
        self.entries.clear();
    }

    fn take(&mut self, key: &'static str) -> Option<Entry> {
        self.known.push(key);
        let at = self.entries.iter().position(|entry| entry.key == key)?;
        Some(self.entries.remove(at))
    }

    fn wrong_type<T>(&mut self, place: &str, expected: &str, found: &Value) -> Option<T> {
        self.problem_at(place, &format!("expected {expected}, found {}", found.type_name()))
    }
}

impl Value {
    fn of(value: &Spanned<DeValue<'_>>) -> Self {
        match value.get_ref() {
            DeValue::String(text) => Self::Text(text.to_string()),
            DeValue::Boolean(flag) => Self::Flag(*flag),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .map_or(Self::Other("a number that is too large"), Self::Number),
            DeValue::Array(values) => {
                let texts = values.iter().map(|value| value.get_ref().as_str().map(str::to_owned));
                texts.collect::<Option<_>>().map_or(Self::Other("a list of something else"), Self::Texts)
            }
            DeValue::Float(_) => Self::Other("a number with a fraction"),
            DeValue::Datetime(_) => Self::Other("a date"),
            DeValue::Table(_) => Self::Other("a table"),
        }
    }

    /// Never the value itself: it may be a secret in the wrong place.
    fn type_name(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Texts(_) => "a list of texts",
            Self::Number(_) => "a number",
            Self::Flag(_) => "true or false",
            Self::Other(name) => name,
        }
    }
}
