//! Two vendors in one actix-web application.
//!
//! Run it with `QASE_WEBHOOK_SECRET` and `MONITORQA_WEBHOOK_TOKEN` set, then send it something:
//! `webhooks send qase run.completed --to http://127.0.0.1:3000/qase`.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpResponse, HttpServer};
use qase_webhooks::{IdempotencyKey, Secret, Verified};

/// What came, once each. A real one is a table: the bytes, and the key as its primary key.
#[derive(Default)]
pub(crate) struct Inbox(Mutex<HashMap<IdempotencyKey, Bytes>>);

impl Inbox {
    /// Keeps a delivery, unless it came before; looking and keeping is one step.
    fn keep(&self, key: IdempotencyKey, body: &Bytes) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.entry(key).or_insert_with(|| body.clone());
    }

    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

async fn on_qase(inbox: Data<Inbox>, Verified(delivery): Verified<qase_webhooks::Webhook>) -> HttpResponse {
    inbox.keep(delivery.key(), delivery.body());
    match delivery.decode() {
        Ok(webhook) => println!("qase {}", webhook.name()),
        // It is genuine all the same: acknowledge it, and look at it later.
        Err(error) => eprintln!("{error}"),
    }
    HttpResponse::Ok().finish()
}

async fn on_monitorqa(
    inbox: Data<Inbox>,
    Verified(delivery): Verified<monitorqa_webhooks::Webhook>,
) -> HttpResponse {
    inbox.keep(delivery.key(), delivery.body());
    println!("monitorqa {}, one of {} so far", delivery.key(), inbox.len());
    HttpResponse::Ok().finish()
}

/// Where deliveries come in. The receivers and the inbox are data of the application.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config
        // The framework's own limit counts as well as the receiver's.
        .app_data(web::PayloadConfig::new(1024 * 1024))
        .route("/qase", web::post().to(on_qase))
        // MonitorQA signs nothing: the token in its URL is all that tells it from a stranger.
        .route("/monitorqa/{token}", web::post().to(on_monitorqa));
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = |variable| Ok::<_, Box<dyn std::error::Error>>(Secret::new(std::env::var(variable)?)?);
    let qase = Data::new(qase_webhooks::Receiver::new(secret("QASE_WEBHOOK_SECRET")?));
    let monitorqa = Data::new(monitorqa_webhooks::Receiver::new(secret("MONITORQA_WEBHOOK_TOKEN")?));
    let inbox = Data::new(Inbox::default());
    let app = move || {
        let app = App::new().app_data(qase.clone()).app_data(monitorqa.clone()).app_data(inbox.clone());
        app.configure(routes)
    };
    HttpServer::new(app).bind(("127.0.0.1", 3000))?.run().await?;
    Ok(())
}
