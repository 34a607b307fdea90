//! An error says what is wrong, where, and what was expected, and repeats nothing of the body.

use std::error::Error as _;

use webhook_core::DecodeErrorKind::{self, Envelope, NoEventName, NotAnObject, NotJson, NotUtf8, Payload};
use webhook_core::{DecodeError, Delivery};

use crate::invented::{SharedToken as Webhook, Thing};

fn refused(body: &[u8]) -> DecodeError {
    match Webhook::from_slice(body) {
        Err(error) => error,
        Ok(webhook) => panic!("{} became {webhook:?}", String::from_utf8_lossy(body)),
    }
}

#[test]
fn every_kind_is_told_apart() {
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
        (br#"{"name":"thing.made","payload":{"id":7,"name":"\ud800"}}"#, NotJson, Some("thing.made")),
        (b"null", NotAnObject, None),
        (b"[]", NotAnObject, None),
        (br#""thing.made""#, NotAnObject, None),
        (b"7", NotAnObject, None),
        (b"{}", NoEventName, None),
        (br#"{"payload":{"id":7}}"#, NoEventName, None),
        (br#"{"name":null,"payload":{"id":7}}"#, NoEventName, None),
        (br#"{"name":7,"kind":"thing.made","payload":{"id":7}}"#, NoEventName, None),
        (br#"{"name":"thing.made","at":"soon","payload":{"id":7}}"#, Envelope, Some("thing.made")),
        (br#"{"name":"thing.made"}"#, Envelope, Some("thing.made")),
        (br#"{"name":"thing.made","payload":null}"#, Payload, Some("thing.made")),
        (br#"{"name":"thing.made","payload":{}}"#, Payload, Some("thing.made")),
        (br#"{"name":"thing.lost","id":7}"#, Envelope, Some("thing.lost")),
    ];
    for (body, kind, event) in cases {
        let error = refused(body);
        let shown = String::from_utf8_lossy(body).into_owned();
        assert_eq!((error.kind(), error.event()), (*kind, *event), "{shown}: {error}");
    }
}

#[test]
fn the_path_leads_to_the_value() {
    for (body, path, expected) in [
        (r#"{"name":"thing.made","payload":{}}"#, "payload.id", "a value"),
        (
            r#"{"name":"thing.made","payload":{"id":-1}}"#,
            "payload.id",
            "an integer from 0 to 2^64 - 1, or its digits as text",
        ),
        (r#"{"name":"thing.made","payload":{"id":7,"name":7}}"#, "payload.name", "text"),
        (r#"{"name":"thing.made","payload":[]}"#, "payload", "an object"),
        (
            r#"{"name":"things.forgotten","payload":[1,2,true]}"#,
            "payload[2]",
            "an integer from 0 to 2^64 - 1, or its digits as text",
        ),
        (r#"{"name":"things.forgotten","payload":{}}"#, "payload", "a list or null"),
        (r#"{"name":"thing.made","id":{},"payload":{"id":7}}"#, "id", "text"),
        (r#"{"payload":{"id":7}}"#, "name", "the name of an event as text"),
        (r#"{"name":[],"payload":{"id":7}}"#, "name", "the name of an event as text"),
        ("[]", "", "an object"),
    ] {
        let error = refused(body.as_bytes());
        assert_eq!((error.path(), error.expected()), (path, expected), "{body}");
    }
}

#[test]
fn a_payload_before_its_name_has_the_same_paths() {
    for (front, back) in [
        (r#"{"name":"thing.made","payload":{}}"#, r#"{"payload":{},"name":"thing.made"}"#),
        (r#"{"name":"thing.made","payload":{"id":"x"}}"#, r#"{"payload":{"id":"x"},"name":"thing.made"}"#),
        (r#"{"name":"thing.made","payload":[]}"#, r#"{"payload":[],"kind":"thing.made"}"#),
        (r#"{"name":"things.forgotten","payload":[-1]}"#, r#"{"payload":[-1],"name":"things.forgotten"}"#),
    ] {
        let [front, back] = [front, back].map(|body| refused(body.as_bytes()));
        assert_eq!(back.to_string(), front.to_string());
        assert_eq!((back.kind(), back.path()), (front.kind(), front.path()));
    }
}

#[test]
fn a_message_is_a_sentence_for_a_log() {
    for (body, message) in [
        (r#"{"name":"thing.made","payload":{}}"#, "invented `thing.made` at payload.id: expected a value"),
        (
            r#"{"name":"thing.lost","at":"soon"}"#,
            "invented event that is not listed at at: expected whole seconds since 1970, as a number or its digits, within the calendar",
        ),
        ("{}", "invented webhook at name: expected the name of an event as text"),
        ("7", "invented webhook: expected an object"),
    ] {
        assert_eq!(refused(body.as_bytes()).to_string(), message);
    }
}

/// Whatever the sender writes, and wherever.
#[test]
fn no_value_is_repeated() {
    let private = "private, expected nothing";
    let text = serde_json::to_string(private).unwrap();
    let bodies = [
        format!(r#"{{"name":"thing.made","payload":{{"id":{text}}}}}"#),
        format!(r#"{{"payload":{{"id":{text}}},"name":"thing.made"}}"#),
        format!(r#"{{"name":"thing.made","payload":{text}}}"#),
        format!(r#"{{"name":"things.forgotten","payload":[{text}]}}"#),
        format!(r#"{{"name":"things.forgotten","payload":{text}}}"#),
        format!(r#"{{"name":"thing.made","at":{text},"payload":{{"id":7}}}}"#),
        format!(r#"{{"name":{text},"at":{text}}}"#),
        format!(r#"{{"name":{text},"id":7}}"#),
        format!(r#"{{"name":[{text}]}}"#),
        format!(r#"{{"kind":{text},"name":7}}"#),
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
    let number = refused(br#"{"name":"thing.made","payload":{"id":-987654321}}"#);
    assert!(!format!("{number} {number:?}").contains("987654321"));
    // Those who ask get the message of the parser, and the name as it came.
    assert!(number.source().unwrap().to_string().contains("987654321"));
    assert_eq!(refused(br#"{"name":"private","id":7}"#).event(), Some("private"));
}

#[test]
fn a_message_stays_on_one_line() {
    for body in [
        "{\"name\":\"thing\\nmade\",\"id\":7}".to_owned(),
        "{\"name\":\"thing.made\",\"payload\":{\"id\":\"a\\nb\"}}".to_owned(),
        "{\"name\":\"thing.made\",\n\"payload\":\n}".to_owned(),
    ] {
        let error = refused(body.as_bytes());
        assert!(!format!("{error}{error:?}").contains('\n'), "{error}");
    }
}

#[test]
fn a_payload_decoded_as_another_type_has_the_same_errors() {
    let decode = |body: &'static str| Delivery::<Webhook>::from_unverified(body).decode_as::<Thing>();
    assert_eq!(decode(r#"{"name":"thing.copied","payload":{"id":7}}"#).unwrap().id, 7);
    assert_eq!(decode(r#"{"payload":{"id":7},"name":"thing.copied"}"#).unwrap().id, 7);
    let error = decode(r#"{"name":"thing.copied","payload":{"id":"private"}}"#).unwrap_err();
    assert_eq!((error.kind(), error.path(), error.event()), (Payload, "payload.id", Some("thing.copied")));
    assert!(!format!("{error}{error:?}").contains("private"));
    assert_eq!(decode(r#"{"name":"thing.copied"}"#).unwrap_err().path(), "payload");
    assert_eq!(decode(r#"{"payload":{"id":7},"payload":{"id":7}}"#).unwrap_err().expected(), "the key once");
    assert_eq!(decode("[]").unwrap_err().kind(), NotAnObject);
    assert_eq!(decode(r#"{"payload":{"id":7},"payload":{"id":7}}"#).unwrap_err().kind(), Envelope);
    assert_eq!(decode(r#"{"payload":{"id":7}"#).unwrap_err().kind(), NotJson);
}

/// A type of the user's may say what it wants; its words are in the source, and nowhere else.
#[test]
fn the_words_of_a_users_type_are_not_passed_on() {
    #[derive(Debug)]
    struct Wordy;

    impl<'de> serde::Deserialize<'de> for Wordy {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let text = String::deserialize(deserializer)?;
            Err(serde::de::Error::custom(format!("{text}, expected {text}")))
        }
    }

    let body = r#"{"name":"thing.made","payload":"private"}"#;
    let error = Delivery::<Webhook>::from_unverified(body).decode_as::<Wordy>().unwrap_err();
    assert_eq!((error.path(), error.expected()), ("payload", "another form"));
    assert!(!format!("{error}{error:?}").contains("private"));
    assert!(error.source().unwrap().to_string().contains("private, expected private"));
}

#[test]
fn the_source_is_what_the_parser_found() {
    let source = |error: DecodeError| error.source().unwrap().to_string();
    let peeked = |body: &'static str| source(Webhook::peek(body.as_bytes()).unwrap_err());
    assert_eq!(peeked("[]"), "invalid type: sequence, expected an object at line 1 column 0");
    assert_eq!(peeked(r#"{"name":7}"#), "invalid type: integer `7`, expected text at line 1 column 9");
    let payload = |body: &'static str| {
        source(Delivery::<Webhook>::from_unverified(body).decode_as::<Thing>().unwrap_err())
    };
    assert_eq!(payload("[]"), "invalid type: sequence, expected an object at line 1 column 0");
    assert_eq!(
        payload(r#"{"payload":[]}"#),
        "invalid type: sequence, expected an object at line 1 column 11"
    );
}
