//! Comparison with `serde_json`: acceptance, values, errors of envelopes, and written JSON.

use std::borrow::Cow;
use std::fmt::{self, Debug};

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use webhook_core::json::{JsonKind, NotJson, Reader};
use webhook_core::{Authenticated, DecodeErrorKind, IdempotencyKey, Wire, drift};

/// What a body turned out to be, where nothing differs.
#[derive(Default)]
pub struct Verdict {
    /// `serde_json` accepts it.
    pub json: bool,
    /// It is a webhook.
    pub decoded: bool,
    /// It was also read in another spelling.
    pub respelled: bool,
}

/// Holds a body against `serde_json`.
///
/// # Errors
///
/// The difference, in words.
pub fn check<W: Authenticated + PartialEq + Debug>(body: &[u8]) -> Result<Verdict, String> {
    let decoded = W::from_slice(body);
    let kind = decoded.as_ref().err().map(webhook_core::DecodeError::kind);
    let expect = |expected: DecodeErrorKind| match kind == Some(expected) {
        true => Ok(Verdict::default()),
        false => Err(format!("{expected:?} is {kind:?}")),
    };
    let Ok(text) = std::str::from_utf8(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)) else {
        return expect(DecodeErrorKind::NotUtf8);
    };
    let accepted = serde_json::from_str::<IgnoredAny>(text).is_ok();
    let mut skipping = Reader::new(text);
    if (skipping.skip().is_ok() && skipping.at_end()) != accepted {
        return Err(format!("serde_json accepts: {accepted}"));
    }
    if !accepted {
        return expect(DecodeErrorKind::NotJson);
    }
    values(text)?;
    match (envelope::<W>(text), &decoded) {
        (None, _) => expect(DecodeErrorKind::NotAnObject)?,
        (Some(None), _) => expect(DecodeErrorKind::NoEventName)?,
        (Some(Some(name)), Ok(webhook)) if webhook.name() == name => Verdict::default(),
        (Some(Some(name)), Err(error)) if error.event() == Some(&name) => {
            expect(DecodeErrorKind::NoIdentity)?
        }
        (Some(Some(name)), _) => return Err(format!("another name than {name:?}: {decoded:?}")),
    };
    // What costs more than all the rest is done for one body out of four.
    let respelled = body.len() % 4 == 0;
    if let Ok(webhook) = &decoded {
        named_the_same(webhook, body)?;
        if respelled {
            comes_back(webhook, text)?;
        }
    }
    if respelled {
        reads_the_same::<W>(text, &decoded)?;
    }
    Ok(Verdict { json: true, decoded: decoded.is_ok(), respelled })
}

/// What is written can be read, and says the same then.
fn comes_back<W: Authenticated + PartialEq + Debug>(webhook: &W, text: &str) -> Result<(), String> {
    let written = serde_json::to_vec(webhook).map_err(|error| format!("cannot be written: {error}"))?;
    let again =
        W::from_slice(&written).map_err(|error| format!("what was written cannot be read: {error}"))?;
    let rewritten =
        serde_json::to_vec(&again).map_err(|error| format!("cannot be written again: {error}"))?;
    if has_fraction(text) {
        // A decimal is rounded once, when it is read the first time.
        let third = W::from_slice(&rewritten).map_err(|error| error.to_string())?;
        return if third == again { Ok(()) } else { Err("a decimal changes each time".to_owned()) };
    }
    if again == *webhook && rewritten == written {
        Ok(())
    } else {
        Err(format!("comes back as {}", String::from_utf8_lossy(&rewritten)))
    }
}

/// The front of the body says the name and the id that the whole body says.
fn named_the_same<W: Authenticated>(webhook: &W, body: &[u8]) -> Result<(), String> {
    match W::peek(body) {
        Ok(front) if front.name() == webhook.name() => {}
        // A name that comes later, or under the preferred key, counts.
        Ok(_) if W::OLD_NAME_KEY.is_some() => {}
        other => return Err(format!("the front says {other:?}")),
    }
    let (key, expected) = (W::key_of(body), webhook.event_id().map(IdempotencyKey::vendor));
    let expected = expected.unwrap_or_else(|| IdempotencyKey::fingerprint(body));
    if key == expected { Ok(()) } else { Err(format!("the key is {key:?}, the id {:?}", webhook.event_id())) }
}

