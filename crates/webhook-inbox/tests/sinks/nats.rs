//! JetStream, with a real server. Left out visibly where none is installed, required where `CI=true`.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use async_nats::{ConnectOptions, jetstream};
use webhook_inbox::State;
use webhook_inbox::sinks::{NatsCredentials, NatsSink};

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
        Self::with(&[], tempfile::tempdir().unwrap())
    }

    /// A server with these options, whose folder may hold what they name.
    fn with(options: &[&str], folder: tempfile::TempDir) -> Option<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new("nats-server")
            .args(["--jetstream", "--addr", "127.0.0.1", "--port", &port.to_string(), "--store_dir"])
            .arg(folder.path())
            .args(options)
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
        self.context_as(ConnectOptions::new).await
    }

    async fn context_as(&self, options: impl Fn() -> ConnectOptions) -> jetstream::Context {
        let started = Instant::now();
        loop {
            match options().connect(&self.url).await {
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

/// What became of one delivery at a sink that tries once.
async fn outcome(sink: NatsSink) -> (State, String) {
    let bench = Bench::new().await;
    bench.keep_run().await;
    let running = start(bench.consumer(sink.create_stream("WEBHOOKS")).max_attempts(1));
    bench.until(|counts| counts.pending + counts.claimed == 0).await;
    running.stop().await;
    (bench.state().await, bench.notes().await.remove(0))
}

/// How a test connects to its server.
type Options<'a> = &'a dyn Fn() -> ConnectOptions;

#[tokio::test]
async fn a_server_that_asks_for_a_password_or_a_token_gets_it() {
    let user = |password: &str| NatsCredentials::User("hooks".to_owned(), password.to_owned());
    let token = |token: &str| NatsCredentials::Token(token.to_owned());
    let as_user = || ConnectOptions::with_user_and_password("hooks".to_owned(), "right-one".to_owned());
    let as_token = || ConnectOptions::with_token("right-one".to_owned());
    let cases: [(&[&str], NatsCredentials, NatsCredentials, Options<'_>); 2] = [
        (&["--user", "hooks", "--pass", "right-one"], user("right-one"), user("wrong-one"), &as_user),
        (&["--auth", "right-one"], token("right-one"), token("wrong-one"), &as_token),
    ];
    for (options, right, wrong, connect) in cases {
        let Some(server) = Server::with(options, tempfile::tempdir().unwrap()) else { return };
        server.context_as(connect).await;
        let sink = || NatsSink::to(&server.url).unwrap();
        let (state, note) = outcome(sink().credentials(right)).await;
        assert_eq!((state, note.as_str()), (State::Done, "message 1 of the stream WEBHOOKS"));
        for refused in [sink(), sink().credentials(wrong)] {
            assert!(!format!("{refused:?}").contains("wrong-one"));
            let (state, note) = outcome(refused).await;
            assert_eq!(state, State::Dead);
            assert!(note.contains("failed to connect: authorization violation"), "{note}");
            assert!(!note.contains("wrong-one"), "{note}");
        }
    }
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_where_it_is_named_and_nothing_is_sent_in_the_clear() {
    let folder = tempfile::tempdir().unwrap();
    let key = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let (cert_file, key_file) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&cert_file, key.cert.pem()).unwrap();
    std::fs::write(&key_file, key.signing_key.serialize_pem()).unwrap();
    let options = ["--tls", "--tlscert", cert_file.to_str().unwrap(), "--tlskey", key_file.to_str().unwrap()];
    let Some(server) = Server::with(&options, folder) else { return };
    server.context_as(|| ConnectOptions::new().add_root_certificates(cert_file.clone())).await;
    for url in [server.url.clone(), server.url.replace("nats://", "tls://")] {
        let (state, note) = outcome(NatsSink::to(&url).unwrap().trust(&cert_file)).await;
        assert_eq!(state, State::Done, "{note}");
        let (state, note) = outcome(NatsSink::to(&url).unwrap()).await;
        assert_eq!(state, State::Dead, "a certificate of nobody is trusted");
        assert!(note.contains("failed to connect"), "{note}");
    }
    // Who names an authority means TLS: a server without it gets no credentials.
    let Some(plain) = Server::start() else { return };
    plain.context().await;
    let (state, note) = outcome(NatsSink::to(&plain.url).unwrap().trust(&cert_file)).await;
    assert_eq!(state, State::Dead, "{note}");
    // A file that is not there is said, with its path.
    let (_, note) = outcome(NatsSink::to(&server.url).unwrap().trust("/nowhere/ca.pem")).await;
    assert!(note.contains("failed to connect"), "{note}");
}

#[test]
fn a_url_with_a_password_is_refused_and_not_repeated() {
    for url in ["nats://user:hunter2@localhost", "nats://hunter2@localhost", "http://", ""] {
        let error = NatsSink::to(url).unwrap_err().to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }
}
