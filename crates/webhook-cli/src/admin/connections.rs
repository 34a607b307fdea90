//! The connections of the page, limited in number and time.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::ANSWER_TIMEOUT;
use crate::connections::{self, Connections, Place};

/// Enough for a few people and a metrics collector.
pub(crate) const MAX_CONNECTIONS: usize = 128;

/// How long a client may take to send its headers.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a connection is kept alive.
const MAX_AGE: Duration = Duration::from_secs(120);

/// Serves until it is dropped.
pub(super) async fn serve(listeners: Vec<TcpListener>, router: Router) {
    let connections = Connections::new(MAX_CONNECTIONS, None, listeners.len());
    let mut accepting = JoinSet::new();
    for listener in listeners {
        let router = router.clone();
        accepting.spawn(connections::accept(
            listener,
            Arc::clone(&connections),
            " to the admin page",
            // The browser reports it.
            |peer| tracing::debug!(%peer, "too many connections of one address to the admin page"),
            move |stream, _, place| serve_one(stream, place, router.clone()),
        ));
    }
    while accepting.join_next().await.is_some() {}
}

async fn serve_one(stream: TcpStream, place: Place, router: Router) {
    let place = Arc::new(place);
    let router = TowerToHyperService::new(router);
    let service = service_fn(|mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Arc::clone(&place));
        let (place, answer) = (Arc::clone(&place), router.call(request));
        async move {
            let answer = answer.await;
            place.end();
            answer
        }
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .serve_connection(TokioIo::new(stream), service)
    );
    tokio::select! {
        _ = &mut connection => return,
        // A browser opens a new connection.
        () = sleep(MAX_AGE) => return,
        () = place.told_to_close() => {}
    }
    if place.is_busy() {
        connection.as_mut().graceful_shutdown();
        let _ = timeout(ANSWER_TIMEOUT, connection).await;
    }
}

/// Marks the connection of a request as busy until the answer. For a client without the token that is never done, so
/// that its connection can be closed for another one at any time.
pub(super) async fn busy(request: Request, next: Next) -> Response {
    if let Some(place) = request.extensions().get::<Arc<Place>>() {
        place.begin();
    }
    next.run(request).await
}
