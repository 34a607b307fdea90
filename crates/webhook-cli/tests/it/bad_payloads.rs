//! Genuine deliveries that are not what the vendor documents: acknowledged as long as they are a JSON object.

use serde_json::Value;

use crate::listener::Listener;
use crate::vendors::{EVERY_SECRET, Vendor};

type Qase = qase_webhooks::Webhook;
type Deepsource = deepsource_webhooks::Webhook;
type Monitorqa = monitorqa_webhooks::Webhook;

/// The status of the answer, and the line that is printed.
fn deliver<W: Vendor>(listener: &Listener, body: impl AsRef<[u8]>) -> (u16, Value) {
    let answer = W::deliver(listener, body.as_ref());
    assert_eq!(answer.body, b"");
    (answer.status, listener.line())
}

#[test]
fn what_is_no_json_object_is_answered_400() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let bodies: [&[u8]; 12] = [
        b"",
        b" ",
        b"null",
        b"1",
        b"\"text\"",
        b"[]",
        b"[{}]",
        b"{",
        b"{\"event_name\":\"run.deleted\"",
        b"{}{}",
        b"<xml/>",
        b"{\"event_name\":\"\xff\"}",
    ];
    for body in bodies {
        let shown = String::from_utf8_lossy(body);
        for (status, line) in [
            deliver::<Qase>(&listener, body),
            deliver::<Deepsource>(&listener, body),
            deliver::<Monitorqa>(&listener, body),
        ] {
            assert_eq!(status, 400, "{shown}");
            assert_eq!((&line["decoded"], &line["webhook"]), (&Value::Bool(false), &Value::Null), "{shown}");
            assert!(line["error"]["message"].is_string(), "{shown}");
        }
    }
}

#[test]
fn what_does_not_decode_is_acknowledged() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let bodies = [
        "{}",
        r#"{"event_name":null}"#,
        r#"{"event_name":"run.deleted"}"#,
        r#"{"event_name":"run.deleted","timestamp":1,"payload":{"id":{}}}"#,
        r#"{"event_name":"run.deleted","timestamp":1,"payload":{"id":99999999999999999999999}}"#,
    ];
    for body in bodies {
        let (status, line) = deliver::<Qase>(&listener, body);
        assert_eq!((status, &line["decoded"]), (200, &Value::Bool(false)), "{body}");
    }
    for body in ["{}", r#"{"event":"x","type":[]}"#, r#"{"type":1,"data":2}"#] {
        assert_eq!(deliver::<Deepsource>(&listener, body).0, 200, "{body}");
        assert_eq!(deliver::<Monitorqa>(&listener, body).0, 200, "{body}");
    }
}

#[test]
fn a_value_that_does_not_fit_is_drift_and_the_rest_is_decoded() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let body = r#"{"event_name":"run.deleted","timestamp":"never","payload":{"id":1}}"#;
    let (status, line) = deliver::<Qase>(&listener, body);
    assert_eq!((status, &line["decoded"]), (200, &Value::Bool(true)), "{line}");
    assert_eq!(line["drift"][0]["path"], "timestamp", "{line}");
    assert_eq!(line["webhook"]["payload"]["id"], 1);
}

/// The parser gives up on these, and they are JSON objects all the same.
#[test]
fn what_the_parser_cannot_hold_is_acknowledged() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let steps = |depth: usize| {
        let nested = format!("{}[]{}", r#"[{"steps":"#.repeat(depth), "}]".repeat(depth));
        format!(r#"{{"event_name":"case.created","timestamp":1,"payload":{{"id":1,"steps":{nested}}}}}"#)
    };
    let brackets = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let bodies = [
        r#"{"event_name":"run.deleted","timestamp":1e999,"payload":{"id":1}}"#.to_owned(),
        r#"{"event_name":"run.deleted","timestamp":1,"payload":{"id":1e999}}"#.to_owned(),
        r#"{"event_name":"case.created","timestamp":1,"payload":{"id":1,"title":"\ud800"}}"#.to_owned(),
        r#"{"event_name":"\ud800","timestamp":1,"payload":{"id":1}}"#.to_owned(),
        steps(200),
        steps(20_000),
        format!(r#"{{"event_name":"run.deleted","timestamp":1,"payload":{{"id":1,"new":{brackets}}}}}"#),
        format!(r#"{{"event_name":"brand.new","timestamp":1,"payload":{brackets}}}"#),
        format!(r#"{{"payload":{brackets},"event_name":"brand.new"}}"#),
    ];
    for body in bodies {
        let start = body.get(..80).unwrap_or(&body);
        assert_eq!(Qase::deliver(&listener, body.as_bytes()).status, 200, "{start}");
        assert!(listener.text().starts_with('{'), "{start}");
    }
}

#[test]
fn an_event_that_nobody_lists_is_acknowledged_and_printed_raw() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let body = "{\"event_name\":\"brand.new\",\"timestamp\":1,\"payload\":{\n \"a\": [1,\n 2]}}";
    let (status, line) = deliver::<Qase>(&listener, body);
    assert_eq!(status, 200);
    assert_eq!(
        (&line["event"], &line["listed"], &line["decoded"]),
        (&"brand.new".into(), &false.into(), &true.into())
    );
    assert_eq!(line["webhook"]["payload"], serde_json::json!({"a": [1, 2]}));
}
