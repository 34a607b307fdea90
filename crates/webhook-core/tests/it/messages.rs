//! Errors of values that are decoded through serde, without the constructors of an envelope; and the output of `Debug`.

use webhook_core::{Delivery, RawJson, Receiver, Secret};

use crate::invented::{SharedToken as Webhook, Thing};
use crate::read;

#[test]
fn errors_of_serde_name_what_was_expected() {
    let message = |error: serde_json::Error| error.to_string().split(" at line ").next().map(str::to_owned);
    assert_eq!(
        message(serde_json::from_str::<Thing>(r#"{"id":"private"}"#).unwrap_err()).as_deref(),
        Some("expected a value with a usable identity")
    );
    assert_eq!(
        message(serde_json::from_str::<Webhook>("7").unwrap_err()).as_deref(),
        Some("invented webhook: expected an object")
    );
}

#[test]
fn debug_names_the_type_and_the_kind() {
    let secret = Secret::new("keep-this-one").unwrap();
    let receiver = Receiver::<Webhook>::new(secret.clone());
    let delivery = Delivery::<Webhook>::from_unverified(r#"{"name":"thing.made"}"#);
    let error = delivery.decode().unwrap_err();
    for (printed, expected) in [
        (format!("{:?}", Webhook::peek(delivery.body()).unwrap()), r#"Peek { name: "thing.made" }"#),
        (
            format!("{error:?}"),
            "DecodeError { kind: NoIdentity, message: invented `thing.made` at payload.id: \
             expected an integer from 0 to 2^64 - 1, .. }",
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
    ] {
        assert_eq!(printed, expected);
    }
}
