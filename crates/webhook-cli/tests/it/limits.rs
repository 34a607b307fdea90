//! Bodies without end, clients without haste, and a thousand of both kinds of sender at once.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Barrier;

use crate::http::{self, Answer};
use crate::listener::Listener;
use crate::vendors::{EVERY_SECRET, MONITORQA_TOKEN, QASE_SECRET, Vendor};

type Qase = qase_webhooks::Webhook;

const BODY: &str = r#"{"event_name":"run.deleted","timestamp":1772366400,"payload":{"id":880}}"#;

fn secret() -> (&'static str, String) {
    ("x-qase-secret", QASE_SECRET.to_owned())
}

/// What every vendor takes for a credential, as far as it can tell before the body.
fn credentials() -> [(&'static str, String); 2] {
    [secret(), ("x-deepsource-signature", "0".repeat(64))]
}

/// Writes until the listener has answered and will not take more; yields the answer and how much was written.
fn pour(addr: SocketAddr, head: &str, piece: &[u8], most: usize) -> (io::Result<Answer>, usize) {
    let mut stream = http::connect(addr);
    stream.write_all(head.as_bytes()).unwrap();
    let mut reader = stream.try_clone().unwrap();
    let answer = thread::spawn(move || http::read_answer(&mut reader));
    let mut written = 0;
    while written < most && !answer.is_finished() {
        match stream.write(piece) {
            Ok(bytes) => written += bytes,
            Err(_) => break,
        }
    }
    (answer.join().unwrap(), written)
}

#[test]
fn a_body_that_announces_too_much_is_turned_away_unread() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let started = Instant::now();
    // The last is beyond what a length can be.
    for (length, status) in [("1048577", 413), ("5000000000", 413), ("18446744073709551615", 431)] {
        let mut stream = http::connect(listener.addr);
        let head = http::head("POST", "/qase", &[secret(), ("content-length", length.to_owned())], None);
        let head = head.replace("transfer-encoding: chunked\r\n", "");
        stream.write_all(head.as_bytes()).unwrap();
        let answer = http::read_answer(&mut stream).unwrap();
        assert_eq!((answer.status, answer.body.len()), (status, 0), "{length}");
    }
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(listener.stop().stdout, [""; 0]);
}

#[test]
fn a_large_body_that_is_sent_all_the_same_still_gets_its_answer() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    for limit in [1024 * 1024, 5 * 1024 * 1024] {
        let path = if limit == 1024 * 1024 { "/qase" } else { "/deepsource" };
        let head = http::head("POST", path, &credentials(), Some(limit + 1));
        let answer = pour(listener.addr, &head, &vec![b' '; limit + 1], limit + 1).0.unwrap();
        assert_eq!(answer.status, 413, "{path}");
    }
    // At the limit, only the credential decides.
    let head = http::head("POST", "/qase", &[secret()], Some(1024 * 1024));
    let answer = pour(listener.addr, &head, &vec![b' '; 1024 * 1024], 1024 * 1024).0.unwrap();
    assert_eq!(answer.status, 400, "blanks are no JSON object, and were read to the end");
}

#[test]
fn chunks_without_end_are_cut_off_at_the_limit() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let mut piece = b"10000\r\n".to_vec();
    piece.extend_from_slice(&vec![b' '; 0x10000]);
    piece.extend_from_slice(b"\r\n");
    for path in ["/qase", "/deepsource", &format!("/monitorqa/{MONITORQA_TOKEN}")] {
        let started = Instant::now();
        let head = http::head("POST", path, &credentials(), None);
        let (answer, written) = pour(listener.addr, &head, &piece, 1 << 30);
        assert_eq!(answer.unwrap().status, 413, "{path}");
        // The limit, and what the two sockets hold.
        assert!(written < 32 << 20, "{written} bytes were taken");
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    }
    #[cfg(target_os = "linux")]
    {
        let status = std::fs::read_to_string(format!("/proc/{}/status", listener.id())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let kib: usize = peak.trim().trim_end_matches(" kB").parse().unwrap();
        assert!(kib < 100 * 1024, "{kib} KiB at the peak");
    }
    assert_eq!(Qase::deliver(&listener, BODY.as_bytes()).status, 200);
}

