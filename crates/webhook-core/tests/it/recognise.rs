//! Whose webhook a body is.

use webhook_core::recognise::{best, score};

use crate::invented::SharedToken as Webhook;

#[test]
fn every_known_key_counts() {
    for (body, expected) in [
        (r#"{"name":"thing.made","payload":{},"at":1,"id":"e-1","new":1}"#, 4 + 2 + 1 + 1),
        (r#"{"kind":"thing.made","payload":{"name":1,"at":2}}"#, 3 + 2),
        (r#"{"new":1,"newer":{"name":1}}"#, 0),
        // What came before the break.
        (r#"{"name":"thing.made","payload":{"#, 4 + 2),
        (r#"{"name":"thing.made" and then nothing"#, 4),
        ("[]", 0),
        ("", 0),
    ] {
        assert_eq!(score::<Webhook>(body.as_bytes()), expected, "{body}");
    }
}

#[test]
fn an_old_name_is_not_enough_and_a_name_alone_is() {
    let scored = |body: &str| best([((), score::<Webhook>(body.as_bytes()))]);
    assert_eq!(scored(r#"{"name":"thing.made"}"#), Some(()));
    assert_eq!(scored(r#"{"kind":"thing.made"}"#), None);
}
