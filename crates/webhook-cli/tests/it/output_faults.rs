//! Standard output that stalls, is full or is gone: nothing is acknowledged that was not written, and the process ends.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use webhook_core::samples::SignedRequest;

use crate::http::{self, Answer};
use crate::listener::Listener;
use crate::process;
use crate::vendors::{EVERY_SECRET, Vendor};

type Qase = qase_webhooks::Webhook;

const LONGEST: Duration = Duration::from_secs(30);

fn body(number: usize) -> String {
    let title = "x".repeat(2_000);
    format!(
        r#"{{"event_name":"run.deleted","timestamp":1772366400,"payload":{{"id":{number},"title":"{title}"}}}}"#
    )
}

fn deliver(addr: SocketAddr, number: usize) -> std::io::Result<Answer> {
    let request: SignedRequest = Qase::signed(body(number).as_bytes());
    let headers = request.headers();
    let mut stream = http::connect(addr);
    stream.write_all(http::head("POST", "/qase", headers, Some(request.body().len())).as_bytes())?;
    stream.write_all(&request.body())?;
    http::read_answer(&mut stream)
}

/// A listener whose standard output is somebody else's business.
struct Process {
    child: Child,
    addr: SocketAddr,
    log: mpsc::Receiver<String>,
}

impl Process {
    fn start(arguments: &[&str], stdout: Stdio) -> Self {
        let arguments = [&["listen", "--json", "--addr", "127.0.0.1:0"], arguments].concat();
        let mut child = process::command(&arguments, &EVERY_SECRET).stdout(stdout).spawn().unwrap();
        let stderr = child.stderr.take().unwrap();
        let (line, log) = mpsc::channel();
        thread::spawn(move || {
            BufReader::new(stderr).lines().map_while(Result::ok).try_for_each(|text| line.send(text))
        });
        let first = log.recv_timeout(LONGEST).unwrap();
        let addr = first.strip_prefix("listening on http://").unwrap().split(' ').next().unwrap();
        Self { addr: addr.parse().unwrap(), child, log }
    }

    fn status(&self, path: &str) -> u16 {
        http::request(self.addr, "GET", path, &[], b"").status
    }

    fn signal(&self, name: &str) {
        Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
    }

    /// Its exit status and its log, once it has ended.
    fn end(mut self, longest: Duration) -> (Option<i32>, String) {
        let status = process::wait(&mut self.child, longest);
        (status.code(), self.log.iter().collect::<Vec<_>>().join("\n"))
    }
}

/// Delivers until standard output takes no more; the numbers of what was acknowledged.
fn fill(process: &Process) -> Vec<usize> {
    let mut acknowledged = Vec::new();
    for number in 0..1_000 {
        match deliver(process.addr, number).unwrap().status {
            200 => acknowledged.push(number),
            503 => return acknowledged,
            other => panic!("{other}"),
        }
    }
    panic!("a pipe that nobody reads took a thousand deliveries");
}

fn numbers(lines: &str) -> Vec<usize> {
    let id = |line: &str| {
        serde_json::from_str::<serde_json::Value>(line).unwrap()["webhook"]["payload"]["id"].clone()
    };
    lines.lines().map(|line| usize::try_from(id(line).as_u64().unwrap()).unwrap()).collect()
}

#[test]
fn a_stalled_output_is_answered_503_logged_and_recovers_without_a_loss() {
    let mut process = Process::start(&[], Stdio::piped());
    let mut stdout: ChildStdout = process.child.stdout.take().unwrap();
    let mut acknowledged = fill(&process);
    assert_eq!(
        (process.status("/readyz"), process.status("/healthz"), process.status("/livez")),
        (503, 503, 200)
    );
    // The reader goes on.
    let reader = thread::spawn(move || {
        let mut lines = String::new();
        stdout.read_to_string(&mut lines).unwrap();
        lines
    });
    let started = Instant::now();
    while deliver(process.addr, 5_000).unwrap().status != 200 {
        assert!(started.elapsed() < LONGEST);
    }
    acknowledged.push(5_000);
    assert_eq!(process.status("/readyz"), 200);
    process.signal("TERM");
    let (code, log) = process.end(LONGEST);
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("standard output is blocked") && log.contains("is writable again"), "{log}");
    let printed = numbers(&reader.join().unwrap());
    for number in acknowledged {
        assert!(printed.contains(&number), "{number} was acknowledged and not printed");
    }
}

#[test]
fn a_stalled_output_does_not_hold_up_the_end() {
    let process = Process::start(&[], Stdio::piped());
    fill(&process);
    process.signal("TERM");
    let told = Instant::now();
    let (code, log) = process.end(LONGEST);
    assert!(told.elapsed() < Duration::from_secs(10), "{:?}", told.elapsed());
    assert_eq!(code, Some(1), "{log}");
}

