//! Deliveries kept per second.

use std::path::Path;
use std::time::Duration;

use webhook_inbox::{Inbox, Start};

use super::clients;
use super::fill::{self, SINK};
use super::servers::Process;

const CLIENTS: [usize; 3] = [1, 64, 256];

/// The rates of one round: the store alone, the listener on it, and the server that keeps nothing.
#[derive(Clone, Copy)]
struct Round {
    store: f64,
    listen: f64,
    bare: f64,
}

/// Prints the rates of a store that starts empty and of one with many rows.
pub(crate) async fn print(folder: &Path, rounds: usize, rows: usize, with_consumer: bool) {
    let with = if with_consumer { "with a consumer" } else { "without a consumer" };
    println!(
        "deliveries of 2048 bytes per second, {with}, medians of {rounds} rounds; SQLite, synchronous=FULL"
    );
    println!(
        "{:>9} {:>8} {:>9} {:>9} {:>9} {:>24} {:>24} {:>12}",
        "rows",
        "clients",
        "store",
        "listen",
        "axum",
        "listen/store (min..max)",
        "listen/axum (min..max)",
        "peak MiB"
    );
    for rows in [0, rows] {
        for clients in CLIENTS {
            let (rounds, peak) = measure(folder, rounds, rows, clients, with_consumer).await;
            let median = |of: fn(&Round) -> f64| at(&rounds, of, |values| values.len() / 2);
            let range = |of: fn(&Round) -> f64| {
                let (low, high) = (at(&rounds, of, |_| 0), at(&rounds, of, |values| values.len() - 1));
                format!("{:.2} ({low:.2}..{high:.2})", median(of))
            };
            println!(
                "{rows:>9} {clients:>8} {:>9.0} {:>9.0} {:>9.0} {:>24} {:>24} {:>12.1}",
                median(|round| round.store),
                median(|round| round.listen),
                median(|round| round.bare),
                range(|round| round.listen / round.store),
                range(|round| round.listen / round.bare),
                f64::from(u32::try_from(peak).unwrap()) / 1024.0,
            );
        }
    }
}

/// One after the other in each round; the first one warms up. Also the most memory that the listener had, in KiB.
async fn measure(
    folder: &Path,
    rounds: usize,
    rows: usize,
    clients: usize,
    with_consumer: bool,
) -> (Vec<Round>, u64) {
    // Copies, so that each has the same rows at its start.
    let copies = tempfile::tempdir_in(folder).unwrap();
    let (alone, listened) = (copies.path().join("alone.db"), copies.path().join("listened.db"));
    if rows > 0 {
        let filled = fill::filled(folder, rows).await;
        for copy in [&alone, &listened] {
            std::fs::copy(&filled, copy).unwrap();
        }
    }
    // Every delivery is dispatched to one sink, with or without a consumer.
    let inbox = Inbox::open(&fill::url(&alone)).await.unwrap();
    inbox.register(SINK, Start::Oldest).await.unwrap();
    Inbox::open(&fill::url(&listened)).await.unwrap().register(SINK, Start::Oldest).await.unwrap();
    let listen = Process::listen(&fill::url(&listened));
    let bare = Process::bare_axum();
    let stores = [&alone, &listened].into_iter().filter(|_| with_consumer);
    let running: Vec<_> = stores.map(|path| Process::consumer(&fill::url(path))).collect();
    let mut measured = Vec::new();
    for round in 0..=rounds {
        let store = clients::keep(&inbox, clients).await;
        rest(with_consumer).await;
        let listen = clients::post(listen.addr, clients).await;
        rest(with_consumer).await;
        let bare = clients::post(bare.addr, clients).await;
        if round > 0 {
            measured.push(Round { store, listen, bare });
        }
    }
    let peak = listen.peak_kib();
    drop((running, listen));
    inbox.close().await.unwrap();
    (measured, peak)
}

/// Lets the consumer work off what is left, so that it does not disturb the next turn.
async fn rest(with_consumer: bool) {
    if with_consumer {
        tokio::time::sleep(Duration::from_millis(700)).await;
    }
}

fn at(rounds: &[Round], of: fn(&Round) -> f64, place: impl Fn(&[f64]) -> usize) -> f64 {
    let mut values: Vec<f64> = rounds.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values.get(place(&values)).copied().unwrap_or_default()
}
