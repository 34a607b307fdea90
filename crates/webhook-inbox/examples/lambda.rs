//! Behind an API gateway: what is invoked has no disk that lasts, so the inbox is in Postgres, and the consumer is
//! another process that runs all the time.
//!
//! The signature is of the bytes that the vendor sent, so a body that the gateway has put into base64 is decoded first.
//! Run it with `INBOX_URL` set, as in `postgres://user:password@host/database`: it keeps one delivery of its own.

use std::collections::HashMap;

use deepsource_webhooks::{Receiver, Secret, samples};
use webhook_inbox::{Inbox, NewDelivery};

/// What the gateway hands over, as far as it matters here, with the body as bytes.
pub(crate) struct GatewayEvent {
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// Handles one invocation; yields the status to answer. Open the inbox and make the receiver once per instance, outside.
pub(crate) async fn handle(inbox: &Inbox, receiver: &Receiver, event: GatewayEvent) -> u16 {
    let headers: Vec<_> = event.headers.into_iter().collect();
    let delivery = match receiver.accept(&headers, event.body) {
        Ok(delivery) => delivery,
        Err(rejected) => return rejected.status().as_u16(),
    };
    match inbox.keep_raw(NewDelivery::of(&delivery).with_headers(&headers)).await {
        Ok(_) => 200,
        // The vendor sends it again.
        Err(error) => error.status().as_u16(),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let inbox = Inbox::open(&std::env::var("INBOX_URL")?).await?;
    let secret = Secret::new("a secret of sixteen characters")?;
    let receiver = Receiver::new(secret.clone());
    let request = samples::TEST_EVENT.signed(&secret);
    let headers = request.headers().iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let event = GatewayEvent { headers, body: request.body().to_vec() };
    println!("answered {}", handle(&inbox, &receiver, event).await);
    Ok(())
}
