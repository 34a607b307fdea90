//! The code that is compared with `serde_json`.

use std::borrow::Cow;

use webhook_core::drift::{self, Decoded, Drift};
use webhook_core::json::{Keys, NotJson, Number, Reader};
use webhook_core::{Authenticated, DecodeError, IdempotencyKey, Wire};

/// The answers that are compared. The tests plant a fault into one of them, to show that the comparison finds it.
///
/// # Errors
///
/// Those of the code under test.
#[expect(clippy::missing_errors_doc, reason = "stated once, for all")]
pub trait Subject {
    /// Whether a text is one JSON value.
    fn accepts(text: &str) -> bool {
        let mut json = Reader::new(text);
        json.skip().is_ok() && json.at_end()
    }

    /// A boolean, in our reader.
    fn boolean(json: &mut Reader<'_>) -> Result<Option<bool>, NotJson> {
        json.boolean()
    }

    /// The spelling of a number.
    fn number<'de>(json: &mut Reader<'de>) -> Result<Option<&'de str>, NotJson> {
        Ok(json.number()?.map(Number::as_str))
    }

    /// An integer from 0.
    fn unsigned(json: &mut Reader<'_>) -> Result<Option<u64>, NotJson> {
        u64::read(json)
    }

    /// An integer.
    fn signed(json: &mut Reader<'_>) -> Result<Option<i64>, NotJson> {
        i64::read(json)
    }

    /// A string.
    fn text<'de>(json: &mut Reader<'de>) -> Result<Option<Cow<'de, str>>, NotJson> {
        json.text()
    }

    /// The next key of an object.
    fn key<'de>(json: &mut Reader<'de>, keys: &mut Keys) -> Result<Option<Cow<'de, str>>, NotJson> {
        json.next_text_key(keys)
    }

    /// The webhook.
    fn decode<W: Authenticated>(body: &[u8]) -> Result<W, DecodeError> {
        W::from_slice(body)
    }

    /// The webhook and its drift, in one pass if there is none.
    fn decode_with_drift<W: Authenticated>(body: &[u8]) -> Result<Decoded<W>, DecodeError> {
        drift::decode(body)
    }

    /// The drift of a body, in a pass of its own.
    fn drift<W: Authenticated>(body: &[u8]) -> Vec<Drift> {
        drift::of::<W>(body)
    }

    /// The key for the detection of repetitions, from the front of the body.
    fn idempotency_key<W: Authenticated>(body: &[u8]) -> IdempotencyKey {
        W::key_of(body)
    }
}

/// The code as it is.
#[derive(Debug)]
pub struct Ours;

impl Subject for Ours {}
