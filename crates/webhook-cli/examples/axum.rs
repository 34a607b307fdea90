//! Two vendors in one axum application.
//!
//! Run it with `QASE_WEBHOOK_SECRET` and `DEEPSOURCE_WEBHOOK_SECRET` set, then send it something:
//! `webhooks send qase run.completed --to http://127.0.0.1:3000/qase`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::routing::post;
use qase_webhooks::{IdempotencyKey, Secret, Verified};

/// Every extractor takes its part from here.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) qase: qase_webhooks::Receiver,
    pub(crate) deepsource: deepsource_webhooks::Receiver,
    pub(crate) inbox: Inbox,
}

/// What came, once each. A real one is a table: the bytes, and the key as its primary key.
#[derive(Clone, Default)]
pub(crate) struct Inbox(Arc<Mutex<HashMap<IdempotencyKey, Vec<u8>>>>);

impl Inbox {
    /// Keeps a delivery, unless it came before; looking and keeping is one step.
    fn keep(&self, key: IdempotencyKey, body: &[u8]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.entry(key).or_insert_with(|| body.to_vec());
    }

    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl FromRef<App> for qase_webhooks::Receiver {
    fn from_ref(app: &App) -> Self {
        app.qase.clone()
    }
}

impl FromRef<App> for deepsource_webhooks::Receiver {
    fn from_ref(app: &App) -> Self {
        app.deepsource.clone()
    }
}

impl FromRef<App> for Inbox {
    fn from_ref(app: &App) -> Self {
        app.inbox.clone()
    }
}

async fn on_qase(
    State(inbox): State<Inbox>,
    Verified(delivery): Verified<qase_webhooks::Webhook>,
) -> StatusCode {
    inbox.keep(delivery.key(), delivery.body());
    match delivery.decode() {
        Ok(webhook) => println!("qase {}", webhook.name()),
        // It is genuine all the same: acknowledge it, and look at it later.
        Err(error) => eprintln!("{error}"),
    }
    StatusCode::OK
}

async fn on_deepsource(
    State(inbox): State<Inbox>,
    Verified(delivery): Verified<deepsource_webhooks::Webhook>,
) -> StatusCode {
    inbox.keep(delivery.key(), delivery.body());
    println!("deepsource {}, one of {} so far", delivery.key(), inbox.len());
    StatusCode::OK
}

pub(crate) fn router(app: App) -> Router {
    Router::new().route("/qase", post(on_qase)).route("/deepsource", post(on_deepsource)).with_state(app)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = router(App {
        qase: qase_webhooks::Receiver::new(Secret::new(std::env::var("QASE_WEBHOOK_SECRET")?)?),
        deepsource: deepsource_webhooks::Receiver::new(Secret::new(std::env::var(
            "DEEPSOURCE_WEBHOOK_SECRET",
        )?)?),
        inbox: Inbox::default(),
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, app).await?;
    Ok(())
}
