//! Several processes on one store: they share the work, and whichever of them dies, nothing is lost or stored twice.
//!
//! `WEBHOOKS_TEST_DELIVERIES` is how many deliveries come in while processes are killed; two thousand unless it is set.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Child;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use webhook_core::Delivery;
use webhook_inbox::{Context, Inbox, StoredDelivery};

use super::kill::{assert_all_end, is_empty, start_consumer};
use super::server::{Server, left_out};
use super::{Deepsource, Folder, body, rows, start, start_test, with_inbox};
use crate::http::{head, read_answer};
use crate::listener::Listener;
use crate::vendors::QASE_SECRET;

const LISTENERS: usize = 2;
const CONSUMERS: usize = 4;
const CLIENTS: usize = 16;
/// Of so many deliveries one repeats the first of them.
const REPEATED: usize = 10;

/// In the environment of a process that writes down what it handles: the store, and the file.
const STORE: &str = "WEBHOOKS_TEST_SHARED_STORE";
const HANDLED: &str = "WEBHOOKS_TEST_HANDLED";

/// On a file there are two processes that claim. The second waits for the first one's commits: each delivery is handed to
/// one of them, and both get some.
#[test]
fn two_consumer_processes_on_one_file_share_the_work_and_no_delivery_is_claimed_twice() {
    let folder = Folder::new("inbox-shared");
    let (url, handled) = (folder.url(), folder.path().join("handled"));
    let mut consumers = [&url, &url].map(|url| start_recording_consumer(url, &handled));
    let kept = with_inbox(&url, async |inbox| {
        let mut kept = 0;
        // Both are at work while more comes in.
        while lines(&handled).values().collect::<BTreeSet<_>>().len() < 2 {
            for _ in 0..20 {
                inbox.keep(&numbered(kept)).await.unwrap();
                kept += 1;
            }
            assert!(kept < 100_000, "one of the processes gets nothing");
        }
        while !is_empty(inbox).await {}
        kept
    });
    for consumer in &mut consumers {
        consumer.kill().unwrap();
        consumer.wait().unwrap();
    }
    // `lines` has failed if a delivery was handled twice.
    assert_eq!(lines(&handled).len(), kept);
}

/// Which process has handled each delivery.
fn lines(handled: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(handled).unwrap_or_default();
    let mut processes = BTreeMap::new();
    // The last line may be half written.
    for line in text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')) {
        let (seq, process) = line.split_once(' ').unwrap();
        let before = processes.insert(seq.to_owned(), process.to_owned());
        assert_eq!(before, None, "{seq} was handled twice");
    }
    processes
}

fn numbered(number: usize) -> Delivery<Deepsource> {
    Delivery::from_unverified(format!(
        r#"{{"id":"{number}","type":"test.event","createdAt":1770705612,"data":{{"test":true}}}}"#
    ))
}

fn start_recording_consumer(url: &str, handled: &Path) -> Child {
    let environment = [(STORE, url.as_ref()), (HANDLED, handled.as_ref())];
    start_test("inbox::processes::works_as_a_recording_consumer", &environment)
}

/// The process that [`start_recording_consumer`] starts, until it is killed.
#[test]
#[ignore = "the consumer process of another test"]
fn works_as_a_recording_consumer() {
    let (Ok(url), Ok(handled)) = (std::env::var(STORE), std::env::var(HANDLED)) else { return };
    with_inbox(&url, async |inbox| record(inbox, handled.as_ref()).await);
}

async fn record(inbox: &Inbox, handled: &Path) {
    let file = std::fs::File::options().append(true).create(true).open(handled).unwrap();
    let consumer =
        inbox.consumer("shared").concurrency(4).on_raw(move |_: StoredDelivery, context: Context| {
            // One call, so that two processes do not mix their lines.
            let line = format!("{} {}\n", context.seq(), std::process::id());
            (&file).write_all(line.as_bytes()).unwrap();
            tokio::time::sleep(Duration::from_millis(2))
        });
    consumer.run(std::future::pending()).await.unwrap();
}

/// What a client knows of a delivery.
#[derive(Debug, Default, Clone, Copy)]
struct Sent {
    /// How often it was sent, with an answer or without.
    times: u64,
    /// How often that was answered with 200.
    acknowledged: u64,
}

/// A place for a process of its kind, which is killed and started again.
struct Slots {
    listeners: Vec<Mutex<Listener>>,
    consumers: Vec<Mutex<Child>>,
}

