//! A receiver with only the types of the `http` crate, for use in any server.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use deepsource_webhooks::{IdempotencyKey, Secret};
use http::{Method, Request, Response, StatusCode};

/// The stored deliveries, without repetitions. In production this is a table with the bytes, and the key as its primary
/// key.
pub(crate) type Inbox = HashMap<IdempotencyKey, Vec<u8>>;

/// Answers one request.
pub(crate) fn serve(
    receiver: &deepsource_webhooks::Receiver,
    inbox: &mut Inbox,
    request: Request<Vec<u8>>,
) -> Response<()> {
    let (head, body) = request.into_parts();
    let status = if head.method == Method::POST {
        match receiver.accept(&head, body) {
            Ok(delivery) => {
                // A vendor may send the same delivery again.
                if let Entry::Vacant(place) = inbox.entry(delivery.key()) {
                    println!("{} {}", delivery.key(), delivery.body().len());
                    place.insert(delivery.body().to_vec());
                }
                StatusCode::OK
            }
            Err(rejected) => {
                eprintln!("{rejected}");
                rejected.status()
            }
        }
    } else {
        StatusCode::METHOD_NOT_ALLOWED
    };
    let mut response = Response::new(());
    *response.status_mut() = status;
    response
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = Secret::new("a secret of sixteen characters")?;
    let receiver = deepsource_webhooks::Receiver::new(secret.clone());
    let mut inbox = Inbox::new();

    let genuine = deepsource_webhooks::samples::TEST_EVENT.signed(&secret).into_http()?;
    assert_eq!(serve(&receiver, &mut inbox, genuine.map(Vec::from)).status(), StatusCode::OK);

    let forged = Request::post("/").header("x-deepsource-signature", "0".repeat(64)).body(Vec::new())?;
    assert_eq!(serve(&receiver, &mut inbox, forged).status(), StatusCode::UNAUTHORIZED);
    assert_eq!(inbox.len(), 1);
    Ok(())
}
