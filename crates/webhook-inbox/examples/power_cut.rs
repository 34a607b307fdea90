//! What `cargo xtask power-cut` runs: it keeps deliveries while its system calls are recorded, and reads what a power cut
//! left. No example for users.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test program ends where it fails")]

use std::fs::File;
use std::io::{BufRead, Write, stdin, stdout};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use webhook_core::IdempotencyKey;
use webhook_inbox::store::{Claim, End, Settled};
use webhook_inbox::{Filter, Inbox, MAX_PAGE, NewDelivery, Row, Start, State, Store};

/// How many of the last deliveries are compared byte by byte.
const COMPARED: usize = 16;
/// Of so many deliveries one repeats the first of them.
const REPEATED: usize = 10;
const SINK: &str = "worker";

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["record", folder, mode, clients, deliveries] => {
            let lose = match mode {
                "full" => false,
                "normal" => true,
                _ => panic!("no mode {mode}"),
            };
            record(folder.as_ref(), lose, clients.parse().unwrap(), deliveries.parse().unwrap()).await;
        }
        ["read"] => read().await,
        _ => panic!("usage: power_cut record FOLDER full|normal CLIENTS DELIVERIES | power_cut read"),
    }
}

/// Keeps numbered deliveries, some of them twice, and settles them at a sink at the same time. Writes into the file
/// `acknowledged` what is done, when the call has returned.
async fn record(folder: &Path, lose: bool, clients: usize, deliveries: usize) {
    let acknowledged = Arc::new(File::create(folder.join("acknowledged")).unwrap());
    let options = Inbox::options();
    let options = if lose { options.lose_at_power_cut() } else { options };
    let url = format!("sqlite:{}", folder.join("inbox.db").display());
    let store = options.open_store(&url).await.unwrap();
    let inbox = Inbox::over(Arc::clone(&store), options);
    inbox.register(SINK, Start::Oldest).await.unwrap();
    let next = Arc::new(AtomicUsize::new(0));
    let clients: Vec<_> = (0..clients)
        .map(|_| {
            let (inbox, next, acknowledged) = (inbox.clone(), Arc::clone(&next), Arc::clone(&acknowledged));
            tokio::spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= deliveries {
                        return;
                    }
                    let number = number - if number % REPEATED == REPEATED - 1 { REPEATED - 1 } else { 0 };
                    let key = IdempotencyKey::Vendor(number.to_string().into());
                    inbox.keep_raw(NewDelivery::raw("bench", &key, body(number))).await.unwrap();
                    acknowledge(&acknowledged, &format!("kept {number}\n"));
                }
            })
        })
        .collect();
    let working = work(&*store, &acknowledged, deliveries - deliveries / REPEATED);
    let keeping = async {
        for client in clients {
            client.await.unwrap();
        }
    };
    tokio::join!(working, keeping);
    inbox.close().await.unwrap();
}

/// Settles what is there, until that is as much as this.
async fn work(store: &dyn Store, acknowledged: &File, deliveries: usize) {
    let mut done = 0;
    while done < deliveries {
        let claimed = store.claim(Claim::new(SINK, 16, Duration::from_secs(600))).await.unwrap();
        if claimed.is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let settled = claimed.iter().map(|claimed| Settled::new(claimed.lease.clone(), End::Done)).collect();
        assert!(store.settle(settled).await.unwrap().into_iter().all(|held| held), "nobody else works here");
        for claimed in &claimed {
            acknowledge(acknowledged, &format!("settled {}\n", number(&claimed.delivery.row)));
        }
        done += claimed.len();
    }
}

/// One system call, whose beginning is the moment of the acknowledgement.
fn acknowledge(mut file: &File, line: &str) {
    file.write_all(line.as_bytes()).unwrap();
}

/// Opens the inbox in each folder that standard input names, and prints on one line what it holds.
async fn read() {
    for folder in stdin().lock().lines() {
        let answer = match held(folder.unwrap().as_ref()).await {
            Ok(held) => format!("holds {}", held.join(",")),
            Err(error) => format!("failed {}", error.replace('\n', " ")),
        };
        let mut stdout = stdout().lock();
        writeln!(stdout, "{answer}").unwrap();
        stdout.flush().unwrap();
    }
}

async fn held(folder: &Path) -> Result<Vec<String>, String> {
    let inbox = Inbox::open(&format!("sqlite:{}", folder.join("inbox.db").display())).await;
    let inbox = inbox.map_err(|error| format!("{error}: {:?}", std::error::Error::source(&error)))?;
    let health = inbox.check(true).await.map_err(|error| error.to_string())?;
    if !health.problems.is_empty() {
        return Err(health.problems.join("; "));
    }
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = inbox.list(&Filter::all(), after, MAX_PAGE).await.map_err(|error| error.to_string())?;
        let Some(last) = page.last() else { break };
        after = Some(last.seq);
        rows.extend(page);
    }
    for row in rows.iter().rev().take(COMPARED) {
        let stored = inbox.get(row.seq).await.map_err(|error| error.to_string())?;
        let expected = body(number(row).parse().map_err(|_| format!("the key {}", row.key))?);
        if stored.is_none_or(|stored| stored.body != expected) {
            return Err(format!("the body of {} is not what was kept", row.key));
        }
    }
    inbox.close().await.map_err(|error| error.to_string())?;
    let mut held = Vec::new();
    for row in &rows {
        let number = number(row);
        held.push(format!("kept {number} {}", row.copies));
        match row.sinks.iter().map(|sink| sink.state).collect::<Vec<_>>()[..] {
            [State::Done] => held.push(format!("settled {number}")),
            [State::Pending | State::Claimed] => {}
            // It would never be handled.
            ref states => return Err(format!("{number} is {states:?} at its sink")),
        }
    }
    Ok(held)
}

fn number(row: &Row) -> &str {
    row.key.strip_prefix("id:").unwrap_or(&row.key)
}

/// Between nothing and about 4 KiB, so that some take pages of their own, and told apart by its number.
fn body(number: usize) -> String {
    format!("{number} ").repeat(number * 37 % 800)
}