#[test]
fn two_listeners_and_four_consumers_lose_nothing_while_they_are_killed_at_random() {
    let Some(server) = Server::start("") else { return left_out() };
    tokio::runtime::Runtime::new().unwrap().block_on(server.ready());
    let url = server.url("postgres");
    let deliveries =
        std::env::var("WEBHOOKS_TEST_DELIVERIES").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000);

    let slots = Slots {
        listeners: (0..LISTENERS).map(|_| Mutex::new(start(&url))).collect(),
        consumers: (0..CONSUMERS).map(|_| Mutex::new(start_consumer(&url))).collect(),
    };
    let sent: Vec<Mutex<Sent>> = (0..deliveries).map(|_| Mutex::default()).collect();
    let (next, finished) = (AtomicUsize::new(0), AtomicBool::new(false));
    let kills = thread::scope(|scope| {
        let (url, slots, next, sent, finished) = (&url, &slots, &next, &sent, &finished);
        let clients: Vec<_> =
            (0..CLIENTS).map(|client| scope.spawn(move || deliver(client, slots, next, sent))).collect();
        let killer = scope.spawn(move || kill_at_random(url, slots, finished));
        for client in clients {
            client.join().unwrap();
        }
        finished.store(true, Ordering::Relaxed);
        killer.join().unwrap()
    });
    for listener in slots.listeners {
        drop(listener.into_inner().unwrap().stop());
    }
    assert_all_end(&url);
    for consumer in slots.consumers {
        let mut consumer = consumer.into_inner().unwrap();
        consumer.kill().unwrap();
        consumer.wait().unwrap();
    }
    let counted = assert_stored(&url, &sent);
    println!(
        "{deliveries} deliveries, {kills} kills: {counted} rows, none lost, none twice, every repetition counted"
    );
    assert!(kills > LISTENERS + CONSUMERS, "{kills} processes were killed");
}

/// Takes the next delivery and sends it until it is acknowledged, as a vendor does.
fn deliver(client: usize, slots: &Slots, next: &AtomicUsize, sent: &[Mutex<Sent>]) {
    let mut stream = None;
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= sent.len() {
            return;
        }
        let number = number - if number % REPEATED == REPEATED - 1 { REPEATED - 1 } else { 0 };
        let secret = [("x-qase-secret", QASE_SECRET.to_owned())];
        let body = body(number);
        let request = head("POST", "/qase", &secret, Some(body.len())) + &body;
        for turn in client.. {
            let connected =
                stream.take().or_else(|| connect(slots.listeners[turn % LISTENERS].lock().unwrap().addr));
            let Some(mut connected) = connected else {
                thread::sleep(Duration::from_millis(10));
                continue;
            };
            sent[number].lock().unwrap().times += 1;
            let answer = connected.write_all(request.as_bytes()).and_then(|()| read_answer(&mut connected));
            match answer {
                Ok(answer) if answer.status == 200 => {
                    sent[number].lock().unwrap().acknowledged += 1;
                    stream = Some(connected).filter(|_| !answer.head.contains("connection: close"));
                    break;
                }
                Ok(answer) => assert_eq!(answer.status, 503, "{}", answer.head),
                // Killed in the middle: whether it was stored is not known.
                Err(_) => {}
            }
        }
    }
}

fn connect(addr: SocketAddr) -> Option<TcpStream> {
    let stream = TcpStream::connect(addr).ok()?;
    stream.set_nodelay(true).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    Some(stream)
}

/// Kills one process after the other, and starts another in its place. Says how many that were.
fn kill_at_random(url: &str, slots: &Slots, finished: &AtomicBool) -> usize {
    let mut random = 1_u32;
    let mut kills = 0;
    // At least each of them once, also when few deliveries are sent.
    while !finished.load(Ordering::Relaxed) || kills <= LISTENERS + CONSUMERS {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        thread::sleep(Duration::from_millis(50 + u64::from(random >> 24)));
        let place = (random >> 16) as usize % (LISTENERS + CONSUMERS);
        if let Some(consumer) = place.checked_sub(LISTENERS) {
            let mut consumer = slots.consumers[consumer].lock().unwrap();
            consumer.kill().unwrap();
            consumer.wait().unwrap();
            *consumer = start_consumer(url);
        } else {
            slots.listeners[place].lock().unwrap().signal("KILL");
            // Whoever wants to connect waits here until it listens again.
            let mut listener = slots.listeners[place].lock().unwrap();
            *listener = start(url);
        }
        kills += 1;
    }
    kills
}

/// Every delivery is one row, with as many copies as were acknowledged, and no more than were sent. Says how many rows.
fn assert_stored(url: &str, sent: &[Mutex<Sent>]) -> usize {
    let mut copies: BTreeMap<String, u64> = BTreeMap::new();
    for row in rows(url) {
        let before = copies.insert(row.key.clone(), row.copies);
        assert_eq!(before, None, "{} has two rows", row.key);
    }
    let sent = sent.iter().enumerate().map(|(number, sent)| (number, *sent.lock().unwrap()));
    let sent: Vec<_> = sent.filter(|(_, sent)| sent.times > 0).collect();
    for (number, Sent { times, acknowledged }) in &sent {
        let key = webhook_core::IdempotencyKey::fingerprint(body(*number).as_bytes()).to_string();
        let stored = copies.get(&key).copied().unwrap_or_default();
        assert!(
            (*acknowledged..=*times).contains(&stored),
            "{number}: {stored} of {acknowledged} to {times}"
        );
        assert!(*acknowledged > u64::from(number % REPEATED == 0), "{number} was sent until it was taken");
    }
    assert_eq!(copies.len(), sent.len(), "nothing else is there");
    copies.len()
}
