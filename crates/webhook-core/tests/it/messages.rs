//! What serde says of a value that does not decode, to those who decode without the constructors of an envelope; and
//! what `Debug` shows.

use std::collections::BTreeMap;

use serde::Deserialize as _;
use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use strum::{EnumString, IntoStaticStr, VariantNames};
use webhook_core::lenient::{EmptyAsArray, Iso8601, SpaceSeparated, UnixSeconds};
use webhook_core::wire::WireAs;
use webhook_core::{Code, Delivery, Open, OpenCode, RawJson, Receiver, Secret, Wire};

use crate::invented::{SharedToken as Webhook, Thing};
use crate::{read, read_as};

type Time = chrono::DateTime<chrono::Utc>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
enum Word {
    Known,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Number;

impl Code for Number {
    const CODES: &'static [i64] = &[1];

    fn from_code(code: i64) -> Option<Self> {
        (code == 1).then_some(Self)
    }

    fn code(self) -> i64 {
        1
    }
}

fn message<T: Wire>(json: &str) -> String {
    let message = read::<T>(json).map(drop).unwrap_err().to_string();
    message.split(" at line ").next().unwrap().to_owned()
}

fn message_as<A: WireAs<T>, T>(json: &str) -> String {
    let message = read_as::<A, T>(json).map(drop).unwrap_err().to_string();
    message.split(" at line ").next().unwrap().to_owned()
}

#[test]
fn a_value_of_another_kind_is_told_what_was_expected() {
    let list = "invalid type: sequence, expected ";
    for (message, expected) in [
        (message::<u64>("[]"), "an integer from 0 to 2^64 - 1, or its digits as text"),
        (message::<i64>("[]"), "an integer from -2^63 to 2^63 - 1, or its digits as text"),
        (message::<f64>("[]"), "a number"),
        (message::<bool>("[]"), "true or false, or 1 or 0"),
        (message::<String>("[]"), "text"),
        (message::<Open<Word>>("[]"), "text"),
        (message::<Option<Open<Word>>>("[]"), "text"),
        (message::<OpenCode<Number>>("[]"), "an integer from -2^63 to 2^63 - 1"),
        (message::<Thing>("[]"), "an object"),
        (
            message_as::<UnixSeconds, Time>("[]"),
            "whole seconds since 1970, as a number or its digits, within the calendar",
        ),
        (message_as::<Iso8601, Time>("[]"), "a date and time as text"),
        (message_as::<SpaceSeparated, Time>("[]"), "a date and time as text"),
    ] {
        assert_eq!(message, format!("{list}{expected}"));
    }
    assert_eq!(message::<Vec<u64>>("7"), "invalid type: integer `7`, expected a list or null");
    assert_eq!(
        message_as::<EmptyAsArray, BTreeMap<String, u64>>("7"),
        "invalid type: integer `7`, expected an object, a list or null"
    );
}

#[test]
fn an_envelope_of_another_kind_is_told_what_was_expected() {
    for (body, expected) in [
        ("7", "invalid type: integer `7`, expected an object at line 1 column 1"),
        (r#"{"name":7}"#, "invalid type: integer `7`, expected text at line 1 column 9"),
    ] {
        assert_eq!(serde_json::from_str::<Webhook>(body).unwrap_err().to_string(), expected);
    }
    let list = SeqDeserializer::<_, Error>::new([0_u8].into_iter());
    assert_eq!(
        Webhook::deserialize(list).unwrap_err().to_string(),
        "invalid type: sequence, expected an object"
    );
}

/// Other formats have keys that are no text.
#[test]
fn a_key_that_is_no_text_is_told_so() {
    let map = || MapDeserializer::<_, Error>::new([(7_u8, 7_u8)].into_iter());
    let expected = "invalid type: integer `7`, expected a key";
    assert_eq!(Webhook::deserialize(map()).unwrap_err().to_string(), expected);
    assert_eq!(<Thing as Wire>::decode(map()).unwrap_err().to_string(), expected);
}

#[test]
fn what_is_printed_says_what_it_is() {
    let secret = Secret::new("keep-this-one").unwrap();
    let receiver = Receiver::<Webhook>::new(secret.clone());
    let delivery = Delivery::<Webhook>::from_unverified(r#"{"name":"thing.made"}"#);
    let error = delivery.decode().unwrap_err();
    for (printed, expected) in [
        (format!("{:?}", Webhook::peek(delivery.body()).unwrap()), r#"Peek { name: "thing.made" }"#),
        (
            format!("{error:?}"),
            "DecodeError { kind: Envelope, message: invented `thing.made` at payload: expected a value, .. }",
        ),
        (format!("{receiver:?}"), "Receiver { verifies: true, max_body_bytes: 1000, .. }"),
        (
            format!("{:?}", Receiver::<Webhook>::without_verification()),
            "Receiver { verifies: false, max_body_bytes: 1000, .. }",
        ),
        (format!("{secret:?}"), "Secret(..)"),
        (Secret::new("").unwrap_err().to_string(), "the secret is empty"),
        (format!("{delivery:?}"), "Delivery { bytes: 21, secret_index: None, .. }"),
        (format!("{:?}", read::<RawJson>("[1]").unwrap()), "RawJson(3 bytes)"),
        (
            Webhook::from_slice(b"{").unwrap_err().to_string(),
            "invented webhook: not well-formed JSON, EOF while parsing an object at line 1 column 1",
        ),
    ] {
        assert_eq!(printed, expected);
    }
}
