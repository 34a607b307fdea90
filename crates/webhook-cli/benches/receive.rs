//! What receiving costs: requests per second of an axum application that verifies and decodes, against the same
//! application that only reads the body.
//!
//! `cargo bench --package webhook-cli --bench receive`. The two take turns within one run and are compared round by
//! round, so that a machine that is busy with something else slows both; only the ratios mean something.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark that cannot run has nothing to say")]

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::FromRef;
use axum::http::StatusCode;
use axum::routing::post;
use webhook_core::samples::SignedRequest;
use webhook_core::{Authenticated, Receiver, Secret, Verified};

const CLIENTS: usize = 4;
const ROUNDS: usize = 15;
const ROUND: Duration = Duration::from_millis(400);

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

fn main() {
    let secret = Secret::new("a secret of the benchmark").unwrap();
    let receivers =
        Receivers { qase: Receiver::new(secret.clone()), deepsource: Receiver::new(secret.clone()) };
    let addr = serve(
        Router::new()
            .route("/body", post(body_only))
            .route("/qase", post(decoded::<qase_webhooks::Webhook>))
            .route("/deepsource", post(decoded::<deepsource_webhooks::Webhook>))
            .with_state(receivers),
    );
    println!(
        "{:<44} {:>7} {:>9} {:>9} {:>9}",
        "verify + decode / read the body", "bytes", "minimum", "median", "maximum"
    );
    let qase = qase_webhooks::samples::RUN_COMPLETED.signed(&secret);
    compare("qase run.completed", addr, "/qase", &qase);
    let deepsource = deepsource_webhooks::samples::ANALYSIS_RUN_UPDATED.signed(&secret);
    compare("deepsource analysis_run.updated", addr, "/deepsource", &deepsource);
}

async fn body_only(body: Bytes) -> StatusCode {
    std::hint::black_box(body);
    StatusCode::OK
}

async fn decoded<W: Authenticated>(Verified(delivery): Verified<W>) -> StatusCode {
    match delivery.decode() {
        Ok(webhook) => {
            std::hint::black_box(webhook);
            StatusCode::OK
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Serves on a free port, for as long as the process lives.
fn serve(router: Router) -> SocketAddr {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let addr = listener.local_addr().unwrap();
    thread::spawn(move || runtime.block_on(async move { axum::serve(listener, router).await }));
    addr
}

fn compare(name: &str, addr: SocketAddr, path: &str, request: &SignedRequest) {
    let (whole, body) = (message(path, request), message("/body", request));
    // Connections and caches warm up outside the count.
    rate(addr, &whole);
    rate(addr, &body);
    let mut ratios: Vec<f64> = (0..ROUNDS).map(|_| rate(addr, &whole) / rate(addr, &body)).collect();
    ratios.sort_by(f64::total_cmp);
    let at = |index: usize| ratios.get(index).copied().unwrap_or_default();
    println!(
        "{name:<44} {:>7} {:>9.3} {:>9.3} {:>9.3}",
        request.body().len(),
        at(0),
        at(ROUNDS / 2),
        at(ROUNDS - 1)
    );
}

/// A request as bytes.
fn message(path: &str, request: &SignedRequest) -> Vec<u8> {
    let mut message = format!("POST {path} HTTP/1.1\r\nhost: bench\r\n");
    for (name, value) in request.headers() {
        let _ = write!(message, "{name}: {value}\r\n");
    }
    let _ = write!(message, "content-length: {}\r\n\r\n", request.body().len());
    let mut message = message.into_bytes();
    message.extend_from_slice(&request.body());
    message
}

/// Answers in one round, of all clients together. Each sends its next request when the last one is answered.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn rate(addr: SocketAddr, message: &[u8]) -> f64 {
    let (answers, done) = (AtomicU64::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                let mut stream = TcpStream::connect(addr).unwrap();
                stream.set_nodelay(true).unwrap();
                let mut buffer = [0; 1024];
                while !done.load(Ordering::Relaxed) {
                    stream.write_all(message).unwrap();
                    // An answer without a body fits into one read.
                    let length = stream.read(&mut buffer).unwrap();
                    let answer = buffer.get(..length).unwrap_or_default();
                    assert!(answer.starts_with(b"HTTP/1.1 200"), "not accepted");
                    answers.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        thread::sleep(ROUND);
        done.store(true, Ordering::Relaxed);
    });
    answers.load(Ordering::Relaxed) as f64
}