#[test]
fn a_second_signal_ends_at_once() {
    let process = Process::start(&[], Stdio::piped());
    fill(&process);
    // One request waits for its line for seconds.
    let addr = process.addr;
    let waiting = thread::spawn(move || deliver(addr, 9_000));
    thread::sleep(Duration::from_millis(300));
    process.signal("TERM");
    // Signals right after the first one are ignored.
    let told = Instant::now();
    let mut process = process;
    while process.child.try_wait().unwrap().is_none() {
        assert!(told.elapsed() < LONGEST);
        process.signal("INT");
        thread::sleep(Duration::from_millis(50));
    }
    let (code, log) = process.end(LONGEST);
    assert_eq!(code, Some(1));
    assert!(log.contains("stopped at once, by a second signal"), "{log}");
    let _ = waiting.join();
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_output_is_answered_503_logged_and_ends_the_process() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let process = Process::start(&[], Stdio::from(OwnedFd::from(full)));
    assert_eq!(deliver(process.addr, 1).unwrap().status, 503);
    let (code, log) = process.end(LONGEST);
    assert_eq!(code, Some(1), "{log}");
    assert!(log.contains("standard output cannot be written any more (No space left on device"), "{log}");
}

#[test]
fn the_process_ends_when_the_reader_of_its_output_does() {
    let mut process = Process::start(&[], Stdio::piped());
    let mut stdout = BufReader::new(process.child.stdout.take().unwrap());
    assert_eq!(deliver(process.addr, 1).unwrap().status, 200);
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert_eq!(numbers(&line), [1]);
    drop(stdout);
    // No delivery has to come for it.
    let (code, log) = process.end(Duration::from_secs(10));
    assert_eq!(code, Some(1), "{log}");
    assert!(log.contains("its reader has closed it"), "{log}");
}

#[test]
fn what_is_kept_elsewhere_is_received_without_an_output() {
    let folder =
        std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("kept-{}", std::process::id()));
    let mut process = Process::start(&["--save", folder.to_str().unwrap()], Stdio::piped());
    drop(process.child.stdout.take());
    for number in 0..20 {
        assert_eq!(deliver(process.addr, number).unwrap().status, 200);
    }
    assert_eq!(process.status("/readyz"), 200);
    process.signal("TERM");
    let (code, log) = process.end(LONGEST);
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("printing has stopped"), "{log}");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 20);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn an_output_that_leads_nowhere_is_shouted() {
    let process = Process::start(&[], Stdio::null());
    process.signal("TERM");
    let (_, log) = process.end(LONGEST);
    assert!(log.contains("acknowledged deliveries are LOST"), "{log}");
}

/// The log is nobody's reason to wait either.
#[test]
fn a_log_that_nobody_reads_holds_nothing_up() {
    for gone in [true, false] {
        let arguments = ["listen", "--json", "--addr", "127.0.0.1:0"];
        let environment = [&EVERY_SECRET[..], &[("RUST_LOG", "trace")]].concat();
        let mut child = process::command(&arguments, &environment).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut first = String::new();
        while !first.starts_with("listening on http://") {
            first.clear();
            stderr.read_line(&mut first).unwrap();
        }
        let addr: SocketAddr =
            first.trim_start_matches("listening on http://").split(' ').next().unwrap().parse().unwrap();
        let stderr = (!gone).then_some(stderr);
        let mut stdout = child.stdout.take().unwrap();
        let reader = thread::spawn(move || stdout.read_to_end(&mut Vec::new()));
        for number in 0..300 {
            assert_eq!(deliver(addr, number).unwrap().status, 200);
            assert_eq!(http::request(addr, "POST", "/qase", &[], b"{}").status, 401);
        }
        Command::new("kill").arg(child.id().to_string()).status().unwrap();
        assert_eq!(process::wait(&mut child, Duration::from_secs(15)).code(), Some(0), "gone: {gone}");
        drop(stderr);
        reader.join().unwrap().unwrap();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_drift_log_that_is_full_never_stops_receiving() {
    let listener = Listener::start(&["--drift-log", "/dev/full"], &EVERY_SECRET);
    for number in 0..50 {
        let body = format!(r#"{{"event_name":"brand.new{number}","timestamp":1,"payload":{{}}}}"#);
        assert_eq!(Qase::deliver(&listener, body.as_bytes()).status, 200);
    }
    let remains = listener.stop();
    assert_eq!((remains.status.code(), remains.stdout.len()), (Some(0), 50));
    let told = remains.stderr.lines().filter(|line| line.contains("failed to write the drift log")).count();
    assert_eq!(told, 1, "{}", remains.stderr);
    assert!(remains.stderr.contains("/dev/full"));
}
