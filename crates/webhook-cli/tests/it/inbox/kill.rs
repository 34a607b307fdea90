//! Processes that end in the middle of their work, by `kill -9` and by SIGTERM, again and again on one file.
//!
//! `WEBHOOKS_TEST_KILLS` is how often; a few times unless it is set.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::SocketAddr;
use std::process::Child;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use webhook_inbox::{Backoff, Context, Inbox, Outcome, State, StoredDelivery};

use super::server::{Server, left_out};
use super::{Folder, body, rows, start, start_test, with_inbox};
use crate::http::{self, head, read_answer};
use crate::vendors::QASE_SECRET;

const CLIENTS: usize = 8;

const SINK: &str = "worker";

/// In the environment of the process that works as a consumer.
const CONSUMER: &str = "WEBHOOKS_TEST_CONSUMER";

/// What was acknowledged, and how often each.
type Acknowledged = Mutex<BTreeMap<usize, u64>>;

fn rounds() -> usize {
    std::env::var("WEBHOOKS_TEST_KILLS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(8)
}

#[test]
fn what_was_acknowledged_survives_kill_9_of_listener_and_consumer() {
    let folder = Folder::new("inbox-kill");
    survive(&folder.url());
}

#[test]
fn what_was_acknowledged_survives_kill_9_on_postgres() {
    let Some(server) = Server::start("") else { return left_out() };
    tokio::runtime::Runtime::new().unwrap().block_on(server.ready());
    survive(&server.url("postgres"));
}

fn survive(url: &str) {
    let acknowledged = Acknowledged::default();
    let next = AtomicUsize::new(0);
    let mut consumer = None::<Child>;
    for round in 0..rounds() {
        let listener = start(url);
        let stop = AtomicBool::new(false);
        let drained = thread::scope(|scope| {
            let (stop, acknowledged, next) = (&stop, &acknowledged, &next);
            for client in 0..CLIENTS {
                let addr = listener.addr;
                scope.spawn(move || load(addr, client, next, acknowledged, stop));
            }
            // The two are killed at different moments: the consumer in every third round.
            if round % 3 == 0 {
                if let Some(mut consumer) = consumer.take() {
                    consumer.kill().unwrap();
                    consumer.wait().unwrap();
                }
                consumer = Some(start_consumer(url));
            }
            // Between an instant and a third of a second, spread over the rounds.
            thread::sleep(Duration::from_millis(30 + (round as u64 * 97) % 300));
            listener.signal("KILL");
            stop.store(true, Ordering::Relaxed);
            listener.remains().status.success()
        });
        assert!(!drained, "it was killed");
    }
    if let Some(mut consumer) = consumer {
        consumer.kill().unwrap();
        consumer.wait().unwrap();
    }
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() > 10 * rounds(), "{} were acknowledged", acknowledged.len());
    assert_stored(url, &acknowledged);
    assert_all_end(url);
}

#[test]
fn what_was_acknowledged_before_sigterm_is_stored() {
    let folder = Folder::new("inbox-term");
    let url = folder.url();
    let acknowledged = Acknowledged::default();
    let next = AtomicUsize::new(0);
    for _ in 0..rounds().min(20) {
        let listener = start(&url);
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            let (stop, acknowledged, next) = (&stop, &acknowledged, &next);
            for client in 0..CLIENTS {
                let addr = listener.addr;
                scope.spawn(move || load(addr, client, next, acknowledged, stop));
            }
            thread::sleep(Duration::from_millis(200));
            let remains = listener.stop();
            stop.store(true, Ordering::Relaxed);
            assert_eq!(remains.status.code(), Some(0), "{}", remains.stderr);
        });
    }
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(!acknowledged.is_empty());
    assert_stored(&url, &acknowledged);
}

