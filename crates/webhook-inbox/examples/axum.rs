//! An axum application that keeps the webhooks of two vendors and works on them afterwards.
//!
//! Run it with `QASE_WEBHOOK_SECRET` and `DEEPSOURCE_WEBHOOK_SECRET` set, then send it something:
//! `webhooks send qase run.completed --to http://127.0.0.1:3000/qase`. What it has kept is shown by
//! `webhooks inbox list --inbox sqlite:inbox.db`.

use axum::Router;
use qase_webhooks::Secret;
use tokio::net::TcpListener;
use tokio::sync::watch;
use webhook_inbox::{Backoff, Context, Error, Inbox, Outcome};

/// Everything that the application answers to.
pub(crate) fn app(
    inbox: &Inbox,
    qase: qase_webhooks::Receiver,
    deepsource: deepsource_webhooks::Receiver,
) -> Router {
    Router::new().route("/qase", inbox.axum(qase)).route("/deepsource", inbox.axum(deepsource))
}

/// Works on what was kept. It may as well be a process of its own.
pub(crate) async fn tickets(inbox: &Inbox, shutdown: impl Future<Output = ()>) -> Result<(), Error> {
    inbox
        .consumer("tickets")
        .on(|webhook: qase_webhooks::Webhook, context: Context| async move {
            // An effect outside the database can happen twice: make it so that the second time changes nothing.
            println!("{} {} (attempt {})", context.seq(), webhook.name(), context.attempt());
        })
        .on(|webhook: deepsource_webhooks::Webhook, _| async move {
            println!("{}", webhook.name());
            Outcome::done().note("printed")
        })
        .concurrency(4)
        .retry(Backoff::default())
        .max_attempts(10)
        .run(shutdown)
        .await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let inbox = Inbox::open("sqlite:inbox.db").await?;
    let qase = qase_webhooks::Receiver::new(Secret::new(std::env::var("QASE_WEBHOOK_SECRET")?)?);
    let deepsource =
        deepsource_webhooks::Receiver::new(Secret::new(std::env::var("DEEPSOURCE_WEBHOOK_SECRET")?)?);
    let app = app(&inbox, qase, deepsource);

    let (stop, mut stopped) = watch::channel(());
    let mut stopped_too = stopped.clone();
    tokio::spawn(async move {
        let _ = tokio::signal::ctrl_c().await;
        drop(stop);
    });
    let working = inbox.clone();
    let worker =
        tokio::spawn(
            async move { tickets(&working, async { while stopped.changed().await.is_ok() {} }).await },
        );
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, app)
        .with_graceful_shutdown(async move { while stopped_too.changed().await.is_ok() {} })
        .await?;
    worker.await??;
    Ok(inbox.close().await?)
}
