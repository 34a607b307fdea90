//! The bodies that do not decode, and their errors: kind, path and expected value, and no part of the body.

use std::error::Error as _;

use webhook_core::DecodeErrorKind::{self, NoEventName, NoIdentity, NotAnObject, NotJson, NotUtf8, Payload};
use webhook_core::{DecodeError, Delivery};

use crate::invented::{SharedToken as Webhook, Thing};

fn refused(body: &[u8]) -> DecodeError {
    match Webhook::from_slice(body) {
        Err(error) => error,
        Ok(webhook) => panic!("{} became {webhook:?}", String::from_utf8_lossy(body)),
    }
}

#[test]
fn four_kinds_of_bodies_are_refused() {
    let cases: &[(&[u8], DecodeErrorKind, Option<&str>)] = &[
        (b"\xff", NotUtf8, None),
        (b"{\"name\":\"thing.made\",\"payload\":{\"id\":7,\"name\":\"\xff\"}}", NotUtf8, None),
        (b"", NotJson, None),
        (b"{", NotJson, None),
        (b"thing.made", NotJson, None),
        (b"{\"payload\":{}", NotJson, None),
        (br#"{"name":"thing.made","payload":{"id":7}"#, NotJson, Some("thing.made")),
        (br#"{"name":"thing.made","payload":{"id":7}} {}"#, NotJson, Some("thing.made")),
        (br#"{"name":"thing.lost","payload":{"id":}}"#, NotJson, Some("thing.lost")),
        (br#"{"name":"thing.made","payload":{"id":01}}"#, NotJson, Some("thing.made")),
        (b"null", NotAnObject, None),
        (b"[]", NotAnObject, None),
        (br#""thing.made""#, NotAnObject, None),
        (b"7", NotAnObject, None),
        (b"{}", NoEventName, None),
        (br#"{"payload":{"id":7}}"#, NoEventName, None),
        (br#"{"name":null,"payload":{"id":7}}"#, NoEventName, None),
        (br#"{"name":"","payload":{"id":7}}"#, NoEventName, None),
        (br#"{"name":7,"kind":["thing.made"],"payload":{"id":7}}"#, NoEventName, None),
        (br#"{"name":"thing.made"}"#, NoIdentity, Some("thing.made")),
        (br#"{"name":"thing.made","payload":null}"#, NoIdentity, Some("thing.made")),
        (br#"{"name":"thing.made","payload":[]}"#, NoIdentity, Some("thing.made")),
        (br#"{"name":"thing.made","payload":{}}"#, NoIdentity, Some("thing.made")),
        (br#"{"name":"thing.made","payload":{"id":-1}}"#, NoIdentity, Some("thing.made")),
        (br#"{"payload":{"id":"x"},"name":"thing.made"}"#, NoIdentity, Some("thing.made")),
        (br#"{"name":"thing.made","name":"thing.lost","payload":{}}"#, NoIdentity, Some("thing.made")),
    ];
    for (body, kind, event) in cases {
        let error = refused(body);
        let shown = String::from_utf8_lossy(body).into_owned();
        assert_eq!((error.kind(), error.event()), (*kind, *event), "{shown}: {error}");
        assert_eq!(error.vendor(), "invented");
    }
}

#[test]
fn the_path_leads_to_the_identity() {
    let integer = "an integer from 0 to 2^64 - 1";
    for (body, path, expected) in [
        (r#"{"name":"thing.made","payload":{}}"#, "payload.id", integer),
        (r#"{"name":"thing.made","payload":{"id":-1}}"#, "payload.id", integer),
        (r#"{"payload":{"id":-1},"kind":"thing.made"}"#, "payload.id", integer),
        (r#"{"name":"thing.made","payload":[]}"#, "payload.id", integer),
        (r#"{"payload":{"id":7}}"#, "name", "the name of an event as text"),
        (r#"{"name":[],"payload":{"id":7}}"#, "name", "the name of an event as text"),
        ("[]", "", "an object"),
    ] {
        let error = refused(body.as_bytes());
        assert_eq!((error.path(), error.expected()), (path, expected), "{body}");
    }
}

#[test]
fn a_message_is_one_line_for_a_log() {
    for (body, message) in [
        (
            r#"{"name":"thing.made","payload":{}}"#,
            "invented `thing.made` at payload.id: expected an integer from 0 to 2^64 - 1",
        ),
        ("{}", "invented webhook at name: expected the name of an event as text"),
        ("7", "invented webhook: expected an object"),
        ("{", "invented webhook: not well-formed JSON, EOF while parsing an object at line 1 column 1"),
        (
            "{\"name\":\"thing\\nmade\",\n\"payload\":}",
            "invented event that is not listed: not well-formed JSON, expected value at line 2 column 11",
        ),
    ] {
        assert_eq!(refused(body.as_bytes()).to_string(), message);
    }
}

/// For any text of the sender at any place.
#[test]
fn no_message_contains_a_value() {
    let private = "private, expected nothing";
    let text = serde_json::to_string(private).unwrap();
    let bodies = [
        format!(r#"{{"name":"thing.made","payload":{{"id":{text}}}}}"#),
        format!(r#"{{"payload":{{"id":{text}}},"name":"thing.made"}}"#),
        format!(r#"{{"name":"thing.made","payload":{text}}}"#),
        format!(r#"{{"name":[{text}]}}"#),
        format!(r#"{{"kind":7,"name":7,"{private}":1}}"#),
        format!(r#"{{"name":"thing.made","payload":{{"id":7,"name":{text}}},{text}}}"#),
        format!(r#"{{"{private}":1,"name":"thing.made","payload":{{"{private}":1}}}}"#),
        format!("{text} {text}"),
        text.clone(),
        format!("[{text}]"),
        private.to_owned(),
    ];
    for body in bodies {
        let error = refused(body.as_bytes());
        let shown = format!("{error} {error:?} {:?}", error.expected());
        assert!(!shown.contains("private"), "{body}: {shown}");
    }
    // The accessor returns the name as sent.
    assert_eq!(refused(br#"{"name":"private",}"#).event(), Some("private"));
}

#[test]
fn a_payload_is_decoded_as_another_type() {
    let decode = |body: &'static str| Delivery::<Webhook>::from_unverified(body).decode_as::<Thing>();
    assert_eq!(decode(r#"{"name":"thing.copied","payload":{"id":7}}"#).unwrap().id, 7);
    assert_eq!(decode(r#"{"payload":{"id":7},"name":"thing.copied"}"#).unwrap().id, 7);
    assert_eq!(decode(r#"{"payload":{"id":7},"payload":{"id":8}}"#).unwrap().id, 7);
    let error = decode(r#"{"name":"thing.copied","payload":{"id":"private"}}"#).unwrap_err();
    assert_eq!((error.kind(), error.path(), error.event()), (Payload, "payload.id", Some("thing.copied")));
    assert!(!format!("{error}{error:?}").contains("private"));
    assert_eq!(decode(r#"{"name":"thing.copied"}"#).unwrap_err().path(), "payload");
    assert_eq!(decode("[]").unwrap_err().kind(), NotAnObject);
    assert_eq!(decode(r#"{"payload":{"id":7}"#).unwrap_err().kind(), NotJson);
    assert_eq!(decode(r#"{"payload":{"id":7}} {}"#).unwrap_err().kind(), NotJson);
}

#[test]
fn an_error_in_a_type_of_the_user_has_its_path() {
    #[derive(Debug)]
    struct Wordy;

    impl<'de> serde::Deserialize<'de> for Wordy {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let text = String::deserialize(deserializer)?;
            Err(serde::de::Error::custom(format!("{text}, expected {text}")))
        }
    }

    type Lists = std::collections::BTreeMap<String, Vec<Wordy>>;
    let body = r#"{"name":"thing.made","payload":{"a":[],"b":["private"]}}"#;
    let error = Delivery::<Webhook>::from_unverified(body).decode_as::<Lists>().unwrap_err();
    assert_eq!((error.path(), error.expected()), ("payload.b[0]", "a value of the requested type"));
    assert!(!format!("{error}{error:?}").contains("private"));
    // Only the source contains the message of the parser.
    assert!(error.source().unwrap().to_string().contains("private, expected private"));
}
