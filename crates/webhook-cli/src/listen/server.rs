//! The HTTP server: connections have time limits, and requests in flight are answered before the end.

mod lingering;
mod signals;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;

use self::lingering::Lingering;
pub(crate) use self::signals::stop_signal;
use super::body::READ_TIMEOUT;
use super::routes::Routes;
use crate::connections::{self, Connections, Place};

/// How long a client may take to read an answer.
const WRITE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a connection is kept alive.
const MAX_AGE: Duration = Duration::from_secs(60);

/// The time limit for closing a connection.
const CLOSE_GRACE: Duration = Duration::from_secs(2);

/// How long requests in flight may take after the signal to stop.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

/// The maximum size of a request line with its headers, and of the read buffer.
const MAX_HEAD_BYTES: usize = 32 * 1024;

/// The limits for connections.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) max_connections: usize,
    pub(super) max_per_address: Option<usize>,
    /// The file descriptors that are not for connections.
    pub(super) reserved_files: usize,
}

/// Serves until `stop` completes, then answers requests in flight.
pub(super) async fn serve(
    listeners: Vec<TcpListener>,
    limits: Limits,
    routes: Arc<Routes>,
    stop: impl Future<Output = ()>,
) {
    let max = connections::allowed(limits.max_connections, limits.reserved_files);
    if max < limits.max_connections {
        tracing::info!(max, "fewer connections than requested: the limit of open files is too low");
    }
    let connections = Connections::new(max, limits.max_per_address, listeners.len());
    let (stopping, stopped) = watch::channel(false);
    let mut accepting = JoinSet::new();
    for listener in listeners {
        let (rejecting, routes, stopped) = (Arc::clone(&routes), Arc::clone(&routes), stopped.clone());
        accepting.spawn(connections::accept(
            listener,
            Arc::clone(&connections),
            "",
            move |peer| rejecting.too_many_connections(peer),
            move |stream, peer, place| serve_one(stream, peer, place, Arc::clone(&routes), stopped.clone()),
        ));
    }
    drop(stopped);
    stop.await;
    routes.drain();
    // The listeners close with their tasks, so there are no new connections.
    accepting.shutdown().await;
    // Every open connection has a clone of the receiver.
    let _ = stopping.send(true);
    if timeout(SHUTDOWN_GRACE, stopping.closed()).await.is_err() {
        tracing::warn!("some requests were still in flight");
    }
}

/// Serves a connection until it ends or a time limit has passed.
async fn serve_one(
    stream: TcpStream,
    peer: SocketAddr,
    place: Place,
    routes: Arc<Routes>,
    mut stopped: watch::Receiver<bool>,
) {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_TIMEOUT));
    let stream = Lingering::new(Box::pin(stream));
    let lingers = stream.switch();
    let place = &place;
    let service = service_fn(|request| {
        let (routes, lingers) = (Arc::clone(&routes), Arc::clone(&lingers));
        async move {
            place.begin();
            let answer = routes.answer(peer, request).await;
            // A rejected request may not have been read completely.
            lingers.store(!answer.status().is_success(), Ordering::Relaxed);
            place.end();
            Ok::<_, Infallible>(answer)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(READ_TIMEOUT)
        .half_close(true)
        .max_buf_size(MAX_HEAD_BYTES)
        .max_header_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => Some(ended),
        () = sleep(MAX_AGE) => None,
        () = place.told_to_close() => None,
        _ = stopped.wait_for(|stopped| *stopped) => None,
    };
    let ended = if let Some(ended) = ended {
        ended
    } else {
        connection.as_mut().graceful_shutdown();
        loop {
            match timeout(CLOSE_GRACE, &mut connection).await {
                Ok(ended) => break ended,
                // A request that is being answered has its own time limits.
                Err(_) if place.is_busy() => {}
                Err(_) => return tracing::debug!("connection closed: its client does not read the answer"),
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "connection ended early");
    }
}
