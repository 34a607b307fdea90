//! A receiver behind an API gateway: headers as a list of pairs, and a body that the gateway has encoded as base64.
//!
//! The signature is made from the bytes that the vendor sent, so the base64 is decoded before the body is verified.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deepsource_webhooks::{IdempotencyKey, Secret};
use serde::Deserialize;
use serde_json::json;

/// The stored deliveries, without repetitions. In production this is a table that all instances share.
pub(crate) type Inbox = HashMap<IdempotencyKey, Vec<u8>>;

/// The part of the gateway's event that this example needs.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GatewayEvent {
    headers: HashMap<String, String>,
    body: String,
    is_base64_encoded: bool,
}

/// Handles one invocation and returns the status of the answer. The route of the gateway must accept only `POST`.
pub(crate) fn handle(
    receiver: &deepsource_webhooks::Receiver,
    inbox: &mut Inbox,
    event: GatewayEvent,
) -> u16 {
    let body = if event.is_base64_encoded {
        match STANDARD.decode(&event.body) {
            Ok(body) => body,
            Err(_) => return 400,
        }
    } else {
        event.body.into_bytes()
    };
    let headers: Vec<_> = event.headers.into_iter().collect();
    match receiver.accept(&headers, body) {
        Ok(delivery) => {
            // A vendor may send the same delivery again.
            if let Entry::Vacant(place) = inbox.entry(delivery.key()) {
                println!("{}", delivery.key());
                place.insert(delivery.body().to_vec());
            }
            200
        }
        Err(rejected) => rejected.status().as_u16(),
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = Secret::new("a secret of sixteen characters")?;
    let receiver = deepsource_webhooks::Receiver::new(secret.clone());
    let request = deepsource_webhooks::samples::TEST_EVENT.signed(&secret);
    let headers: HashMap<_, _> = request.headers().iter().cloned().collect();
    let mut inbox = Inbox::new();

    for (body, encoded) in
        [(STANDARD.encode(request.body()), true), (String::from_utf8(request.body().to_vec())?, false)]
    {
        let event = json!({ "headers": headers, "body": body, "isBase64Encoded": encoded });
        assert_eq!(handle(&receiver, &mut inbox, serde_json::from_value(event)?), 200);
    }
    // The same delivery, sent twice.
    assert_eq!(inbox.len(), 1);
    Ok(())
}
