//! The processes that are measured, and the one that consumes beside them.

use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;
use webhook_inbox::Inbox;

use super::clients::SECRET;
use super::fill::SINK;

/// The argument with which this program is the server that keeps nothing.
pub(crate) const BARE: &str = "--bare-axum";
/// The argument with which this program consumes what is kept.
pub(crate) const CONSUMER: &str = "--consumer";

/// A process that ends with its value.
pub(crate) struct Running(Child);

/// A server.
pub(crate) struct Process {
    running: Running,
    pub(crate) addr: SocketAddr,
}

impl Process {
    /// `webhooks listen --inbox` on a store.
    pub(crate) fn listen(url: &str) -> Self {
        let program = PathBuf::from(env!("CARGO_BIN_EXE_webhooks"));
        let arguments = ["listen", "--addr", "127.0.0.1:0", "--json", "--inbox", url];
        Self::start(Command::new(program).args(arguments).env("QASE_WEBHOOK_SECRET", SECRET))
    }

    /// An axum handler that reads the body and answers 200.
    pub(crate) fn bare_axum() -> Self {
        Self::start(Command::new(std::env::current_exe().unwrap()).arg(BARE))
    }

    /// A consumer without an effect.
    pub(crate) fn consumer(url: &str) -> Running {
        let mut command = Command::new(std::env::current_exe().unwrap());
        Running(command.args([CONSUMER, url]).spawn().unwrap())
    }

    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.starts_with("listening on http://") {
            line.clear();
            assert_ne!(stderr.read_line(&mut line).unwrap(), 0, "the server listens");
        }
        thread::spawn(move || io::copy(&mut stderr, &mut io::stderr()));
        let addr = line.trim_start_matches("listening on http://").split_whitespace().next().unwrap();
        Self { addr: addr.parse().unwrap(), running: Running(child) }
    }

    /// The most memory that it had so far, in KiB.
    pub(crate) fn peak_kib(&self) -> u64 {
        let status = format!("/proc/{}/status", self.running.0.id());
        let status = std::fs::read_to_string(status).expect("Linux");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) async fn bare_axum() {
    async fn body_only(body: Bytes) -> StatusCode {
        std::hint::black_box(body);
        StatusCode::OK
    }

    let router = Router::new().route("/qase", post(body_only));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    eprintln!("listening on http://{}", listener.local_addr().unwrap());
    axum::serve(listener, router).await.unwrap();
}

pub(crate) async fn consume(url: &str) {
    let inbox = Inbox::open(url).await.unwrap();
    let consumer = inbox.consumer(SINK).concurrency(256).on_raw(|_, _| std::future::ready(()));
    consumer.run(std::future::pending()).await.unwrap();
}