/// Sends deliveries over one connection until it breaks; every tenth is one that was acknowledged before.
fn load(addr: SocketAddr, client: usize, next: &AtomicUsize, acknowledged: &Acknowledged, stop: &AtomicBool) {
    let mut stream = http::connect(addr);
    let secret = [("x-qase-secret", QASE_SECRET.to_owned())];
    for turn in client.. {
        let again = turn % 10 == 9;
        let earlier = again.then(|| acknowledged.lock().unwrap().keys().nth(turn % 50).copied()).flatten();
        let number = earlier.unwrap_or_else(|| next.fetch_add(1, Ordering::Relaxed));
        let body = body(number);
        let request = head("POST", "/qase", &secret, Some(body.len())) + &body;
        let answer = stream.write_all(request.as_bytes()).and_then(|()| read_answer(&mut stream));
        match answer {
            Ok(answer) if answer.status == 200 => {
                *acknowledged.lock().unwrap().entry(number).or_default() += 1;
                if answer.head.contains("connection: close") {
                    return;
                }
            }
            Ok(answer) => assert_eq!(answer.status, 503, "{}", answer.head),
            // Killed, or stopped.
            Err(_) => return,
        }
        if stop.load(Ordering::Relaxed) {
            return;
        }
    }
}

/// Every acknowledged delivery is one row, and every repetition that was acknowledged is counted.
fn assert_stored(url: &str, acknowledged: &BTreeMap<usize, u64>) {
    let mut copies: BTreeMap<String, u64> = BTreeMap::new();
    for row in rows(url) {
        let before = copies.insert(row.key.clone(), row.copies);
        assert_eq!(before, None, "{} has two rows", row.key);
    }
    for (number, times) in acknowledged {
        let key = webhook_core::IdempotencyKey::fingerprint(body(*number).as_bytes()).to_string();
        let stored = copies.get(&key).copied().unwrap_or_default();
        assert!(stored >= *times, "{number} was acknowledged {times} times and stored {stored} times");
    }
}

/// A consumer without an end works off what is left: every delivery is done or dead.
pub(super) fn assert_all_end(url: &str) {
    with_inbox(url, async |inbox| {
        consume(inbox, async { while !is_empty(inbox).await {} }).await;
    });
    let rows = rows(url);
    for row in &rows {
        let states: Vec<State> = row.sinks.iter().map(|sink| sink.state).collect();
        assert!(matches!(states.as_slice(), [State::Done | State::Dead]), "{}: {states:?}", row.key);
    }
    assert!(rows.iter().any(|row| row.sinks[0].state == State::Done));
    assert!(rows.iter().any(|row| row.sinks[0].state == State::Dead), "some fail every time");
}

pub(super) async fn is_empty(inbox: &Inbox) -> bool {
    tokio::time::sleep(Duration::from_millis(50)).await;
    inbox.backlog().await.unwrap().iter().all(|sink| sink.pending + sink.claimed == 0)
}

async fn consume(inbox: &Inbox, stop: impl Future<Output = ()>) {
    let consumer = inbox
        .consumer(SINK)
        .on_raw(|delivery: StoredDelivery, context: Context| async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            // Some fail always, some the first time.
            if delivery.row.seq.to_string().ends_with('7') {
                Outcome::dead()
            } else if context.attempt() == 1 && context.key().ends_with('0') {
                Outcome::retry()
            } else {
                Outcome::done()
            }
        })
        .retry(Backoff::constant(Duration::from_millis(5)))
        .lease_time(Duration::from_secs(2))
        .concurrency(8);
    consumer.run(stop).await.unwrap();
}

pub(super) fn start_consumer(url: &str) -> Child {
    start_test("inbox::kill::works_as_a_consumer_process", &[(CONSUMER, url.as_ref())])
}

/// The process that [`start_consumer`] starts, until it is killed.
#[test]
#[ignore = "the consumer process of another test"]
fn works_as_a_consumer_process() {
    let Ok(url) = std::env::var(CONSUMER) else { return };
    with_inbox(&url, async |inbox| consume(inbox, std::future::pending()).await);
}
