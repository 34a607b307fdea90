//! Replaces all values in a payload that may be personal data, and changes nothing else.
//!
//! The type of a value decides: values of vocabularies, flags and codes are kept; all other values are replaced.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::rc::Rc;

use webhook_core::describe::write_key;
use webhook_core::describe::{Field, Shape};
use webhook_core::{Envelope, Events};

use super::invent::{Exhausted, Inventor, is_reserved};
use super::judge;
use super::originals::Originals;
use super::times::Shift;
use super::tokens::{Token, Tokens};

/// The maximum nesting: deeper than any payload, and safe for the stack.
const DEEPEST: usize = 100;

/// The number of attempts with other invented texts if one contains an original by accident.
const ATTEMPTS: u64 = 8;

/// A payload without personal data.
#[derive(Debug)]
pub(super) struct Scrubbed {
    pub(super) text: String,
    /// The values, by path.
    pub(super) places: BTreeMap<String, Place>,
    /// Unknown keys and values that were kept, with their paths, for a person to check.
    pub(super) kept: Kept,
}

/// The kept keys and values in words, each with its paths.
pub(super) type Kept = BTreeMap<String, Vec<String>>;

/// The facts about a path of a payload.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The struct whose field it is; `None` in lists, maps and unknown objects.
    pub(super) owner: Option<&'static str>,
    pub(super) key: String,
    pub(super) value: Value,
    /// The vocabulary of the value.
    pub(super) vocabulary: Option<&'static str>,
}

/// A value, as far as its Rust type depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Missing,
    Null,
    Boolean,
    Natural(String),
    Negative(String),
    Decimal,
    Text(String),
    /// With the Rust type of its elements, when all have the same.
    List(Option<&'static str>),
    Object,
}

impl Value {
    /// The Rust type for it; `None` if only raw JSON can hold it.
    pub(super) fn rust(&self) -> Option<&'static str> {
        match self {
            Self::Text(_) => Some("String"),
            Self::Boolean => Some("bool"),
            Self::Natural(_) => Some("u64"),
            Self::Negative(_) => Some("i64"),
            Self::Decimal => Some("f64"),
            Self::Missing | Self::Null | Self::List(_) | Self::Object => None,
        }
    }
}

/// Why a capture cannot be scrubbed: a place and a reason, never the value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    path: String,
    reason: &'static str,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "the top of the body" } else { &self.path };
        write!(f, "at {path}: {}", self.reason)
    }
}

impl std::error::Error for Refusal {}

/// Scrubs a body, which has been checked as a JSON object with the name of an event.
///
/// `forbidden` are texts that must not be in the result.
pub(super) fn scrub<W: Envelope>(body: &str, name: &str, forbidden: &[String]) -> Result<Scrubbed, Refusal> {
    // The first walk collects the originals, which the next ones must not contain.
    let known = Rc::new(known_keys::<W>());
    let mut first = Walk::new(body, Inventor::new(0, Originals::default()), Rc::clone(&known));
    first.envelope::<W>(name)?;
    let mut originals = first.originals;
    originals.extend(first.inventor.tokens);
    for text in forbidden.iter().filter(|text| text.len() >= 8) {
        originals.insert(text);
    }
    let mut attempt = 1;
    loop {
        let mut walk = Walk::new(body, Inventor::new(attempt, originals.clone()), Rc::clone(&known));
        walk.envelope::<W>(name)?;
        match leak(&walk.exposed, &originals) {
            None => return Ok(Scrubbed { text: walk.out, places: walk.places, kept: walk.kept }),
            Some(refusal) if attempt == ATTEMPTS => return Err(refusal),
            Some(_) => attempt += 1,
        }
    }
}

/// The first place at which something that was replaced elsewhere can still be read.
fn leak(exposed: &[(String, String)], originals: &Originals) -> Option<Refusal> {
    let (path, _) = exposed.iter().find(|(_, text)| originals.are_in(text))?;
    let reason = "it would still contain a text that is replaced elsewhere; rename one in the capture, if one is a name";
    Some(Refusal { path: path.clone(), reason })
}

struct Walk<'a> {
    tokens: Tokens<'a>,
    out: String,
    path: String,
    depth: usize,
    inventor: Inventor,
    shift: Shift,
    places: BTreeMap<String, Place>,
    kept: Kept,
    /// The keys that some type of the vendor has.
    known: Rc<BTreeSet<&'static str>>,
    /// Texts that were replaced as a whole, in lower case.
    originals: Originals,
    /// Written texts that are not public: path and text, in lower case.
    exposed: Vec<(String, String)>,
}

