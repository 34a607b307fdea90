//! One pass over an envelope, for any order of its keys.

use std::thread;

use chrono::DateTime;
use webhook_core::{Envelope, Standing};

use crate::invented::{Event, EventName, SharedToken as Webhook};

fn webhook(body: &str) -> Webhook {
    Webhook::from_slice(body.as_bytes()).unwrap_or_else(|error| panic!("{body}: {error}"))
}

/// The id of the thing that was made.
fn made(body: &str) -> u64 {
    match webhook(body).event {
        Event::ThingMade(thing) => thing.id,
        other => panic!("{body}: {other:?}"),
    }
}

/// The name and the payload of an event that is not listed.
fn unlisted(body: &str) -> (String, String) {
    match webhook(body).event {
        Event::Unlisted(event) => (event.name().to_owned(), event.payload().get().to_owned()),
        other => panic!("{body}: {other:?}"),
    }
}

#[test]
fn the_keys_come_in_any_order() {
    for body in [
        r#"{"name":"thing.made","payload":{"id":7}}"#,
        r#"{"payload":{"id":7},"name":"thing.made"}"#,
        r#"{"payload":{"id":7},"at":0,"name":"thing.made","id":"e-1"}"#,
        r#" { "new" : [ { } ] , "payload" : { "id" : "7" , "new" : 1 } , "name" : "thing.made" } "#,
    ] {
        assert_eq!(made(body), 7, "{body}");
    }
}

