//! Two vendors in one axum application.
//!
//! Run it with `QASE_WEBHOOK_SECRET` and `DEEPSOURCE_WEBHOOK_SECRET` set, then send it something:
//! `webhooks send qase run.completed --to http://127.0.0.1:3000/qase`.

use axum::Router;
use axum::extract::FromRef;
use axum::http::StatusCode;
use axum::routing::post;
use webhook_core::{Secret, Verified};

/// Every extractor takes its receiver from here.
#[derive(Clone)]
struct Receivers {
    qase: qase_webhooks::Receiver,
    deepsource: deepsource_webhooks::Receiver,
}

impl FromRef<Receivers> for qase_webhooks::Receiver {
    fn from_ref(receivers: &Receivers) -> Self {
        receivers.qase.clone()
    }
}

impl FromRef<Receivers> for deepsource_webhooks::Receiver {
    fn from_ref(receivers: &Receivers) -> Self {
        receivers.deepsource.clone()
    }
}

async fn on_qase(Verified(delivery): Verified<qase_webhooks::Webhook>) -> StatusCode {
    match delivery.decode() {
        Ok(webhook) => println!("qase {}", webhook.name()),
        // It is genuine all the same: acknowledge it, and look at it later.
        Err(error) => eprintln!("{error}"),
    }
    StatusCode::OK
}

async fn on_deepsource(Verified(delivery): Verified<deepsource_webhooks::Webhook>) -> StatusCode {
    println!("deepsource {}", delivery.key());
    StatusCode::OK
}

fn app(receivers: Receivers) -> Router {
    Router::new()
        .route("/qase", post(on_qase))
        .route("/deepsource", post(on_deepsource))
        .with_state(receivers)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = app(Receivers {
        qase: qase_webhooks::Receiver::new(Secret::new(std::env::var("QASE_WEBHOOK_SECRET")?)?),
        deepsource: deepsource_webhooks::Receiver::new(Secret::new(std::env::var(
            "DEEPSOURCE_WEBHOOK_SECRET",
        )?)?),
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, app).await?;
    Ok(())
}
