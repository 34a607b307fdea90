//! Detection of the vendor of a body.

use webhook_core::detect::{best, score};
use webhook_core::{Authenticated, Envelope, ForVendor, Scheme as _};

use crate::invented::SharedToken as Webhook;

#[test]
fn every_known_key_adds_to_the_score() {
    for (body, expected) in [
        (r#"{"name":"thing.made","payload":{},"at":1,"id":"e-1","new":1}"#, 4 + 2 + 1 + 1),
        (r#"{"kind":"thing.made","payload":{"name":1,"at":2}}"#, 3 + 2),
        (r#"{"new":1,"newer":{"name":1}}"#, 0),
        // Keys before a syntax error.
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
fn the_key_of_the_name_is_enough_and_the_old_one_is_not() {
    let scored = |body: &str| best([((), score::<Webhook>(body.as_bytes()))]);
    assert_eq!(scored(r#"{"name":"thing.made"}"#), Some(()));
    assert_eq!(scored(r#"{"kind":"thing.made"}"#), None);
}

webhook_core::any_webhook! {
    /// A webhook of a vendor that is served.
    pub enum AnyWebhook {
        Invented(Webhook),
    }
    /// A vendor that is served.
    pub enum Vendor;
}

#[test]
fn a_body_is_decoded_as_the_webhook_of_its_vendor() {
    let body = br#"{"name":"thing.made","payload":{"id":7},"id":"e-1"}"#;
    let webhook = AnyWebhook::detect(body).unwrap().unwrap();
    assert_eq!(
        (webhook.vendor(), webhook.name(), webhook.event_id()),
        (Vendor::Invented, "thing.made", Some("e-1"))
    );
    assert!(matches!(AnyWebhook::detect(br#"{"name":"thing.made"}"#), Some(Err(_))));
    assert!(AnyWebhook::detect(b"{}").is_none());
}

#[test]
fn a_vendor_is_known_by_its_name_and_runs_code_with_its_type() {
    struct KeyOf<'a>(&'a [u8]);

    impl ForVendor for KeyOf<'_> {
        type Output = String;

        fn run<W: Authenticated>(self) -> String {
            W::key_of(self.0).to_string()
        }
    }

    assert_eq!(Vendor::ALL, [Vendor::Invented]);
    let vendor = Vendor::of_name("invented").unwrap();
    assert_eq!((vendor.name(), format!("{vendor:>9}")), ("invented", " invented".to_owned()));
    assert_eq!(vendor.run(KeyOf(br#"{"id":"e-1"}"#)), Webhook::key_of(br#"{"id":"e-1"}"#).to_string());
    assert_eq!(vendor.catalogue(), Webhook::catalogue());
    assert_eq!(vendor.authentication(), Webhook::SCHEME.authentication());
    assert_eq!(Vendor::of_name("another"), None);
}
