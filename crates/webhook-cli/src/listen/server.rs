//! The connections: each with a limit on its time, all of them answered before the end.

mod lingering;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket};
use tokio::time::{sleep, timeout};

use self::lingering::Lingering;

/// How long a client may take to send its headers, and again to send its body. Shorter than any vendor waits.
const PATIENCE: Duration = Duration::from_secs(8);

/// How long requests in flight may take after the signal to stop.
const FAREWELL: Duration = Duration::from_secs(10);

/// Connections that may wait for us: a burst from a vendor is not made to knock again, which takes it a second.
const BACKLOG: u32 = 1_024;

/// Serves until the process is told to stop, then answers what is in flight.
pub(super) async fn serve(
    addr: SocketAddr,
    router: Router,
    started: impl FnOnce(SocketAddr),
) -> io::Result<()> {
    let listener = bind(addr)?;
    let router = router.layer(middleware::from_fn(limit_time));
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    let graceful = GracefulShutdown::new();
    let mut stop = Box::pin(told_to_stop()?);
    started(listener.local_addr()?);
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Out of file descriptors, most likely: those in use will be given back.
                    tracing::warn!(%error, "failed to accept a connection");
                    sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let stream = Lingering::new(stream);
        let lingers = stream.switch();
        let application = TowerToHyperService::new(router.clone());
        let service = service_fn(move |request| {
            let (answer, lingers) = (application.call(request), Arc::clone(&lingers));
            async move {
                let answer = answer.await;
                // What is turned away may not have been read to its end.
                let refused = answer.as_ref().is_ok_and(|answer| !answer.status().is_success());
                lingers.store(refused, Ordering::Relaxed);
                answer
            }
        });
        let watched = graceful.watch(server.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(error) = watched.await {
                tracing::debug!(%error, "connection ended early");
            }
        });
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = sleep(FAREWELL) => tracing::warn!("some requests were still in flight"),
    }
    Ok(())
}

fn bind(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = if addr.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // After a restart the port is free at once. Elsewhere the option means something else.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    socket.listen(BACKLOG)
}

/// Ends when the process gets SIGINT or SIGTERM.
#[cfg(unix)]
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends when the process is interrupted.
#[cfg(not(unix))]
fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

/// A client that does not finish its body is let go; the others never notice.
async fn limit_time(request: Request, next: Next) -> Response {
    match timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ([("connection", "close")], StatusCode::REQUEST_TIMEOUT).into_response(),
    }
}
