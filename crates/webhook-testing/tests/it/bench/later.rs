//! Receivers that answer first and process later.

use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use webhook_core::Secret;
use webhook_testing::{Bench, Report};

use super::{Memory, SAMPLES, SECRET, block_on, failed};
use crate::invented::BodyHmac;

/// How long a delivery waits in the queue.
const DELAY: Duration = Duration::from_millis(10);
/// How long the bench gives it: enough for a busy machine.
const SETTLE: Duration = Duration::from_millis(200);

/// Runs the bench against a receiver whose answers come before its work. `queued` returns how many times a request
/// with its answer is processed.
fn later(settle: Duration, queued: fn(StatusCode, new: bool) -> usize) -> Report {
    let memory = Arc::new(Memory::<BodyHmac>::new());
    let (queue, work) = mpsc::channel::<usize>();
    let worker = thread::spawn({
        let memory = Arc::clone(&memory);
        move || {
            for times in work {
                thread::sleep(DELAY);
                (0..times).for_each(|_| memory.process());
            }
        }
    });
    let receive = async |request: Request<Bytes>| -> Result<StatusCode, String> {
        if request.method() != http::Method::POST {
            return Ok(StatusCode::METHOD_NOT_ALLOWED);
        }
        let (head, body) = request.into_parts();
        let (status, new) = match memory.receiver.accept(&head, body) {
            Ok(delivery) => (StatusCode::OK, memory.is_new(delivery.key())),
            Err(rejected) => (rejected.status(), false),
        };
        let times = queued(status, new);
        if times > 0 {
            queue.send(times).unwrap();
        }
        Ok(status)
    };
    let bench = Bench::new(&SAMPLES, Secret::new(SECRET).unwrap()).path("/hooks").settle(settle);
    let count = || async { memory.processed.load(std::sync::atomic::Ordering::SeqCst) };
    let report = block_on(bench.processed_async(count).run(&receive));
    drop(queue);
    worker.join().unwrap();
    report
}

#[test]
fn a_receiver_that_processes_later_passes_with_time_to_settle() {
    later(SETTLE, |_, new| usize::from(new)).assert_passed();
}

#[test]
fn without_time_to_settle_deliveries_are_reported_as_lost() {
    let report = later(Duration::ZERO, |_, new| usize::from(new));
    assert!(failed(&report).contains(&"valid"), "{report}");
    assert!(report.to_string().contains("answered 200 and processed 0 times, expected 1"), "{report}");
}

#[test]
fn a_rejected_delivery_that_is_processed_later_is_reported() {
    let report = later(SETTLE, |status, new| usize::from(new || status == StatusCode::UNAUTHORIZED));
    for row in ["unsigned", "forged", "forged and not JSON", "tampered after signing"] {
        assert!(failed(&report).contains(&row), "{row} in {report}");
    }
    assert!(!failed(&report).contains(&"valid"), "{report}");
    assert!(report.to_string().contains("processed 1 times in the end, expected 0"), "{report}");
}

#[test]
fn a_delivery_that_is_processed_twice_later_is_reported() {
    let report = later(SETTLE, |_, new| 2 * usize::from(new));
    for row in ["valid", "duplicate delivery", "concurrent duplicates"] {
        assert!(failed(&report).contains(&row), "{row} in {report}");
    }
}
