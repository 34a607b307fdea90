//! Senders that want the listener to stop serving others: by connections, by memory, by the log, by malformed requests.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::http::{self, Answer, head, read_answer};
use crate::listener::Listener;
use crate::vendors::{EVERY_SECRET, MONITORQA_TOKEN, QASE_SECRET, Vendor};

type Qase = qase_webhooks::Webhook;
type Deepsource = deepsource_webhooks::Webhook;

const BODY: &str = r#"{"event_name":"run.deleted","timestamp":1772366400,"payload":{"id":880}}"#;

fn deliver(listener: &Listener) -> u16 {
    Qase::deliver(listener, BODY.as_bytes()).status
}

/// A listener that may open 128 files.
#[cfg(unix)]
fn with_few_files() -> Listener {
    let arguments = ["-c", "ulimit -n 128; exec \"$0\" listen --json --addr 127.0.0.1:0"];
    let mut command = Command::new("sh");
    command.args(arguments).arg(env!("CARGO_BIN_EXE_webhooks")).envs(EVERY_SECRET);
    Listener::spawn(command.stdout(Stdio::piped()).stderr(Stdio::piped()))
}

#[cfg(unix)]
#[test]
fn clients_that_never_read_their_answers_make_room_for_a_genuine_delivery() {
    let listener = with_few_files();
    let requests = "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n".repeat(500);
    let mut clients = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(listener.addr).unwrap();
        stream.set_nonblocking(true).unwrap();
        // As much as the sockets take: the listener answers until its side is full.
        for _ in 0..200 {
            if stream.write(requests.as_bytes()).is_err() {
                thread::sleep(Duration::from_millis(1));
            }
        }
        clients.push(stream);
    }
    let started = Instant::now();
    assert_eq!(deliver(&listener), 200);
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
    // None of them is open any more once its time to read is over.
    let deadline = Instant::now() + Duration::from_secs(20);
    for stream in &mut clients {
        while is_open(stream) {
            assert!(Instant::now() < deadline, "a client that reads nothing is still connected");
            thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Whether the other side still takes bytes.
fn is_open(stream: &mut TcpStream) -> bool {
    match stream.write_all(b"G") {
        Ok(()) => true,
        Err(error) => error.kind() == std::io::ErrorKind::WouldBlock,
    }
}

#[test]
fn beyond_the_limit_the_connection_that_was_idle_longest_makes_room() {
    let listener = Listener::start(&["--max-connections", "4"], &EVERY_SECRET);
    let mut idle: Vec<TcpStream> = (0..4).map(|_| http::connect(listener.addr)).collect();
    let started = Instant::now();
    assert_eq!(deliver(&listener), 200);
    // An idle connection would be closed after 8 s in any case.
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    idle[0].set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    assert_eq!(idle[0].read(&mut [0; 64]).unwrap(), 0, "the first one was closed");
}

#[test]
fn an_address_has_its_share_of_the_connections() {
    let listener = Listener::start(&["--max-connections-per-address", "2"], &EVERY_SECRET);
    let busy: Vec<TcpStream> = (0..2)
        .map(|_| {
            let mut stream = http::connect(listener.addr);
            let secret = [("x-qase-secret", QASE_SECRET.to_owned())];
            stream.write_all(head("POST", "/qase", &secret, Some(100)).as_bytes()).unwrap();
            stream
        })
        .collect();
    thread::sleep(Duration::from_millis(200));
    let mut third = http::connect(listener.addr);
    let _ = third.write_all(head("GET", "/healthz", &[], Some(0)).as_bytes());
    assert!(read_answer(&mut third).is_err(), "the third connection is closed");
    drop(busy);
    thread::sleep(Duration::from_millis(200));
    assert_eq!(deliver(&listener), 200);
    assert!(listener.stop().stderr.contains("too_many_connections"));
}

#[test]
fn a_wrong_secret_is_answered_before_the_body() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let wrong = ("x-qase-secret", "another-secret".to_owned());
    let expect = ("expect", "100-continue".to_owned());
    let requests = [
        head("POST", "/qase", std::slice::from_ref(&wrong), Some(1_000_000)),
        head("POST", "/qase", &[], Some(1_000_000)),
        head("POST", "/qase", &[wrong, expect.clone()], Some(1_000_000)),
        head("POST", "/monitorqa/another-token", std::slice::from_ref(&expect), Some(1_000_000)),
        head("POST", "/monitorqa", &[], Some(1_000_000)),
        // Signed bodies: what is no signature at all.
        head("POST", "/deepsource", &[expect], Some(1_000_000)),
        head("POST", "/deepsource", &[("x-deepsource-signature", "abc".to_owned())], None),
    ];
    for request in requests {
        let mut stream = http::connect(listener.addr);
        stream.write_all(request.as_bytes()).unwrap();
        let started = Instant::now();
        let answer = read_answer(&mut stream).unwrap();
        assert_eq!(answer.status, 401, "{request}");
        assert!(started.elapsed() < Duration::from_secs(1), "{request}");
    }
    // Who is known is asked for the body.
    let known = [("x-qase-secret", QASE_SECRET.to_owned()), ("expect", "100-continue".to_owned())];
    let mut stream = http::connect(listener.addr);
    stream.write_all(head("POST", "/qase", &known, Some(BODY.len())).as_bytes()).unwrap();
    assert_eq!(read_answer(&mut stream).unwrap().status, 100);
    stream.write_all(BODY.as_bytes()).unwrap();
    assert_eq!(read_answer(&mut stream).unwrap().status, 200);
}

#[cfg(target_os = "linux")]
#[test]
fn a_thousand_forged_megabytes_do_not_fill_the_memory() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let body = vec![b' '; 1 << 20];
    let answered = AtomicUsize::new(0);
    let refused = AtomicUsize::new(0);
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(|| {
                // All bodies are begun before any is complete, as far as a hundred threads can have them.
                while next.fetch_add(10, Ordering::Relaxed) < 1_000 {
                    let mut streams: Vec<TcpStream> = (0..10).map(|_| http::connect(listener.addr)).collect();
                    let signature = [("x-deepsource-signature", "0".repeat(64))];
                    let request = head("POST", "/deepsource", &signature, Some(body.len()));
                    for stream in &mut streams {
                        let _ = stream.write_all(request.as_bytes());
                        let _ = stream.write_all(&body[..body.len() - 1]);
                    }
                    for stream in &mut streams {
                        let _ = stream.write_all(b" ");
                        match read_answer(stream).map(|answer| answer.status) {
                            Ok(401) => answered.fetch_add(1, Ordering::Relaxed),
                            Ok(503 | 408) => refused.fetch_add(1, Ordering::Relaxed),
                            Ok(status) => panic!("{status}"),
                            Err(_) => 0,
                        };
                    }
                }
            });
        }
    });
    let status = std::fs::read_to_string(format!("/proc/{}/status", listener.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kib: usize = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(kib < 200 * 1024, "{kib} KiB at the peak");
    assert!(answered.into_inner() + refused.into_inner() > 500);
    assert_eq!(deliver(&listener), 200);
}

#[test]
fn bodies_beyond_the_memory_are_answered_503_with_a_time_to_come_back() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    // On a slow machine a body may take longer than the listener waits for one (408); then the memory is filled again.
    let (open, refused) =
        (0..5).map(|_| fill_the_memory(&listener)).find(|(_, last)| last.status != 408).unwrap();
    assert_eq!(refused.status, 503, "{}", refused.head);
    assert!(refused.head.contains("retry-after: "), "{}", refused.head);
    // Who proves itself by its head has a share of its own.
    assert_eq!(deliver(&listener), 200);
    drop(open);
    thread::sleep(Duration::from_millis(300));
    let sample = Deepsource::samples()[0].body();
    assert_eq!(Deepsource::deliver(&listener, sample.as_bytes()).status, 200);
}

