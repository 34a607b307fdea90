//! JetStream, with a real server. Left out visibly where none is installed, required where `CI=true`.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use async_nats::{ConnectOptions, jetstream};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use nkeys::KeyPair;
use serde_json::json;
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
    assert_eq!(message.headers.get("webhooks-id").unwrap().as_str(), row.message_id());
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
async fn two_deliveries_with_one_key_are_two_messages_and_each_is_there_once() {
    let Some(server) = Server::start() else { return };
    let context = server.context().await;
    let bench = Bench::new().await;
    let key = webhook_core::IdempotencyKey::vendor("1");
    let mut repeated = webhook_inbox::NewDelivery::raw("qase", &key, "{}");
    repeated.dedup = webhook_inbox::Dedup::Never;
    let rows = [
        bench.keep(webhook_inbox::NewDelivery::raw("qase", &key, "{}")).await,
        bench.keep(webhook_inbox::NewDelivery::raw("qase", &key, "{}").at_route("other")).await,
        bench.keep(repeated.clone()).await,
        bench.keep(repeated).await,
    ];
    let sink = || NatsSink::to(&server.url).unwrap().create_stream("W");
    // The second time as after an attempt whose outcome was not recorded.
    for _ in 0..2 {
        assert_eq!(bench.drain(sink()).await.done, 4);
        let stream = context.get_stream("W").await.unwrap();
        assert_eq!(stream.cached_info().state.messages, 4);
        let mut ids = Vec::new();
        for number in 1..=4 {
            let message = stream.get_raw_message(number).await.unwrap();
            ids.push(message.headers.get("Nats-Msg-Id").unwrap().as_str().to_owned());
        }
        let own = rows.iter().map(webhook_inbox::Row::message_id);
        let expected: Vec<_> = std::iter::once("qase/id:1".to_owned()).chain(own.skip(1)).collect();
        assert_eq!(ids, expected);
        bench.inbox.replay(&webhook_inbox::Filter::all(), Some("sink")).await.unwrap();
    }
}

