//! Clients, each of which sends its next delivery when the last one is answered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use webhook_core::IdempotencyKey;
use webhook_inbox::{Inbox, NewDelivery};

pub(crate) const SECRET: &str = "a secret of the benchmark";
/// Two kibibytes: what most deliveries of the vendors are below.
const BODY_BYTES: usize = 2048;
/// How long the clients send.
const TURN: Duration = Duration::from_millis(1500);

/// The number of the next delivery: no two are equal.
static NEXT: AtomicUsize = AtomicUsize::new(0);

/// A genuine delivery of Qase that is like no other.
fn body(number: usize) -> String {
    let front =
        format!(r#"{{"event_name":"run.deleted","timestamp":1772366400,"payload":{{"id":{number},"title":""#);
    let padding = "x".repeat(BODY_BYTES - front.len() - 3);
    format!("{front}{padding}\"}}}}")
}

fn next() -> usize {
    // Different ones in every process of the benchmark, on one store.
    let start = usize::try_from(std::process::id()).unwrap() * 1_000_000_000;
    start + NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Deliveries per second into a store of this process, through its group commit.
pub(crate) async fn keep(inbox: &Inbox, clients: usize) -> f64 {
    let inbox = inbox.clone();
    rate(clients, move || {
        let inbox = inbox.clone();
        async move {
            let mut kept = 0;
            let start = Instant::now();
            while start.elapsed() < TURN {
                let number = next();
                let key = IdempotencyKey::vendor(&number.to_string());
                inbox.keep_raw(NewDelivery::raw("qase", &key, body(number))).await.unwrap();
                kept += 1;
            }
            kept
        }
    })
    .await
}

/// Deliveries per second that a server has answered with 200.
pub(crate) async fn post(addr: SocketAddr, clients: usize) -> f64 {
    rate(clients, move || async move {
        let mut stream = TcpStream::connect(addr).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut answer = [0; 1024];
        let mut answered = 0;
        let start = Instant::now();
        while start.elapsed() < TURN {
            stream.write_all(request(next()).as_bytes()).await.unwrap();
            // An answer without a body fits into one read.
            let length = stream.read(&mut answer).await.unwrap();
            let answer = answer.get(..length).unwrap_or_default();
            assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(answer));
            answered += 1;
        }
        answered
    })
    .await
}

fn request(number: usize) -> String {
    format!(
        "POST /qase HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\nx-qase-secret: {SECRET}\r\n\
         content-length: {BODY_BYTES}\r\n\r\n{}",
        body(number)
    )
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
async fn rate<R>(clients: usize, client: impl Fn() -> R + Send + Sync + 'static) -> f64
where
    R: Future<Output = usize> + Send + 'static,
{
    let client = Arc::new(client);
    let start = Instant::now();
    let clients: Vec<_> = (0..clients).map(|_| tokio::spawn(client())).collect();
    let mut kept = 0;
    for client in clients {
        kept += client.await.unwrap();
    }
    kept as f64 / start.elapsed().as_secs_f64()
}