#[test]
fn a_client_that_never_finishes_is_let_go_and_the_others_never_notice() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let started = Instant::now();
    let slow = |bytes: String| -> TcpStream {
        let mut stream = http::connect(listener.addr);
        stream.write_all(bytes.as_bytes()).unwrap();
        stream
    };
    let body = http::head("POST", "/qase", &[secret()], Some(100)) + "{\"event";
    let chunked = http::head("POST", "/qase", &[secret()], None) + "5\r\n{\"eve";
    let mut bodies = [slow(body), slow(chunked)];
    let mut heads =
        [slow(String::new()), slow("POST /qase HT".to_owned()), slow("POST /qase HTTP/1.1\r\na".to_owned())];
    // One that keeps writing, a byte at a time, gets no more time than one that does not.
    let mut trickle = slow(http::head("POST", "/qase", &[secret()], Some(1_000_000)));
    let mut reader = trickle.try_clone().unwrap();
    let trickled = thread::spawn(move || http::read_answer(&mut reader).unwrap().status);
    let writer = thread::spawn(move || {
        while trickle.write_all(b" ").is_ok() {
            thread::sleep(Duration::from_millis(50));
        }
    });
    for _ in 0..20 {
        let sent = Instant::now();
        assert_eq!(Qase::deliver(&listener, BODY.as_bytes()).status, 200);
        assert!(sent.elapsed() < Duration::from_secs(1), "{:?}", sent.elapsed());
    }
    for stream in &mut bodies {
        assert_eq!(http::read_answer(stream).unwrap().status, 408);
        assert_closed(stream);
    }
    assert_eq!(trickled.join().unwrap(), 408);
    for stream in &mut heads {
        let mut rest = Vec::new();
        // Closed, with or without a last word.
        let _ = stream.read_to_end(&mut rest);
        assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&rest));
    }
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    writer.join().unwrap();
}

fn assert_closed(stream: &mut TcpStream) {
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
    assert!(rest.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_connections_at_once_half_of_them_forged() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    assert_each_gets_its_answer(listener.addr, connections()).await;
}

/// A listener with too few file descriptors for all of them answers them all the same, one after another.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn connections_beyond_the_open_files_wait_for_their_turn() {
    let listener = Listener::with_open_files(128, &[]);
    assert_each_gets_its_answer(listener.addr, connections().min(400)).await;
}

/// A thousand, or as many as this process may have: a machine with few open files is not told to have more.
fn connections() -> usize {
    let limit = Command::new("sh").args(["-c", "ulimit -n"]).output().unwrap().stdout;
    let limit = String::from_utf8(limit).unwrap().trim().parse().unwrap_or(usize::MAX);
    1_000.min(limit.saturating_sub(200))
}

/// Every connection is open before the first one sends anything.
async fn assert_each_gets_its_answer(addr: SocketAddr, connections: usize) {
    assert!(connections >= 50);
    let barrier = Arc::new(Barrier::new(connections));
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..connections {
        let barrier = Arc::clone(&barrier);
        let genuine = number % 2 == 0;
        tasks.spawn(async move {
            let secret = if genuine { QASE_SECRET } else { "qase-secret-7f31c8" };
            let close = ("connection", "close".to_owned());
            let headers = [("x-qase-secret", secret.to_owned()), close];
            let request = http::head("POST", "/qase", &headers, Some(BODY.len())) + BODY;
            let mut stream = tokio::net::TcpStream::connect(addr).await.unwrap();
            barrier.wait().await;
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            (genuine, http::status(&answer))
        });
    }
    let all = tokio::time::timeout(Duration::from_secs(60), tasks.join_all()).await.unwrap();
    let count = |genuine, status| all.iter().filter(|answer| **answer == (genuine, status)).count();
    assert_eq!((count(true, 200), count(false, 401)), (connections.div_ceil(2), connections / 2), "{all:?}");
}