/// The knowledge of the types about the keys of an object.
enum Keys<'k> {
    /// An object whose fields are known.
    Known { owner: &'static str, fields: &'static [Field] },
    /// Free keys, all of the same shape: the keys are data.
    Free(fn() -> Shape),
    /// Nothing is known.
    Unknown,
    /// The envelope: its own keys, and those of the event.
    Envelope {
        owner: &'static str,
        fields: &'static [Field],
        name_keys: [Option<&'k str>; 2],
        payload: (&'k str, Shape),
    },
}

impl<'a> Walk<'a> {
    fn new(text: &'a str, inventor: Inventor, known: Rc<BTreeSet<&'static str>>) -> Self {
        Self {
            tokens: Tokens::of(text),
            out: String::with_capacity(text.len()),
            path: String::new(),
            depth: 0,
            inventor,
            shift: Shift::default(),
            places: BTreeMap::new(),
            kept: Kept::new(),
            known,
            originals: Originals::default(),
            exposed: Vec::new(),
        }
    }

    fn envelope<W: Envelope>(&mut self, name: &str) -> Result<(), Refusal> {
        let listed = W::Event::find(name);
        let keys = Keys::Envelope {
            owner: W::NAME,
            fields: W::fields(),
            name_keys: [Some(W::NAME_KEY), W::OLD_NAME_KEY],
            payload: (W::PAYLOAD_KEY, listed.map_or(Shape::Any, W::Event::payload_shape)),
        };
        let token = self.next();
        match token {
            Some(Token::Open('{')) => self.object(&keys, "")?,
            _ => return self.refuse("it is not a JSON object"),
        }
        while self.next().is_some() {}
        Ok(())
    }

    /// The next token that is not white space. The white space before it is written.
    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            match self.tokens.next()? {
                Token::Between(text) => self.out.push_str(text),
                token => return Some(token),
            }
        }
    }

    fn refuse<R>(&self, reason: &'static str) -> Result<R, Refusal> {
        Err(Refusal { path: self.path.clone(), reason })
    }

    fn exhausted<R>(&self, result: Result<R, Exhausted>) -> Result<R, Refusal> {
        let reason = "there are more different texts of this form than can be invented";
        result.map_err(|Exhausted| Refusal { path: self.path.clone(), reason })
    }

    /// Reads the keys and values of an object, up to its brace.
    fn object(&mut self, keys: &Keys<'_>, near: &str) -> Result<(), Refusal> {
        self.out.push('{');
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.refuse("it is nested too deeply");
        }
        let mut seen = BTreeSet::new();
        while let Some(token) = self.next() {
            let Token::Text(raw) = token else {
                self.out.push('}');
                break;
            };
            let key = unescaped(raw);
            let length = self.path.len();
            let written = self.key(keys, raw, &key)?;
            // Writing to a string cannot fail.
            let _ = write_key(&mut self.path, &written);
            let known = match keys {
                Keys::Known { fields, .. } | Keys::Envelope { fields, .. } => {
                    fields.iter().find(|field| field.answers_to(&key))
                }
                _ => None,
            };
            seen.extend(known.map(|field| field.name));
            let (owner, shape) = match keys {
                Keys::Envelope { payload: (payload, shape), .. } if *payload == key => (None, *shape),
                Keys::Envelope { name_keys, .. } if name_keys.contains(&Some(key.as_str())) => {
                    self.name()?;
                    self.path.truncate(length);
                    continue;
                }
                Keys::Known { owner, .. } | Keys::Envelope { owner, .. } => {
                    (Some(*owner), known.map_or(Shape::Any, |field| (field.shape)()))
                }
                Keys::Free(value) => (None, value()),
                Keys::Unknown => (None, Shape::Any),
            };
            let nearest = if judge::is_field_name(&key) { key.as_str() } else { near };
            let (value, vocabulary) = self.value(shape, nearest)?;
            self.places.insert(self.path.clone(), Place { owner, key: key.clone(), value, vocabulary });
            self.path.truncate(length);
        }
        if let Keys::Known { owner, fields } | Keys::Envelope { owner, fields, .. } = keys {
            for field in fields.iter().filter(|field| !seen.contains(field.name)) {
                let mut path = self.path.clone();
                let _ = write_key(&mut path, field.name);
                let key = field.name.to_owned();
                let place = Place { owner: Some(owner), key, value: Value::Missing, vocabulary: None };
                self.places.insert(path, place);
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// Writes a key and returns it as written.
    fn key(&mut self, keys: &Keys<'_>, raw: &str, key: &str) -> Result<String, Refusal> {
        let public = match keys {
            Keys::Known { fields, .. } => fields.iter().any(|field| field.answers_to(key)),
            Keys::Envelope { fields, name_keys, payload, .. } => {
                fields.iter().any(|field| field.answers_to(key))
                    || name_keys.contains(&Some(key))
                    || payload.0 == key
            }
            _ => false,
        };
        let is_data = matches!(keys, Keys::Free(_)) || (matches!(keys, Keys::Unknown) && judge::is_id(key));
        if public {
            self.out.push_str(raw);
        } else if is_data {
            let written = self.invented(key)?;
            self.write_text(raw, &written);
            return Ok(written);
        } else if judge::is_field_name(key) {
            self.out.push_str(raw);
            self.exposed.push((self.path.clone(), key.to_lowercase()));
            if !self.known.contains(key) && !judge::is_plain_key(key) {
                self.kept.entry(format!("the key {key}")).or_default().push(display(&self.path, key));
            }
        } else {
            return self.refuse("it has a key that looks like data, at a place where the keys are not known");
        }
        Ok(key.to_owned())
    }

    /// Writes the name of the event.
    fn name(&mut self) -> Result<(), Refusal> {
        match self.next() {
            Some(Token::Text(raw)) if judge::is_event_name(&unescaped(raw)) => self.out.push_str(raw),
            // `null` beside an older key of the name counts as missing.
            Some(Token::Word(raw)) => self.out.push_str(raw),
            _ => return self.refuse("it is not a name of an event"),
        }
        Ok(())
    }

    fn value(&mut self, shape: Shape, key: &str) -> Result<(Value, Option<&'static str>), Refusal> {
        let forms = forms(shape);
        let vocabulary = forms.iter().find_map(|form| match form {
            Shape::Vocabulary { name, .. } | Shape::Codes { name, .. } => Some(*name),
            _ => None,
        });
        let value = match self.next() {
            Some(Token::Open('{')) => {
                let keys = forms.iter().find_map(|form| match form {
                    Shape::Object { name, fields, .. } => Some(Keys::Known { owner: name, fields: fields() }),
                    _ => None,
                });
                let free = || {
                    forms.iter().find_map(|form| match form {
                        Shape::Map(value) => Some((Keys::Free(*value), key)),
                        // The number beside an id may be an id too, such as that of an assignee.
                        Shape::MapById(value) => Some((Keys::Free(*value), "id")),
                        _ => None,
                    })
                };
                let keys = keys.map(|keys| (keys, key)).or_else(free);
                let (keys, near) = keys.unwrap_or((Keys::Unknown, key));
                self.object(&keys, near)?;
                Value::Object
            }
            Some(Token::Open(_)) => Value::List(self.list(&forms, key)?),
            Some(Token::Text(raw)) => Value::Text(self.text(raw, &forms, key)?),
            Some(Token::Number(raw)) => self.number(raw, &forms, key)?,
            Some(Token::Word(word)) => {
                self.out.push_str(word);
                if word == "null" { Value::Null } else { Value::Boolean }
            }
            _ => return self.refuse("it is not JSON"),
        };
        Ok((value, vocabulary))
    }

    /// Reads the elements of a list, up to its bracket, and returns the Rust type that all of them have.
    fn list(&mut self, forms: &[Shape], key: &str) -> Result<Option<&'static str>, Refusal> {
        self.out.push('[');
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.refuse("it is nested too deeply");
        }
        let element = forms.iter().find_map(|form| match form {
            Shape::List(element) | Shape::Map(element) | Shape::MapById(element) => Some(*element),
            _ => None,
        });
        let length = self.path.len();
        let mut types = BTreeSet::new();
        for index in 0.. {
            // White space before the bracket is written by `next`, so the end is found by looking ahead.
            let ahead = self.tokens.clone().find(|token| !matches!(token, Token::Between(_)));
            if let None | Some(Token::Close(_)) = ahead {
                self.next();
                self.out.push(']');
                break;
            }
            let _ = write!(self.path, "[{index}]");
            let (value, vocabulary) = self.value(element.map_or(Shape::Any, |element| element()), key)?;
            types.insert(value.rust());
            let place = Place { owner: None, key: key.to_owned(), value, vocabulary };
            self.places.insert(self.path.clone(), place);
            self.path.truncate(length);
        }
        self.depth -= 1;
        Ok(if types.len() == 1 { types.pop_first().flatten() } else { None })
    }

    /// Writes a text and returns it as written.
    fn text(&mut self, raw: &str, forms: &[Shape], key: &str) -> Result<String, Refusal> {
        let text = unescaped(raw);
        let mut listed = None;
        for form in forms {
            match form {
                Shape::Vocabulary { accepts, .. } => listed = Some(accepts(&text)),
                Shape::Boolean if matches!(text.as_str(), "0" | "1" | "true" | "false") => {
                    listed = Some(true);
                }
                _ => {}
            }
        }
        match listed {
            Some(true) => {
                self.out.push_str(raw);
                return Ok(text);
            }
            Some(false) => {
                if !judge::is_vocabulary_value(&text) {
                    return self.refuse("it is not a listed value of the vocabulary, and looks like data");
                }
                self.out.push_str(raw);
                self.exposed.push((self.path.clone(), text.to_lowercase()));
                let key = format!("the value {text}");
                self.kept.entry(key).or_default().push(self.path.clone());
                return Ok(text);
            }
            None => {}
        }
        let is_number = |form: &Shape| {
            matches!(form, Shape::Integer { .. } | Shape::Number | Shape::UnixSeconds | Shape::Codes { .. })
        };
        if forms.iter().any(is_number) && is_plain_number(&text) {
            let written = self.replaced_number(&text, forms, key)?;
            self.write_text(raw, &written);
            return Ok(written);
        }
        if let Some(nested) = self.nested(&text, key)? {
            self.write_text(raw, &nested);
            return Ok(nested);
        }
        let written = self.invented(&text)?;
        self.write_text(raw, &written);
        Ok(written)
    }

    /// JSON inside a text, scrubbed as JSON.
    fn nested(&mut self, text: &str, key: &str) -> Result<Option<String>, Refusal> {
        let is_json = text.starts_with(['{', '[']) && is_well_formed(text);
        if !is_json {
            return Ok(None);
        }
        let text_of_out = std::mem::take(&mut self.out);
        let mut inner = Walk::new(text, std::mem::take(&mut self.inventor), Rc::clone(&self.known));
        inner.shift = self.shift;
        inner.path.clone_from(&self.path);
        inner.depth = self.depth + 1;
        let outcome = inner.value(Shape::Any, key);
        while inner.next().is_some() {}
        let written = std::mem::take(&mut inner.out);
        let Walk { inventor, shift, kept, originals, exposed, .. } = inner;
        self.out = text_of_out;
        self.inventor = inventor;
        self.shift = shift;
        for (what, paths) in kept {
            self.kept.entry(what).or_default().extend(paths);
        }
        self.originals.extend(originals);
        self.exposed.extend(exposed);
        outcome.map(|_| Some(written))
    }

    /// The replacement of a text.
    fn invented(&mut self, text: &str) -> Result<String, Refusal> {
        if let Some(moved) = self.shift.written(text) {
            if moved != text {
                self.note_original(text);
            }
            return Ok(moved);
        }
        let invented = self.inventor.text(text, &mut self.shift);
        let invented = self.exhausted(invented)?;
        if invented.text != text {
            self.note_original(text);
        }
        self.exposed.push((self.path.clone(), invented.free.to_lowercase()));
        Ok(invented.text)
    }

    fn note_original(&mut self, text: &str) {
        if !is_reserved(text) {
            self.originals.insert(text);
        }
    }

    fn number(&mut self, raw: &str, forms: &[Shape], key: &str) -> Result<Value, Refusal> {
        let written = self.replaced_number(raw, forms, key)?;
        self.out.push_str(&written);
        Ok(if written.contains(['.', 'e', 'E']) {
            Value::Decimal
        } else if written.starts_with('-') {
            Value::Negative(written)
        } else {
            Value::Natural(written)
        })
    }

    /// Small numbers are counts and are kept; a number that may be an id or a time is replaced, digit by digit.
    fn replaced_number(&mut self, raw: &str, forms: &[Shape], key: &str) -> Result<String, Refusal> {
        let small = is_small(raw);
        let is_code = forms.iter().any(|form| matches!(form, Shape::Codes { .. }));
        let is_flag = forms.iter().any(|form| matches!(form, Shape::Boolean)) && matches!(raw, "0" | "1");
        // No id has a fraction.
        let is_id = judge::is_id_key(key) && !forms.iter().any(|form| matches!(form, Shape::Number));
        // An id of 0 is the id of nobody.
        if is_flag || raw == "0" || (small && (is_code || !is_id)) {
            return Ok(raw.to_owned());
        }
        let is_time = forms.iter().any(|form| matches!(form, Shape::UnixSeconds)) || judge::is_time_key(key);
        if is_time && let Some(moved) = self.shift.unix(raw) {
            return Ok(moved);
        }
        let (number, exponent) = raw.split_at(raw.find(['e', 'E']).unwrap_or(raw.len()));
        let (whole, fraction) = number.split_at(number.find('.').unwrap_or(number.len()));
        let digits = whole.trim_start_matches('-');
        let sign = if digits.len() < whole.len() { "-" } else { "" };
        let telling = fraction.trim_start_matches('.').trim_end_matches('0');
        let zeros = fraction.len() - fraction.trim_end_matches('0').len();
        let whole = self.inventor.token(digits);
        let whole = self.exhausted(whole)?;
        let telling = self.inventor.token(telling);
        let telling = self.exhausted(telling)?;
        let point = if fraction.is_empty() { "" } else { "." };
        Ok(format!("{sign}{whole}{point}{telling}{}{exponent}", "0".repeat(zeros)))
    }

    /// Writes a text with the same escapes as the original.
    fn write_text(&mut self, raw: &str, text: &str) {
        if unescaped(raw) == text {
            self.out.push_str(raw);
            return;
        }
        let plain = serde_json::Value::from(text).to_string();
        let slashes = raw.contains("\\/");
        let only_ascii = raw.is_ascii() && raw.contains("\\u");
        for letter in plain.chars() {
            match letter {
                '/' if slashes => self.out.push_str("\\/"),
                letter if only_ascii && !letter.is_ascii() => {
                    for unit in letter.encode_utf16(&mut [0; 2]) {
                        let _ = write!(self.out, "\\u{unit:04x}");
                    }
                }
                letter => self.out.push(letter),
            }
        }
    }
}

