//! What may grow with the number of rows, and must not: the time of a claim, and the memory of the listener.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use webhook_inbox::store::{Claim, End, Settled};
use webhook_inbox::{Inbox, Store};

use super::clients;
use super::fill::{self, SINK};
use super::servers::Process;

/// The rows of the smaller store.
pub(crate) const FEW: usize = 10_000;
/// How many deliveries are claimed at once.
const CLAIMED: usize = 16;
/// How many claims each store has in a round.
const CLAIMS: usize = 20;
const CLIENTS: usize = 64;

pub(crate) async fn print(folder: &Path, rounds: usize, rows: usize) {
    let copies = tempfile::tempdir_in(folder).unwrap();
    let mut stores = Vec::new();
    for rows in [FEW, rows] {
        let path = fill::path(copies.path(), rows);
        std::fs::copy(fill::filled(folder, rows).await, &path).unwrap();
        stores.push(Inbox::options().open_store(&fill::url(&path)).await.unwrap());
    }
    let mut claims: Vec<Vec<Duration>> = vec![Vec::new(); stores.len()];
    for round in 0..=rounds {
        for (store, claims) in stores.iter().zip(&mut claims) {
            let took = claim(store, round).await;
            if round > 0 {
                claims.extend(took);
            }
        }
    }
    let mut medians = claims.into_iter().map(|mut claims| {
        claims.sort();
        claims.get(claims.len() / 2).copied().unwrap_or_default().as_secs_f64()
    });
    let (few, many) = (medians.next().unwrap(), medians.next().unwrap());
    println!(
        "a claim of {CLAIMED} in a store with {rows} settled rows / one with {FEW}: {:.2} (medians of {} claims each)",
        many / few,
        rounds * CLAIMS
    );
    for store in stores {
        store.close().await.unwrap();
    }

    for rows in [FEW, rows] {
        let path = fill::path(copies.path(), rows);
        let listen = Process::listen(&fill::url(&path));
        let started = listen.peak_kib();
        for _ in 0..rounds {
            clients::post(listen.addr, CLIENTS).await;
        }
        println!(
            "the listener's memory with {rows} rows in the store: {started} KiB at its start, {} KiB at most while {CLIENTS} clients send",
            listen.peak_kib()
        );
    }
}

/// How long claims took, of which each is of new deliveries and is settled.
async fn claim(store: &Arc<dyn Store>, round: usize) -> Vec<Duration> {
    let mut took = Vec::with_capacity(CLAIMS);
    for number in 0..CLAIMS {
        let batch = (0..CLAIMED).map(|place| fill::delivery(&format!("new-{round}-{number}-{place}")));
        store.put(batch.collect()).await.unwrap();
        let started = Instant::now();
        let claimed = store.claim(Claim::new(SINK, CLAIMED, Duration::from_secs(600))).await.unwrap();
        took.push(started.elapsed());
        assert_eq!(claimed.len(), CLAIMED);
        let settled = claimed.into_iter().map(|claimed| Settled::new(claimed.lease, End::Done)).collect();
        store.settle(settled).await.unwrap();
    }
    took
}
