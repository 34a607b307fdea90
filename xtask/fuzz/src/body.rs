//! What must hold for any bytes that arrive as a body.

use std::fmt::{self, Debug};
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Deserializer as _, MapAccess, Visitor};
use serde_json::Value;
use webhook_core::drift::MAX_FINDINGS;
use webhook_core::{Authenticated, DecodeError, DecodeErrorKind, Delivery, IdempotencyKey};

/// Decoding: an envelope that can be written and read again, or an error that says where.
pub fn decode<W: Authenticated + DeserializeOwned + PartialEq + Debug>(body: &[u8]) {
    match W::from_slice(body) {
        Ok(webhook) => {
            assert_eq!(W::peek(body).expect("what decodes has a name").name(), webhook.name());
            let written = serde_json::to_vec(&webhook).expect("what was read can be written");
            let again = W::from_slice(&written).expect("what was written can be read");
            // A decimal may change in its last digit when it is read the first time, and not after that.
            assert_eq!(serde_json::to_vec(&again).expect("written before").len(), written.len());
            assert_eq!(again.name(), webhook.name());
            if !has_fraction(body) {
                assert_eq!(again, webhook);
            }
        }
        Err(error) => {
            explains::<W>(&error, body);
        }
    }
}

/// Reading the front: the name whenever the body says it, never another one.
pub fn peek<W: Authenticated>(body: &[u8]) {
    let key = W::key_of(body);
    if let IdempotencyKey::Vendor(id) = &key {
        assert!(W::ID_KEY.is_some() && !id.is_empty());
    }
    match W::peek(body) {
        Ok(front) => {
            if let Some(entries) = entries(body) {
                assert_eq!(Some(front.name()), name_of::<W>(&entries));
            }
        }
        Err(error) => {
            explains::<W>(&error, body);
            if let Some(entries) = entries(body) {
                assert_eq!(name_of::<W>(&entries), None, "the name was overlooked");
            }
        }
    }
}

/// Drift: bounded, each finding somewhere, in every place where the decoder goes and others.
pub fn drift<W: Authenticated>(body: &[u8]) {
    let findings = Delivery::<W>::from_unverified(body.to_vec()).drift();
    assert!(findings.len() <= MAX_FINDINGS);
    for finding in findings {
        assert!(!finding.path.is_empty() && !finding.path.contains(char::is_control));
    }
}

/// An error says where in the body, or is about the body as a whole; and it is one line that repeats no more of the
/// body than keys.
fn explains<W: Authenticated>(error: &DecodeError, body: &[u8]) {
    let whole = matches!(
        error.kind(),
        DecodeErrorKind::NotUtf8 | DecodeErrorKind::NotJson | DecodeErrorKind::NotAnObject
    );
    let text = error.to_string();
    assert!(whole || !error.path().is_empty(), "{text}");
    assert!(!error.expected().is_empty());
    assert!(!text.contains(char::is_control), "{text:?}");
    assert!(text.len() <= 300 + 10 * body.len());
    let Some(entries) = entries(body) else { return };
    assert!(!whole, "{text} for an object");
    assert_eq!(error.event(), name_of::<W>(&entries), "{text}");
}

/// The name in an envelope: the first text that is not empty, under the present key if it is there.
fn name_of<'a, W: Authenticated>(entries: &'a [(String, Value)]) -> Option<&'a str> {
    let usable = |wanted: &str| {
        let mut values = entries.iter().filter(|(key, _)| key == wanted).map(|(_, value)| value);
        values.find_map(|value| value.as_str().filter(|name| !name.is_empty()))
    };
    usable(W::NAME_KEY).or_else(|| W::OLD_NAME_KEY.and_then(usable))
}

/// The entries of a JSON object with their order and their repetitions; `None` for anything else.
fn entries(body: &[u8]) -> Option<Vec<(String, Value)>> {
    struct Entries(PhantomData<()>);

    impl<'de> Visitor<'de> for Entries {
        type Value = Vec<(String, Value)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut entries = Vec::new();
            while let Some(entry) = map.next_entry()? {
                entries.push(entry);
            }
            Ok(entries)
        }
    }

    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let entries = deserializer.deserialize_map(Entries(PhantomData)).ok()?;
    deserializer.end().is_ok().then_some(entries)
}

fn has_fraction(body: &[u8]) -> bool {
    body.windows(2).any(|pair| pair[0].is_ascii_digit() && matches!(pair[1], b'.' | b'e' | b'E'))
}
