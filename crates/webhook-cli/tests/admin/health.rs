//! Probes and metrics.

use std::time::{Duration, Instant};

use crate::process::{Process, SECRET, ask};
use crate::store::{Store, qase};

#[test]
fn a_process_is_ready_and_says_why_when_it_is_not() {
    let store = Store::new();
    let process = Process::start(&store.url, &[]);
    assert_eq!(process.get("/livez").status, 200);
    let ready = process.get("/readyz");
    assert_eq!((ready.status, ready.body.as_str()), (200, "ready\n"));
    let (most, other) = (u64::MAX.to_string(), Store::new());
    let process = Process::start(&other.url, &["--min-free-bytes", &most]);
    let full = process.get("/readyz");
    assert_eq!(full.status, 503);
    assert!(full.body.contains("bytes are free on the disk, less than"), "{}", full.body);
    assert_eq!(process.get("/livez").status, 200, "a full disk is no reason to start it anew");
}

#[test]
fn while_deliveries_in_flight_are_answered_it_drains() {
    let store = Store::new();
    let process = Process::start(&store.url, &[]);
    // A request that is never finished keeps the process for a while.
    let mut slow = std::net::TcpStream::connect(process.listener()).unwrap();
    let head =
        format!("POST /qase HTTP/1.1\r\nhost: x\r\nx-qase-secret: {SECRET}\r\ncontent-length: 100\r\n\r\n{{");
    std::io::Write::write_all(&mut slow, head.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    process.signal("TERM");
    let started = Instant::now();
    loop {
        let ready = process.get("/readyz");
        if ready.status == 503 {
            assert!(ready.body.contains("not ready: draining"), "{}", ready.body);
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(5), "{ready:?}");
    }
}

#[test]
fn what_was_received_and_rejected_is_counted() {
    let store = Store::new();
    let process = Process::start(&store.url, &[]);
    for (secret, status) in [(SECRET, 200), (SECRET, 200), ("wrong", 401)] {
        let headers = [("host", "x"), ("x-qase-secret", secret), ("content-type", "application/json")];
        assert_eq!(ask(process.listener(), "POST", "/qase", &headers, &qase(1, "")).status, status);
    }
    let metrics = process.get("/metrics");
    assert!(
        metrics.head.contains("content-type: application/openmetrics-text; version=1.0.0"),
        "{}",
        metrics.head
    );
    for line in [
        "webhooks_received_total{vendor=\"qase\",event=\"run.completed\"} 2\n",
        "webhooks_duplicates_total{vendor=\"qase\",event=\"run.completed\"} 1\n",
        "webhooks_rejected_total{vendor=\"qase\",reason=\"",
        "webhooks_last_commit_ok 1\n",
    ] {
        assert!(metrics.body.contains(line), "no {line} in\n{}", metrics.body);
    }
    assert!(!metrics.body.contains(SECRET), "{}", metrics.body);
}
