//! Accepting connections, up to the limits.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use super::{Connections, Place};

/// The minimum interval between two lines of the log about failures.
const LOG_INTERVAL: Duration = Duration::from_secs(10);

/// The delay after a failure.
const RETRY_INTERVAL: Duration = Duration::from_millis(100);

/// Accepts connections until it is dropped, and serves each in a task of its own. `reject` records a connection that is
/// closed because its address has too many. `purpose` completes the line of the log about a failure.
pub(crate) async fn accept<F: Future<Output = ()> + Send + 'static>(
    listener: TcpListener,
    connections: Arc<Connections>,
    purpose: &'static str,
    reject: impl Fn(SocketAddr),
    serve: impl Fn(TcpStream, SocketAddr, Place) -> F,
) {
    let mut failures = Failures { purpose, logged_at: None, unlogged: 0 };
    while let Some(slot) = connections.slot().await {
        match listener.accept().await {
            Ok((stream, peer)) => match connections.place(peer.ip(), slot) {
                Some(place) => drop(tokio::spawn(serve(stream, peer, place))),
                None => reject(peer),
            },
            Err(error) => {
                failures.note(&error);
                // The process has probably no file descriptors left: closing an idle connection frees one.
                connections.make_room(None);
                sleep(RETRY_INTERVAL).await;
            }
        }
    }
}

/// Failures to accept a connection. They are frequent if they occur at all, so most of them are only counted.
struct Failures {
    purpose: &'static str,
    logged_at: Option<Instant>,
    unlogged: u64,
}

impl Failures {
    fn note(&mut self, error: &std::io::Error) {
        if self.logged_at.is_some_and(|at| at.elapsed() < LOG_INTERVAL) {
            self.unlogged += 1;
            return;
        }
        self.logged_at = Some(Instant::now());
        let more_before = std::mem::take(&mut self.unlogged);
        tracing::warn!(%error, more_before, "failed to accept a connection{}", self.purpose);
    }
}
