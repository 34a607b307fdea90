//! Whose webhook a body is.

use webhook_core::detect::{best, score};

use crate::invented::SharedToken as Webhook;

#[test]
fn every_known_key_counts() {
    for (body, expected) in [
        (r#"{"name":"thing.made","payload":{},"at":1,"id":"e-1","new":1}"#, 4 + 2 + 1 + 1),
        (r#"{"kind":"thing.made","payload":{"name":1,"at":2}}"#, 3 + 2),
        (r#"{"new":1,"newer":{"name":1}}"#, 0),
        // What came before the break.
        (r#"{"name":"thing.made","payload":{},"at""#, 4 + 2),
        (r#"{"name":"thing.made","payload":{"#, 4),
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

webhook_core::any_webhook! {
    /// A webhook of a vendor that is served.
    pub enum AnyWebhook {
        Invented(Webhook),
    }
}

#[test]
fn a_body_is_decoded_as_the_webhook_of_its_vendor() {
    let body = br#"{"name":"thing.made","payload":{"id":7},"id":"e-1"}"#;
    let webhook = AnyWebhook::detect(body).unwrap().unwrap();
    assert_eq!(
        (webhook.vendor(), webhook.name(), webhook.event_id()),
        ("invented", "thing.made", Some("e-1"))
    );
    assert_eq!(AnyWebhook::VENDORS, ["invented"]);
    assert!(matches!(AnyWebhook::detect(br#"{"name":"thing.made"}"#), Some(Err(_))));
    assert!(AnyWebhook::detect(b"{}").is_none());
    assert!(AnyWebhook::from_slice("another", body).is_none());
}