/// White space, and a letter of each text as its number, change nothing: neither what is decoded, nor what is found.
fn reads_the_same<W: Authenticated>(
    text: &str,
    decoded: &Result<W, webhook_core::DecodeError>,
) -> Result<(), String> {
    let other = respelled(text);
    match (decoded, W::from_slice(other.as_bytes())) {
        (Ok(decoded), Ok(respelled)) => {
            // JSON that is kept as it came may hold what no value can: numbers out of range, half a surrogate pair.
            let [decoded, respelled] =
                [decoded, &respelled].map(|webhook| serde_json::to_value(webhook).ok());
            if decoded != respelled {
                return Err(format!("respelled it is {respelled:?}"));
            }
        }
        (Err(error), Err(respelled)) => {
            if (error.kind(), error.path(), error.event())
                != (respelled.kind(), respelled.path(), respelled.event())
            {
                return Err(format!("respelled it is refused otherwise: {respelled}"));
            }
        }
        (decoded, _) => return Err(format!("respelled it does not decode as before: {}", decoded.is_ok())),
    }
    let (found, respelled) = (drift::of::<W>(text.as_bytes()), drift::of::<W>(other.as_bytes()));
    if found == respelled { Ok(()) } else { Err(format!("drift {found:?}, respelled {respelled:?}")) }
}

/// The same JSON with other white space and escapes.
fn respelled(text: &str) -> String {
    let mut other = String::with_capacity(text.len() * 2);
    let mut characters = text.chars().peekable();
    let mut in_text = false;
    while let Some(character) = characters.next() {
        match character {
            '"' if !in_text => {
                in_text = true;
                other.push('"');
                if let Some(first) = characters.next_if(char::is_ascii_alphanumeric) {
                    other.push_str(&format!("\\u{:04X}", u32::from(first)));
                }
            }
            '"' => {
                in_text = false;
                other.push('"');
            }
            '\\' if in_text => {
                other.push('\\');
                other.extend(characters.next());
            }
            ':' | ',' | '}' | ']' if !in_text => {
                other.push_str("\n ");
                other.push(character);
                other.push('\t');
            }
            _ => other.push(character),
        }
    }
    other
}

/// The name that an envelope says, by `serde_json`: the first usable one, under the preferred key if there is one.
/// `None` where there is no object.
fn envelope<W: Authenticated>(text: &str) -> Option<Option<String>> {
    struct Names<'a>([&'a [u8]; 2]);

    impl<'de> Visitor<'de> for Names<'_> {
        type Value = [Option<String>; 2];

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut names = [None, None];
            while let Some(key) = map.next_key_seed(Bytes)? {
                let value: &RawValue = map.next_value()?;
                for (name, wanted) in names.iter_mut().zip(self.0) {
                    if *key == *wanted && name.is_none() {
                        *name =
                            serde_json::from_str::<String>(value.get()).ok().filter(|name| !name.is_empty());
                    }
                }
            }
            Ok(names)
        }
    }

    let keys = [W::NAME_KEY, W::OLD_NAME_KEY.unwrap_or("\0")].map(str::as_bytes);
    let [name, old] = serde_json::Deserializer::from_str(text).deserialize_map(Names(keys)).ok()?;
    Some(name.or(old))
}

/// The same values, read by both at once.
fn values(text: &str) -> Result<(), String> {
    let mut reader = Reader::new(text);
    let mut json = serde_json::Deserializer::from_str(text);
    Same(&mut reader).deserialize(&mut json).map_err(|error| format!("a value differs: {error}"))?;
    if reader.at_end() { Ok(()) } else { Err("the reader stopped early".to_owned()) }
}

/// Reads a value as our reader sees it, and compares.
struct Same<'a, 'de>(&'a mut Reader<'de>);

fn differs<E: Error>(what: &str) -> E {
    E::custom(what)
}

fn broken<E: Error>(_: NotJson) -> E {
    differs("refused")
}