#[test]
fn the_fields_are_beside_the_event() {
    let webhook = webhook(r#"{"name":"thing.made","at":"1770830431","payload":{"id":7},"id":"e-1"}"#);
    assert_eq!(webhook.occurred_at(), DateTime::from_timestamp(1_770_830_431, 0));
    assert_eq!((webhook.event_id(), webhook.account()), (Some("e-1"), None));
    assert_eq!((Envelope::name(&webhook), webhook.name()), ("thing.made", "thing.made"));
}

#[test]
fn the_old_key_of_the_name_is_used_only_without_the_new_one() {
    for body in [
        r#"{"kind":"thing.made","payload":{"id":7}}"#,
        r#"{"payload":{"id":7},"kind":"thing.made"}"#,
        r#"{"kind":"thing.lost","name":"thing.made","payload":{"id":7}}"#,
        r#"{"name":"thing.made","kind":"thing.lost","payload":{"id":7}}"#,
        r#"{"kind":"thing.lost","payload":{"id":7},"name":"thing.made"}"#,
        r#"{"name":"thing.made","payload":{"id":7},"kind":"thing.lost"}"#,
        r#"{"kind":null,"name":"thing.made","payload":{"id":7}}"#,
        r#"{"kind":["thing.lost"],"name":"thing.made","payload":{"id":7}}"#,
        r#"{"kind":{"of":1.5},"payload":{"id":7},"name":"thing.made"}"#,
        r#"{"name":"thing.made","payload":{"id":7},"kind":3}"#,
    ] {
        assert_eq!(made(body), 7, "{body}");
        assert_eq!(Webhook::peek(body.as_bytes()).unwrap().name(), "thing.made", "{body}");
    }
}

#[test]
fn a_name_and_a_key_may_be_escaped() {
    for body in [
        r#"{"name":"thing\u002emade","payload":{"id":7}}"#,
        r#"{"kind":"thing\u002emade","payload":{"id":7}}"#,
        r#"{"n\u0061me":"thing.made","p\u0061yload":{"\u0069d":7}}"#,
        r#"{"p\u0061yload":{"id":7},"name":"\u0074hing.made"}"#,
    ] {
        assert_eq!(made(body), 7, "{body}");
        assert_eq!(Webhook::peek(body.as_bytes()).unwrap().name(), "thing.made", "{body}");
    }
    let (name, _) = unlisted(r#"{"name":"thing\n\ud83e\udd80","payload":1}"#);
    assert_eq!(name, "thing\n🦀");
}

#[test]
fn the_first_of_repeated_names_and_payloads_is_used() {
    for body in [
        r#"{"name":"thing.made","name":"thing.lost","payload":{"id":7}}"#,
        r#"{"name":"thing.made","payload":{"id":7},"name":"things.forgotten"}"#,
        r#"{"name":"thing.made","payload":{"id":7},"payload":{"id":8}}"#,
        r#"{"payload":{"id":7},"payload":{"id":8},"name":"thing.made"}"#,
        r#"{"name":null,"payload":{"id":7},"name":"thing.made"}"#,
        r#"{"name":"","payload":{"id":7},"name":"thing.made"}"#,
        r#"{"name":"","payload":{"id":7},"kind":"thing.made"}"#,
    ] {
        assert_eq!(made(body), 7, "{body}");
        assert_eq!(Webhook::peek(body.as_bytes()).unwrap().name(), "thing.made", "{body}");
    }
}

#[test]
fn unusable_fields_beside_the_event_are_none() {
    for body in [
        r#"{"name":"thing.made","at":"soon","payload":{"id":7}}"#,
        r#"{"name":"thing.made","at":{},"id":[1],"payload":{"id":7}}"#,
        r#"{"name":7,"kind":"thing.made","payload":{"id":7}}"#,
        r#"{"name":"thing.made","payload":{"id":7,"name":{"x":"\ud800"}}}"#,
        r#"{"name":"thing.made","payload":{"id":7,"name":"\ud800"}}"#,
        "\u{feff}{\"name\":\"thing.made\",\"payload\":{\"id\":7}}",
    ] {
        assert_eq!(made(body), 7, "{body}");
    }
    let webhook = webhook(r#"{"name":"thing.made","at":"soon","id":{},"payload":{"id":7}}"#);
    assert_eq!((webhook.occurred_at(), webhook.event_id()), (None, None));
}

#[test]
fn an_unlisted_event_is_kept_unchanged() {
    for (body, name, payload) in [
        (r#"{"name":"thing.lost","payload":{ "id" : 1.50 }}"#, "thing.lost", r#"{ "id" : 1.50 }"#),
        (r#"{"payload":[ 1 ],"name":"thing.lost"}"#, "thing.lost", "[ 1 ]"),
        (r#"{"name":"Thing.Made","payload":{"id":7}}"#, "Thing.Made", r#"{"id":7}"#),
        (r#"{"name":"thing.lost","payload":null}"#, "thing.lost", "null"),
        (r#"{"name":"thing.lost"}"#, "thing.lost", "null"),
        (r#"{"kind":"thing.lost"}"#, "thing.lost", "null"),
    ] {
        assert_eq!(unlisted(body), (name.to_owned(), payload.to_owned()), "{body}");
    }
    let body = r#"{"name":"thing.lost","payload":{"secret":"private-text"}}"#;
    assert!(!format!("{:?}", webhook(body)).contains("private-text"));
}

#[test]
fn a_payload_without_a_required_identity_may_be_missing() {
    for body in [
        r#"{"name":"things.forgotten"}"#,
        r#"{"name":"things.forgotten","payload":null}"#,
        r#"{"payload":[],"name":"things.forgotten"}"#,
    ] {
        assert_eq!(webhook(body).event, Event::ThingsForgotten(Box::default()), "{body}");
    }
    let error = Webhook::from_slice(br#"{"name":"thing.made"}"#).unwrap_err();
    assert_eq!((error.path(), error.event()), ("payload.id", Some("thing.made")));
}

/// A sender cannot exhaust the stack: values that are skipped or kept raw are read without recursion.
#[test]
fn deep_nesting_does_not_exhaust_the_stack() {
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let work = move || {
        assert_eq!(
            made(&format!(r#"{{"new":{deep},"name":"thing.made","payload":{{"new":{deep},"id":7}}}}"#)),
            7
        );
        assert_eq!(unlisted(&format!(r#"{{"name":"thing.lost","payload":{deep}}}"#)).1, deep);
        let refused = format!(r#"{{"name":"thing.made","payload":{{"id":{deep}}}}}"#);
        assert_eq!(Webhook::from_slice(refused.as_bytes()).unwrap_err().path(), "payload.id");
    };
    thread::Builder::new().stack_size(128 * 1024).spawn(work).unwrap().join().unwrap();
}

#[test]
fn a_peek_reads_up_to_the_name() {
    for (body, name) in [
        (r#"{"name":"thing.made","payload":{"id":"#, "thing.made"),
        (r#"{"name":"thing.lost" and then nothing that anyone could parse"#, "thing.lost"),
        (r#"{"payload":{"name":"thing.lost"},"name":"thing.made"}"#, "thing.made"),
        (r#"{"id":7,"name":"thing.made"}"#, "thing.made"),
        (r#"{"kind":"thing.lost","payload":{}}"#, "thing.lost"),
    ] {
        assert_eq!(Webhook::peek(body.as_bytes()).unwrap().name(), name, "{body}");
    }
    assert_eq!(Webhook::peek(b"{\"name\":\"thing.made\",\"x\":\"\xff\"}").unwrap().name(), "thing.made");
    for body in [
        r#"{"payload":{"name":"thing.made"}}"#,
        r#"{"name":7}"#,
        r#"{"name":""}"#,
        r#"{"payload":{"#,
        "[]",
        "",
    ] {
        assert!(Webhook::peek(body.as_bytes()).is_err(), "{body}");
    }
}

#[test]
fn the_name_is_written_first_and_the_payload_last() {
    let body = r#"{"payload":{"name":null,"id":"7"},"id":"e-1","kind":"thing.made","at":"0"}"#;
    let written = serde_json::to_string(&webhook(body)).unwrap();
    assert_eq!(written, r#"{"name":"thing.made","at":0,"id":"e-1","payload":{"id":7,"name":null}}"#);
    assert_eq!(webhook(&written), webhook(body));

    let body = r#"{"name":"thing.lost","payload":{ "b" : 1.50 }}"#;
    assert_eq!(serde_json::to_string(&webhook(body)).unwrap(), body);
}

#[test]
fn a_webhook_works_with_every_serde_format() {
    for body in [
        r#"{"name":"thing.made","payload":{"id":7}}"#,
        r#"{"kind":"thing.made","payload":{"id":7}}"#,
        r#"{"name":"thing.lost","payload":{"id":7}}"#,
    ] {
        let value = serde_json::to_value(webhook(body)).unwrap();
        assert_eq!(serde_json::from_value::<Webhook>(value).unwrap(), webhook(body), "{body}");
    }
}

#[test]
fn the_list_of_events_can_be_read_at_run_time() {
    let catalogue = Webhook::catalogue();
    let names: Vec<_> = catalogue.iter().map(|info| (info.name, info.payload, info.standing)).collect();
    assert_eq!(
        names,
        [
            ("thing.made", "Thing", Standing::Documented),
            ("things.forgotten", "Vec<u64>", Standing::Deprecated),
        ]
    );
    assert_eq!(catalogue[0].summary, "a thing was made");
    assert_eq!((catalogue[0].identity(), catalogue[1].identity()), (vec!["id".to_owned()], vec![]));
    assert_eq!(catalogue[0].source, "https://vendor.example.com/things");

    let made = webhook(r#"{"name":"thing.made","payload":{"id":7}}"#);
    assert_eq!(made.info(), Some(&catalogue[0]));
    assert_eq!(made.event.listed_name(), Some(EventName::ThingMade));
    assert_eq!(EventName::ThingMade.as_str(), "thing.made");
    assert_eq!(EventName::ALL, [EventName::ThingMade, EventName::ThingsForgotten]);
    assert_eq!("thing.mad".parse::<EventName>().unwrap_err().close(), ["thing.made"]);
    let lost = webhook(r#"{"name":"thing.lost"}"#);
    assert_eq!((lost.info(), lost.event.listed_name(), lost.name()), (None, None, "thing.lost"));
}
