//! How many deliveries an inbox on SQLite keeps per second, and what group commit is worth.
//!
//! `cargo xtask bench inbox`. What is compared takes turns within one run, so that a machine that is busy with something
//! else slows all of it; only the ratios mean something.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a benchmark that cannot run has nothing to say")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use webhook_core::IdempotencyKey;
use webhook_inbox::{Inbox, NewDelivery, Store};

/// Two kibibytes: what most deliveries of the vendors are below.
const BODY_BYTES: usize = 2048;
/// How long each measurement of a round takes.
const TURN: Duration = Duration::from_millis(1500);
const CLIENTS: [usize; 4] = [1, 16, 64, 256];

/// How the deliveries come to the store.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Through the inbox, as a receiver does it.
    GroupCommit,
    /// Straight into the store, each in a commit that no other takes part in.
    CommitEach,
}

fn main() {
    let rounds = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(7);
    let folder = tempfile::tempdir_in(std::env::current_dir().unwrap()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(measure(folder.path(), rounds));
}

async fn measure(folder: &Path, rounds: usize) {
    let ways = CLIENTS.map(|clients| (Way::GroupCommit, clients));
    let ways = [&[(Way::CommitEach, 64)], &ways[..]].concat();
    let store = Inbox::options().open_store(&url(folder, "each.db")).await.unwrap();
    let inbox = Inbox::open(&url(folder, "group.db")).await.unwrap();
    let subject =
        Arc::new(Subject { inbox, store, turn: tokio::sync::Mutex::new(()), next: AtomicUsize::new(0) });
    let mut rates = vec![Vec::new(); ways.len()];
    let mut commits = vec![Commits::default(); ways.len()];
    // The first round warms up.
    for round in 0..=rounds {
        for (((way, clients), rates), commits) in ways.iter().zip(&mut rates).zip(&mut commits) {
            let before = Commits::of(&subject.inbox);
            let rate = subject.rate(*way, *clients).await;
            if round > 0 {
                rates.push(rate);
                commits.add(before, Commits::of(&subject.inbox));
            }
        }
    }
    println!("deliveries of {BODY_BYTES} bytes kept per second, {rounds} rounds on SQLite, synchronous=FULL");
    println!(
        "{:<32} {:>10} {:>24} {:>8} {:>8} {:>16}",
        "", "median", "times one commit each:", "minimum", "maximum", "rows per commit"
    );
    let each = rates.first().cloned().unwrap_or_default();
    for (((way, clients), rates), commits) in ways.iter().zip(&rates).zip(&commits) {
        let name = match way {
            Way::GroupCommit => format!("group commit, {clients} clients"),
            Way::CommitEach => format!("one commit each, {clients} clients"),
        };
        let ratios = sorted(rates.iter().zip(&each).map(|(rate, each)| rate / each));
        let at = |values: &[f64], index: usize| values.get(index).copied().unwrap_or_default();
        println!(
            "{name:<32} {:>10.0} {:>24.1} {:>8.1} {:>8.1} {:>16.1}",
            at(&sorted(rates.iter().copied()), rounds / 2),
            at(&ratios, rounds / 2),
            at(&ratios, 0),
            at(&ratios, rounds - 1),
            if *way == Way::CommitEach { 1.0 } else { commits.rows_each() },
        );
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn url(folder: &Path, name: &str) -> String {
    format!("sqlite:{}", folder.join(name).display())
}

/// How many commits there were, and of how many rows.
#[derive(Clone, Copy, Default)]
struct Commits {
    count: u64,
    rows: u64,
}

impl Commits {
    /// Of an inbox until now.
    fn of(inbox: &Inbox) -> Self {
        let metrics = inbox.metrics();
        Self { count: metrics.commit_seconds.count, rows: metrics.commit_rows }
    }

    fn add(&mut self, before: Self, after: Self) {
        self.count += after.count - before.count;
        self.rows += after.rows - before.rows;
    }

    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    fn rows_each(self) -> f64 {
        self.rows as f64 / self.count as f64
    }
}

struct Subject {
    inbox: Inbox,
    store: Arc<dyn Store>,
    /// Whose commit it is: the store's writer would put those that wait into one.
    turn: tokio::sync::Mutex<()>,
    next: AtomicUsize,
}

impl Subject {
    /// Deliveries per second, of clients of which each sends its next one when the last is kept.
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    async fn rate(self: &Arc<Self>, way: Way, clients: usize) -> f64 {
        let start = Instant::now();
        let clients: Vec<_> = (0..clients)
            .map(|_| {
                let subject = Arc::clone(self);
                tokio::spawn(async move {
                    let mut kept = 0;
                    while start.elapsed() < TURN {
                        subject.keep(way).await;
                        kept += 1;
                    }
                    kept
                })
            })
            .collect();
        let mut kept: usize = 0;
        for client in clients {
            kept += client.await.unwrap();
        }
        kept as f64 / start.elapsed().as_secs_f64()
    }

    async fn keep(&self, way: Way) {
        let key = IdempotencyKey::Vendor(self.next.fetch_add(1, Ordering::Relaxed).to_string().into());
        let new = NewDelivery::raw("bench", &key, vec![b'x'; BODY_BYTES]);
        match way {
            Way::GroupCommit => drop(self.inbox.keep_raw(new).await.unwrap()),
            Way::CommitEach => {
                let _turn = self.turn.lock().await;
                self.store.put(vec![new]).await.unwrap();
            }
        }
    }
}