/// The forms that a value may have.
fn forms(shape: Shape) -> Vec<Shape> {
    match shape {
        Shape::OneOf(alternatives) => alternatives.iter().flat_map(|form| forms(form())).collect(),
        shape => vec![shape],
    }
}

/// The keys of the envelope and of everything below it, for any event.
fn known_keys<W: Envelope>() -> BTreeSet<&'static str> {
    let names = W::Event::CATALOGUE.iter().filter_map(|info| W::Event::find(info.name));
    let mut shapes: Vec<_> = names.map(W::Event::payload_shape).collect();
    shapes.extend(W::fields().iter().map(|field| (field.shape)()));
    let mut keys: BTreeSet<_> = W::fields().iter().map(|field| field.name).collect();
    let mut seen = BTreeSet::new();
    while let Some(shape) = shapes.pop() {
        match shape {
            Shape::Object { name, fields, .. } if seen.insert(name) => {
                for field in fields() {
                    keys.insert(field.name);
                    keys.extend(field.aliases);
                    shapes.push((field.shape)());
                }
            }
            Shape::List(inner) | Shape::Map(inner) | Shape::MapById(inner) => shapes.push(inner()),
            Shape::OneOf(forms) => shapes.extend(forms.iter().map(|form| form())),
            _ => {}
        }
    }
    keys
}

fn unescaped(raw: &str) -> String {
    serde_json::from_str(raw).unwrap_or_default()
}

fn is_well_formed(text: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(text).is_ok()
}

fn is_plain_number(text: &str) -> bool {
    let digits = text.trim_start_matches('-');
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    plain && digits.starts_with(|letter: char| letter.is_ascii_digit()) && text.parse::<f64>().is_ok()
}

/// Whether a number is a count or a measure: at most three digits, and two after the decimal point.
fn is_small(raw: &str) -> bool {
    let number = raw.trim_start_matches('-');
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    plain && whole.len() <= 3 && fraction.trim_end_matches('0').len() <= 2
}

fn display(path: &str, key: &str) -> String {
    let mut path = path.to_owned();
    let _ = write_key(&mut path, key);
    path
}