/// Bodies that lack their last byte, and the answer to the last of them.
fn fill_the_memory(listener: &Listener) -> (Vec<TcpStream>, Answer) {
    let signature = [("x-deepsource-signature", "0".repeat(64))];
    let size = 5 << 20;
    // Seven are more than the share of bodies that are not known to be genuine.
    let mut open = Vec::new();
    for _ in 0..7 {
        let mut stream = http::connect(listener.addr);
        stream.set_write_timeout(Some(Duration::from_secs(2))).unwrap();
        stream.write_all(head("POST", "/deepsource", &signature, Some(size)).as_bytes()).unwrap();
        let _ = stream.write_all(&vec![b' '; size - 1]);
        open.push(stream);
    }
    let last = open.last_mut().map(|stream| read_answer(stream).unwrap()).unwrap();
    (open, last)
}

#[test]
fn a_client_that_closes_its_sending_half_is_answered() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let secret = [("x-qase-secret", QASE_SECRET.to_owned())];
    for _ in 0..40 {
        let mut stream = http::connect(listener.addr);
        stream.write_all((head("POST", "/qase", &secret, Some(BODY.len())) + BODY).as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        assert_eq!(read_answer(&mut stream).unwrap().status, 200);
    }
}

#[test]
fn a_compressed_body_is_answered_415_and_the_encoding_is_named() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    for encoding in ["gzip", "br", "private-t0ken"] {
        let headers = [("x-qase-secret", QASE_SECRET.to_owned()), ("content-encoding", encoding.to_owned())];
        let answer = listener.request("POST", "/qase", &headers, b"\x1f\x8b\x08");
        assert_eq!(answer.status, 415, "{encoding}");
        assert!(answer.head.contains("accept-encoding: identity"), "{}", answer.head);
    }
    let plain = [("x-qase-secret", QASE_SECRET.to_owned()), ("content-encoding", "identity".to_owned())];
    assert_eq!(listener.request("POST", "/qase", &plain, BODY.as_bytes()).status, 200);
    let stderr = listener.stop().stderr;
    assert!(stderr.contains("content_encoding") && stderr.contains("gzip"), "{stderr}");
    assert!(!stderr.contains("private-t0ken"), "{stderr}");
}

