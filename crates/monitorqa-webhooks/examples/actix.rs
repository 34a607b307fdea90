//! An actix-web application that receives the webhooks of MonitorQA.
//!
//! Run it with `MONITORQA_WEBHOOK_TOKEN` set, then send a sample: `webhooks send monitorqa AUDIT_COMPLETED --to
//! http://127.0.0.1:3000/monitorqa`.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpResponse, HttpServer};
use monitorqa_webhooks::{IdempotencyKey, Receiver, Secret, Verified, Webhook};

/// The stored deliveries, without repetitions. In production this is a table with the bytes, and the key as its primary
/// key.
#[derive(Default)]
pub(crate) struct Inbox(Mutex<HashMap<IdempotencyKey, Bytes>>);

impl Inbox {
    /// Stores a delivery, unless it is a repetition. The check and the insertion are one atomic step.
    fn store(&self, key: IdempotencyKey, body: &Bytes) {
        let mut stored = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stored.entry(key).or_insert_with(|| body.clone());
    }

    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

async fn on_monitorqa(inbox: Data<Inbox>, Verified(delivery): Verified<Webhook>) -> HttpResponse {
    inbox.store(delivery.key(), delivery.body());
    match delivery.decode() {
        Ok(webhook) => println!("{}, one of {} so far", webhook.name(), inbox.len()),
        // The delivery had the right token: acknowledge it, and examine it later.
        Err(error) => eprintln!("{error}"),
    }
    HttpResponse::Ok().finish()
}

/// The route for deliveries. The receiver and the inbox are data of the application.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    // MonitorQA signs nothing: the token in the URL is the only proof of the sender.
    config.route("/monitorqa/{token}", web::post().to(on_monitorqa));
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = Secret::new(std::env::var("MONITORQA_WEBHOOK_TOKEN")?)?;
    let receiver = Data::new(Receiver::new(secret));
    let inbox = Data::new(Inbox::default());
    let app = move || App::new().app_data(receiver.clone()).app_data(inbox.clone()).configure(routes);
    HttpServer::new(app).bind(("127.0.0.1", 3000))?.run().await?;
    Ok(())
}