impl<'de> DeserializeSeed<'de> for Same<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        match self.0.kind().map_err(broken)? {
            JsonKind::Null => {
                self.0.take_null().map_err(broken)?;
                serde::Deserialize::deserialize(json)
            }
            JsonKind::Boolean => {
                let ours = self.0.boolean().map_err(broken)?;
                let theirs: bool = serde::Deserialize::deserialize(json)?;
                if ours == Some(theirs) { Ok(()) } else { Err(differs("a boolean")) }
            }
            JsonKind::Number => {
                let [mut unsigned, mut signed] = [self.0.clone(), self.0.clone()];
                let ours = self.0.number().map_err(broken)?.map(|number| number.as_str());
                let theirs: &RawValue = serde::Deserialize::deserialize(json)?;
                if ours != Some(theirs.get()) {
                    return Err(differs("a number"));
                }
                // `serde_json` reads integers by their digits alone; ours also reads a whole decimal as an integer.
                let unsigned = u64::read(&mut unsigned).map_err(broken)?;
                let signed = i64::read(&mut signed).map_err(broken)?;
                let digits = theirs.get();
                if !has_fraction(digits)
                    && (unsigned != integer(digits) || signed != integer(digits))
                {
                    return Err(differs("an integer"));
                }
                Ok(())
            }
            JsonKind::String => {
                let ours = self.0.text().map_err(broken)?;
                let theirs = Bytes.deserialize(json)?;
                let theirs = std::str::from_utf8(&theirs).ok();
                if ours.as_deref() == theirs { Ok(()) } else { Err(differs("a text")) }
            }
            JsonKind::Array => json.deserialize_seq(self),
            _ => json.deserialize_map(self),
        }
    }
}

impl<'de> Visitor<'de> for Same<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or an object")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut theirs: A) -> Result<(), A::Error> {
        let mut list = self.0.list().map_err(broken)?.ok_or_else(|| differs("a list"))?;
        while self.0.next_element(&mut list).map_err(broken)? {
            theirs
                .next_element_seed(Same(self.0))?
                .ok_or_else(|| differs::<A::Error>("too many elements"))?;
        }
        if theirs.next_element::<IgnoredAny>()?.is_some() { Err(differs("too few elements")) } else { Ok(()) }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut theirs: A) -> Result<(), A::Error> {
        let mut keys = self.0.object().map_err(broken)?.ok_or_else(|| differs("an object"))?;
        while let Some(ours) = self.0.next_text_key(&mut keys).map_err(broken)? {
            let key = theirs.next_key_seed(Bytes)?.ok_or_else(|| differs::<A::Error>("too many keys"))?;
            if *ours.as_bytes() != *without_surrogates(key) {
                return Err(differs("a key"));
            }
            theirs.next_value_seed(Same(self.0))?;
        }
        if theirs.next_key_seed(Bytes)?.is_some() { Err(differs("too few keys")) } else { Ok(()) }
    }
}

/// A text as bytes, in which `serde_json` lets a lone surrogate be.
struct Bytes;

impl<'de> DeserializeSeed<'de> for Bytes {
    type Value = Cow<'de, [u8]>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_bytes(self)
    }
}

impl<'de> Visitor<'de> for Bytes {
    type Value = Cow<'de, [u8]>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(bytes))
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        Ok(Cow::Owned(bytes.to_vec()))
    }
}

/// A lone surrogate in a key is U+FFFD for the reader.
fn without_surrogates(mut key: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    for at in 0..key.len().saturating_sub(2) {
        if key[at] == 0xED && key[at + 1] >= 0xA0 {
            key.to_mut()[at..at + 3].copy_from_slice("\u{fffd}".as_bytes());
        }
    }
    key
}

/// An integer by `serde_json`; `-0` is an integer for our reader.
fn integer<N: DeserializeOwned + Default>(digits: &str) -> Option<N> {
    if digits == "-0" { Some(N::default()) } else { serde_json::from_str(digits).ok() }
}

fn has_fraction(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| pair[0].is_ascii_digit() && matches!(pair[1], b'.' | b'e' | b'E'))
}