#[test]
fn a_request_without_its_host_is_answered_400() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    for (request, status) in [
        ("GET /healthz HTTP/1.1\r\n\r\n", 400),
        ("GET /healthz HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400),
        ("GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n", 200),
        // Before HTTP/1.1 nobody had to say it.
        ("GET /healthz HTTP/1.0\r\n\r\n", 200),
    ] {
        let mut stream = http::connect(listener.addr);
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.shutdown(Shutdown::Write).unwrap();
        stream.read_to_string(&mut answer).unwrap();
        assert_eq!(http::status(&answer), status, "{request}");
    }
}

#[test]
fn a_head_of_400_kilobytes_is_answered_431() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let headers = [("x-qase-secret", QASE_SECRET.to_owned()), ("x-long", "a".repeat(400 * 1024))];
    let mut stream = http::connect(listener.addr);
    let _ = stream.write_all((head("POST", "/qase", &headers, Some(BODY.len())) + BODY).as_bytes());
    assert_eq!(read_answer(&mut stream).unwrap().status, 431);
    let headers = [("x-qase-secret", QASE_SECRET.to_owned()), ("x-long", "a".repeat(16 * 1024))];
    assert_eq!(listener.request("POST", "/qase", &headers, BODY.as_bytes()).status, 200);
}

#[test]
fn a_slash_at_the_end_and_a_token_in_the_query_are_served() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    let secret = [("x-qase-secret", QASE_SECRET.to_owned())];
    let audit = r#"{"event":"AUDIT_COMPLETED","data":{}}"#.as_bytes();
    assert_eq!(listener.request("POST", "/qase/", &secret, BODY.as_bytes()).status, 200);
    for target in ["/monitorqa/?token=", "/monitorqa?token=", "/monitorqa/", "/monitorqa/hooks/"] {
        let target = format!("{target}{MONITORQA_TOKEN}");
        assert_eq!(listener.request("POST", &target, &[], audit).status, 200, "{target}");
    }
}

#[test]
fn every_kind_of_refusal_is_one_line_with_its_peer_and_a_count() {
    let listener = Listener::start(&[], &EVERY_SECRET[..1]);
    for _ in 0..500 {
        assert_eq!(
            listener.request("POST", "/qase", &[("x-qase-secret", "no".to_owned())], b"{}").status,
            401
        );
        assert_eq!(listener.request("POST", "/hooks/private-t0ken", &[], b"{}").status, 404);
        assert_eq!(listener.request("POST", "/monitorqa/private-t0ken", &[], b"{}").status, 404);
    }
    let stderr = listener.stop().stderr;
    let lines =
        |words: &[&str]| stderr.lines().filter(|line| words.iter().all(|word| line.contains(word))).count();
    for (reason, cause) in [
        ("credential_wrong", "cause="),
        ("not_found", "nothing is served at /hooks/***"),
        ("not_served", "MONITORQA_WEBHOOK_TOKEN is not set"),
    ] {
        let first = lines(&["webhook rejected", reason, cause, "peer=127.0.0.1:"]);
        let others = lines(&["more requests were rejected", reason, "peer=127.0.0.1"]);
        // A window may have ended in between.
        assert!((1..=2).contains(&first) && (1..=2).contains(&others), "{reason}: {stderr}");
    }
    assert!(!stderr.contains("private-t0ken"), "{stderr}");
}

#[test]
fn a_flood_of_different_requests_is_a_short_log() {
    let listener = Listener::start(&[], &EVERY_SECRET);
    for number in 0..2_000 {
        let path = format!("/{}{number}", "webhook/".repeat(number % 7));
        listener.request("POST", &path, &[], b"");
    }
    let stderr = listener.stop().stderr;
    assert!(stderr.len() < 64 * 1024, "{} bytes of log", stderr.len());
}

#[test]
fn a_pinned_algorithm_is_the_only_one() {
    let body = Deepsource::samples()[0].body().as_bytes();
    let listener = Listener::start(&["--deepsource-algorithm", "sha1"], &EVERY_SECRET);
    assert_eq!(Deepsource::deliver(&listener, body).status, 401);
    assert!(listener.stop().stderr.contains("algorithm_not_allowed"));
    let listener = Listener::start(&["--deepsource-algorithm", "sha256"], &EVERY_SECRET);
    assert_eq!(Deepsource::deliver(&listener, body).status, 200);
}

#[test]
fn what_is_not_verified_is_shouted() {
    let listener = Listener::start(&["--insecure", "monitorqa"], &EVERY_SECRET[..1]);
    let stderr = listener.stop().stderr;
    assert!(stderr.contains("WARNING: deliveries of monitorqa are NOT VERIFIED"), "{stderr}");
    assert!(!Listener::start(&[], &EVERY_SECRET).stop().stderr.contains("NOT VERIFIED"));
}
