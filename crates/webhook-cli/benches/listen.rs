//! What a delivery costs the listener: CPU time per request of `webhooks listen`, against an axum handler that only reads
//! the body.
//!
//! `cargo xtask bench listen`. Each server is a process on the first core and its clients are on the second one. The two
//! take turns within one run and are compared round by round, so that a machine that is busy with something else slows
//! both; only the ratios mean something.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark that cannot run has nothing to say")]

mod compact;

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;

use axum::Router;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::routing::post;
use webhook_core::Secret;
use webhook_core::samples::SignedRequest;

use self::compact::compact;

const CLIENTS: usize = 16;
const REQUESTS: usize = 20_000;
const SECRET: &str = "a secret of the benchmark";

/// The argument with which this program is the server that is compared with.
const BARE: &str = "--bare-axum";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if arguments.iter().any(|argument| argument == BARE) {
        return bare_axum();
    }
    // The clients and what reads the output stay away from the servers.
    let pinned = Command::new("taskset")
        .args(["--all-tasks", "--pid", "--cpu-list", "1", &std::process::id().to_string()])
        .stdout(Stdio::null())
        .status();
    assert!(pinned.expect("taskset of util-linux is there").success());
    let rounds = arguments.first().and_then(|rounds| rounds.parse().ok()).unwrap_or(11);
    let secret = Secret::new(SECRET).unwrap();
    let small = qase_webhooks::samples::RUN_COMPLETED.signed(&secret);
    let large = deepsource_webhooks::samples::ANALYSIS_RUN_UPDATED;
    let pretty = large.signed(&secret);
    let compact = SignedRequest::new::<deepsource_webhooks::Webhook>(compact(large.body()), &secret);
    let inbox = std::env::temp_dir().join(format!("webhooks-bench-{}", std::process::id()));
    println!("CPU time per request / of a bare axum handler, {rounds} rounds of {REQUESTS} requests");
    println!("{:<52} {:>6} {:>8} {:>8} {:>8} {:>8}", "", "bytes", "minimum", "median", "maximum", "bare us");
    for (name, path, request) in [
        ("qase run.completed", "/qase", &small),
        ("deepsource analysis_run.updated", "/deepsource", &compact),
        ("the same, pretty-printed", "/deepsource", &pretty),
    ] {
        compare(&format!("{name}, --json"), rounds, path, request, &["--json"]);
        compare(&format!("{name}, for people"), rounds, path, request, &[]);
        std::fs::create_dir_all(&inbox).unwrap();
        let url = format!("sqlite:{}", inbox.join("inbox.db").display());
        compare(&format!("{name}, --json --inbox"), rounds, path, request, &["--json", "--inbox", &url]);
        std::fs::remove_dir_all(&inbox).unwrap();
    }
}

/// Prints the ratio of both servers over all rounds.
fn compare(name: &str, rounds: usize, path: &str, request: &SignedRequest, arguments: &[&str]) {
    let bare = Server::start(std::env::current_exe().unwrap(), &[BARE]);
    let listen = [&["listen", "--addr", "127.0.0.1:0"], arguments].concat();
    let listen = Server::start(PathBuf::from(env!("CARGO_BIN_EXE_webhooks")), &listen);
    // Connections and caches warm up outside the count.
    bare.cost("/body", request);
    listen.cost(path, request);
    let mut rounds: Vec<(f64, f64)> = (0..rounds)
        .map(|_| {
            let reference = bare.cost("/body", request);
            (listen.cost(path, request) / reference, reference)
        })
        .collect();
    rounds.sort_by(|one, other| one.0.total_cmp(&other.0));
    let at = |index: usize| rounds.get(index).copied().unwrap_or_default();
    let (last, middle) = (rounds.len() - 1, rounds.len() / 2);
    println!(
        "{name:<52} {:>6} {:>8.2} {:>8.2} {:>8.2} {:>8.1}",
        request.body().len(),
        at(0).0,
        at(middle).0,
        at(last).0,
        at(middle).1,
    );
}

/// A server process on the first core.
struct Server {
    child: Child,
    addr: SocketAddr,
}

impl Server {
    fn start(program: PathBuf, arguments: &[&str]) -> Self {
        let mut child = Command::new("taskset")
            .args(["--cpu-list", "0"])
            .arg(program)
            .args(arguments)
            .env("QASE_WEBHOOK_SECRET", SECRET)
            .env("DEEPSOURCE_WEBHOOK_SECRET", SECRET)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("taskset of util-linux is there");
        let mut stdout = child.stdout.take().unwrap();
        thread::spawn(move || io::copy(&mut stdout, &mut io::sink()));
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.starts_with("listening on http://") {
            line.clear();
            assert_ne!(stderr.read_line(&mut line).unwrap(), 0, "the server listens");
        }
        thread::spawn(move || io::copy(&mut stderr, &mut io::sink()));
        let addr = line.trim_start_matches("listening on http://").split_whitespace().next().unwrap();
        Self { addr: addr.parse().unwrap(), child }
    }

    /// Microseconds of CPU time per request of one round.
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    fn cost(&self, path: &str, request: &SignedRequest) -> f64 {
        let message = message(path, request);
        let before = self.cpu_ticks();
        thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| client(self.addr, &message));
            }
        });
        // A tick is a hundredth of a second.
        (self.cpu_ticks() - before) as f64 * 10_000.0 / REQUESTS as f64
    }

    /// User and system time of all threads of the process.
    fn cpu_ticks(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("Linux");
        // The name before the parenthesis may hold blanks.
        let fields = stat.rsplit(')').next().unwrap_or_default();
        fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
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

/// One of the clients: each sends its next request when the last one is answered.
fn client(addr: SocketAddr, message: &[u8]) {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut buffer = [0; 1024];
    for _ in 0..REQUESTS / CLIENTS {
        stream.write_all(message).unwrap();
        // An answer without a body fits into one read.
        let length = stream.read(&mut buffer).unwrap();
        let answer = buffer.get(..length).unwrap_or_default();
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(answer));
    }
}

/// The server that is compared with.
fn bare_axum() {
    async fn body_only(body: Bytes) -> StatusCode {
        std::hint::black_box(body);
        StatusCode::OK
    }

    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let router = Router::new().route("/body", post(body_only));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        eprintln!("listening on http://{}", listener.local_addr().unwrap());
        axum::serve(listener, router).await.unwrap();
    });
}
