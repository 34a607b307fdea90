//! The connections of the page, limited in number and time.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// Enough for a few people and a metrics collector.
const MAX_CONNECTIONS: usize = 128;

/// How long a client may take to send its headers.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a connection is kept alive.
const MAX_AGE: Duration = Duration::from_secs(120);

/// Serves until it is dropped.
pub(super) async fn serve(listeners: Vec<TcpListener>, router: Router) {
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut accepting = JoinSet::new();
    for listener in listeners {
        accepting.spawn(accept(listener, Arc::clone(&slots), router.clone()));
    }
    while accepting.join_next().await.is_some() {}
}

async fn accept(listener: TcpListener, slots: Arc<Semaphore>, router: Router) -> Infallible {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            // Above the limit a connection is closed at once, and the browser reports it.
            Ok((stream, _)) => {
                if let Ok(slot) = Arc::clone(&slots).try_acquire_owned() {
                    connections.spawn(serve_one(stream, slot, router.clone()));
                }
            }
            Err(error) => {
                tracing::warn!(%error, "failed to accept a connection to the admin page");
                sleep(Duration::from_millis(100)).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve_one(stream: TcpStream, _slot: OwnedSemaphorePermit, router: Router) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    // A browser opens a new connection.
    let _ = timeout(MAX_AGE, connection).await;
}
