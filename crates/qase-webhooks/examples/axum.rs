//! An axum application that receives the webhooks of Qase.
//!
//! Run it with `QASE_WEBHOOK_SECRET` set, then send a sample: `webhooks send qase run.completed --to
//! http://127.0.0.1:3000/qase`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::routing::post;
use qase_webhooks::{IdempotencyKey, Receiver, Secret, Verified, Webhook};

/// The state of the application, from which each extractor takes its part.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) qase: Receiver,
    pub(crate) inbox: Inbox,
}

/// The stored deliveries, without repetitions. In production this is a table with the bytes, and the key as its primary
/// key.
#[derive(Clone, Default)]
pub(crate) struct Inbox(Arc<Mutex<HashMap<IdempotencyKey, Vec<u8>>>>);

impl Inbox {
    /// Stores a delivery, unless it is a repetition. The check and the insertion are one atomic step.
    fn store(&self, key: IdempotencyKey, body: &[u8]) {
        let mut stored = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stored.entry(key).or_insert_with(|| body.to_vec());
    }

    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl FromRef<App> for Receiver {
    fn from_ref(app: &App) -> Self {
        app.qase.clone()
    }
}

impl FromRef<App> for Inbox {
    fn from_ref(app: &App) -> Self {
        app.inbox.clone()
    }
}

async fn on_qase(State(inbox): State<Inbox>, Verified(delivery): Verified<Webhook>) -> StatusCode {
    inbox.store(delivery.key(), delivery.body());
    match delivery.decode() {
        Ok(webhook) => println!("{}, one of {} so far", webhook.name(), inbox.len()),
        // The delivery is genuine: acknowledge it, and examine it later.
        Err(error) => eprintln!("{error}"),
    }
    StatusCode::OK
}

pub(crate) fn router(app: App) -> Router {
    Router::new().route("/qase", post(on_qase)).with_state(app)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = Secret::new(std::env::var("QASE_WEBHOOK_SECRET")?)?;
    let app = router(App { qase: Receiver::new(secret), inbox: Inbox::default() });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, app).await?;
    Ok(())
}