/// Somebody else's message with the id, and a message that was consumed and removed, tell nothing about the delivery.
#[tokio::test]
async fn a_known_id_without_its_message_is_no_reason_to_drop_a_delivery() {
    let Some(server) = Server::start() else { return };
    let context = server.context().await;
    let bench = Bench::new().await;
    let row = bench.keep_run().await;
    let sink = || NatsSink::to(&server.url).unwrap().create_stream("W");
    let messages = async || context.get_stream("W").await.unwrap().cached_info().state.messages;
    assert_eq!(bench.drain(sink()).await.done, 1);
    let stream = context.get_stream("W").await.unwrap();
    assert!(stream.delete_message(1).await.unwrap());
    bench.inbox.replay(&webhook_inbox::Filter::all(), Some("sink")).await.unwrap();
    assert_eq!(bench.drain(sink()).await.done, 1);
    assert_eq!(messages().await, 1);
    let message = stream.get_raw_message(2).await.unwrap();
    assert_eq!(message.headers.get("Nats-Msg-Id").unwrap().as_str(), row.message_id());
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
async fn a_server_with_accounts_lets_in_the_user_of_a_credentials_file() {
    let folder = tempfile::tempdir().unwrap();
    let accounts = Accounts::new();
    let configuration = folder.path().join("server.conf");
    std::fs::write(&configuration, accounts.configuration()).unwrap();
    let file = |name: &str, content: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    let user = KeyPair::new_user();
    let right = file("right.creds", accounts.credentials(&user, &user));
    // The seed of another user does not fit the JWT, and an account of another operator is not known.
    let seed = file("seed.creds", accounts.credentials(&user, &KeyPair::new_user()));
    let stranger = file("stranger.creds", Accounts::new().credentials(&user, &user));
    let Some(server) =
        Server::with(&["--config", configuration.to_str().unwrap()], tempfile::tempdir().unwrap())
    else {
        return;
    };
    let jwt = accounts.user(&user);
    server
        .context_as(|| {
            let seed = KeyPair::from_seed(&user.seed().unwrap()).unwrap();
            ConnectOptions::with_jwt(jwt.clone(), move |nonce| {
                let signed = seed.sign(&nonce).map_err(async_nats::AuthError::new);
                std::future::ready(signed)
            })
        })
        .await;
    let sink =
        |path: &Path| NatsSink::to(&server.url).unwrap().credentials(NatsCredentials::File(path.to_owned()));
    let (state, note) = outcome(sink(&right)).await;
    assert_eq!((state, note.as_str()), (State::Done, "message 1 of the stream WEBHOOKS"));
    for refused in [seed, stranger] {
        let (state, note) = outcome(sink(&refused)).await;
        assert_eq!(state, State::Dead);
        assert!(note.contains("failed to connect: authorization violation"), "{note}");
    }
    let (_, note) = outcome(sink(&folder.path().join("none.creds"))).await;
    assert!(note.contains("failed to read the credentials in ") && note.contains("none.creds"), "{note}");
    let (_, note) = outcome(sink(&configuration)).await;
    assert!(note.contains("failed to read the credentials in ") && !note.contains("eyJ"), "{note}");
}

/// An operator with an account for messages and one for the server, as `nsc` makes them.
struct Accounts {
    operator: KeyPair,
    system: KeyPair,
    account: KeyPair,
}

impl Accounts {
    fn new() -> Self {
        let (system, account) = (KeyPair::new_account(), KeyPair::new_account());
        Self { operator: KeyPair::new_operator(), system, account }
    }

    /// A server that trusts the operator and knows both accounts.
    fn configuration(&self) -> String {
        let limits = json!({
            "subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "wildcards": true, "conn": -1,
            "leaf": -1, "mem_storage": -1, "disk_storage": -1, "streams": -1, "consumer": -1
        });
        let (system, account) = (self.system.public_key(), self.account.public_key());
        let without_storage =
            json!({ "type": "account", "limits": { "subs": -1, "conn": -1, "data": -1, "payload": -1 } });
        let operator = jwt(&self.operator, &self.operator, json!({ "type": "operator" }));
        let of_system = jwt(&self.operator, &self.system, without_storage);
        let of_account = jwt(&self.operator, &self.account, json!({ "type": "account", "limits": limits }));
        format!(
            "operator: {operator}\nsystem_account: {system}\nresolver: MEMORY\n\
             resolver_preload: {{ {system}: {of_system}, {account}: {of_account} }}\n"
        )
    }

    /// What the account says about a user.
    fn user(&self, user: &KeyPair) -> String {
        jwt(&self.account, user, json!({ "type": "user", "subs": -1, "data": -1, "payload": -1 }))
    }

    /// A credentials file.
    fn credentials(&self, user: &KeyPair, seed: &KeyPair) -> String {
        format!(
            "-----BEGIN NATS USER JWT-----\n{}\n------END NATS USER JWT------\n\n\
             -----BEGIN USER NKEY SEED-----\n{}\n------END USER NKEY SEED------\n",
            self.user(user),
            seed.seed().unwrap()
        )
    }
}

/// What an issuer says about a subject.
fn jwt(issuer: &KeyPair, subject: &KeyPair, mut nats: serde_json::Value) -> String {
    nats["version"] = json!(2);
    let (iss, sub) = (issuer.public_key(), subject.public_key());
    let claims =
        json!({ "jti": "test", "iat": 1_772_366_400, "iss": iss, "sub": sub, "name": "test", "nats": nats });
    let header = json!({ "typ": "JWT", "alg": "ed25519-nkey" });
    let encoded = |value: &serde_json::Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", encoded(&header), encoded(&claims));
    let signature = BASE64_URL_SAFE_NO_PAD.encode(issuer.sign(signed.as_bytes()).unwrap());
    format!("{signed}.{signature}")
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
