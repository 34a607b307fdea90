//! Measurements, run by hand: `cargo test --release -p webhook-inbox --all-features --test sinks -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use tokio::net::TcpListener;
use webhook_core::IdempotencyKey;
use webhook_inbox::NewDelivery;
use webhook_inbox::sinks::{FileSink, HttpSink, Rotation, Sink};

use crate::bench::{Bench, start};

const DELIVERIES: usize = 20_000;
const CONCURRENCY: usize = 8;

/// The file sink beside the HTTP sink, whose receiver answers at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn deliveries_a_second_of_a_file_and_of_http() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let receiver = Router::new().route("/", post(async |body: Bytes| drop(body)));
        axum::serve(listener, receiver).await.unwrap();
    });
    for _ in 0..3 {
        let bench = Bench::new().await;
        let path = bench.folder.path().join("all.ndjson");
        let file = rate(&bench, FileSink::open(path, Rotation::Never).unwrap()).await;
        let http = rate(&Bench::new().await, HttpSink::to(&url).unwrap().allow_private(true)).await;
        println!("file {file:.0}, http {http:.0} deliveries a second: {:.2}", file / http);
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
async fn rate(bench: &Bench, sink: impl Sink) -> f64 {
    let mut keeping = tokio::task::JoinSet::new();
    for number in 0..DELIVERIES {
        let inbox = bench.inbox.clone();
        let key = IdempotencyKey::vendor(&number.to_string());
        let new = NewDelivery::raw("qase", &key, vec![b'x'; 2048]);
        keeping.spawn(async move { inbox.keep_raw(new).await.map(drop) });
    }
    keeping.join_all().await.into_iter().collect::<Result<Vec<()>, _>>().unwrap();
    let started = Instant::now();
    let running = start(bench.consumer(sink).concurrency(CONCURRENCY));
    loop {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let counts = bench.inbox.backlog().await.unwrap();
        if counts.first().is_some_and(|counts| counts.pending + counts.claimed == 0) {
            break;
        }
    }
    let took = started.elapsed();
    assert_eq!(running.stop().await.done, DELIVERIES as u64);
    DELIVERIES as f64 / took.as_secs_f64()
}
