//! JetStream, with a real server. Left out visibly where none is installed, required where `CI=true`.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use async_nats::jetstream;
use webhook_inbox::State;
use webhook_inbox::sinks::NatsSink;

use crate::bench::{Bench, start};

/// A server that ends with the test.
struct Server {
    process: Child,
    url: String,
    _folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    fn start() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new("nats-server")
            .args(["--jetstream", "--addr", "127.0.0.1", "--port", &port.to_string(), "--store_dir"])
            .arg(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let process = match process {
            Ok(process) => process,
            Err(error) => {
                assert!(std::env::var_os("CI").is_none(), "nats-server is required in CI: {error}");
                eprintln!("LEFT OUT: nats-server is not installed ({error})");
                return None;
            }
        };
        Some(Self { process, url: format!("nats://127.0.0.1:{port}"), _folder: folder })
    }

    async fn context(&self) -> jetstream::Context {
        let started = Instant::now();
        loop {
            match async_nats::connect(&self.url).await {
                Ok(client) => return jetstream::new(client),
                Err(error) => assert!(started.elapsed() < Duration::from_secs(30), "{error}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

#[tokio::test]
async fn deliveries_are_messages_and_a_repeated_one_is_dropped_by_the_server() {
    let Some(server) = Server::start() else { return };
    let context = server.context().await;
    let bench = Bench::new().await;
    let row = bench.keep_run().await;
    let body = bench.inbox.get(row.seq).await.unwrap().unwrap().body;
    let sink = || NatsSink::to(&server.url).unwrap().create_stream("WEBHOOKS");
    assert_eq!(bench.drain(sink()).await.done, 1);
    let stream = context.get_stream("WEBHOOKS").await.unwrap();
    let message = stream.get_raw_message(1).await.unwrap();
    assert_eq!(message.subject.as_str(), "webhooks.qase.run.completed");
    assert_eq!(message.headers.get("Nats-Msg-Id").unwrap().as_str(), format!("qase/{}", row.key));
    assert_eq!(message.headers.get("webhooks-event").unwrap().as_str(), "run.completed");
    assert_eq!(message.payload, body);

    bench.inbox.replay(&webhook_inbox::Filter::all(), Some("sink")).await.unwrap();
    assert_eq!(bench.drain(sink()).await.done, 1);
    assert_eq!(context.get_stream("WEBHOOKS").await.unwrap().cached_info().state.messages, 1);
    let notes = bench.notes().await;
    assert_eq!(
        notes,
        ["message 1 of the stream WEBHOOKS", "message 1 of the stream WEBHOOKS, already present"]
    );
}

#[tokio::test]
async fn without_a_stream_or_a_server_nothing_counts_as_delivered() {
    let Some(mut server) = Server::start() else { return };
    server.context().await;
    let bench = Bench::new().await;
    bench.keep_run().await;
    let running = start(bench.consumer(NatsSink::to(&server.url).unwrap()).max_attempts(1));
    bench.until(|counts| counts.dead == 1).await;
    running.stop().await;
    let notes = bench.notes().await;
    assert!(notes[0].contains("no stream found"), "{notes:?}");

    server.process.kill().unwrap();
    server.process.wait().unwrap();
    let bench = Bench::new().await;
    bench.keep_run().await;
    let running = start(bench.consumer(NatsSink::to(&server.url).unwrap()).max_attempts(1));
    bench.until(|counts| counts.dead == 1).await;
    running.stop().await;
    assert!(bench.notes().await[0].contains("failed to connect"), "{:?}", bench.notes().await);
    assert_eq!(bench.state().await, State::Dead);
}

#[tokio::test]
async fn names_of_a_sender_do_not_widen_a_subject() {
    let Some(server) = Server::start() else { return };
    let context = server.context().await;
    let bench = Bench::new().await;
    let mut new =
        webhook_inbox::NewDelivery::raw("qase", &webhook_core::IdempotencyKey::vendor("a\r\nb"), "{}");
    new.event = Some("x.*.> \r\n.é".to_owned());
    bench.keep(new).await;
    assert_eq!(bench.drain(NatsSink::to(&server.url).unwrap().create_stream("W")).await.done, 1);
    let message = context.get_stream("W").await.unwrap().get_raw_message(1).await.unwrap();
    assert_eq!(message.subject.as_str(), "webhooks.qase.x._.____.é");
    assert_eq!(message.headers.get("Nats-Msg-Id").unwrap().as_str(), "qase/id:a%0D%0Ab");
}

#[test]
fn a_url_with_a_password_is_refused_and_not_repeated() {
    for url in ["nats://user:hunter2@localhost", "nats://hunter2@localhost", "http://", ""] {
        let error = NatsSink::to(url).unwrap_err().to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }
}
