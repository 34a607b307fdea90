//! What `cargo xtask power-cut` runs: it keeps deliveries while its system calls are recorded, and reads what a power cut
//! left. No example for users.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test program ends where it fails")]

use std::fs::File;
use std::io::{BufRead, Write, stdin, stdout};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use webhook_core::IdempotencyKey;
use webhook_inbox::{Filter, Inbox, MAX_PAGE, NewDelivery};

/// How many of the last deliveries are compared byte by byte.
const COMPARED: usize = 16;

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

/// Keeps numbered deliveries, and writes the number of each into the file `acknowledged` when `keep` has returned.
async fn record(folder: &Path, lose: bool, clients: usize, deliveries: usize) {
    let acknowledged = Arc::new(File::create(folder.join("acknowledged")).unwrap());
    let options = Inbox::options();
    let options = if lose { options.lose_at_power_cut() } else { options };
    let inbox = options.open(&format!("sqlite:{}", folder.join("inbox.db").display())).await.unwrap();
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
                    let key = IdempotencyKey::Vendor(number.to_string().into());
                    inbox.keep_raw(NewDelivery::raw("bench", &key, body(number))).await.unwrap();
                    // One system call, whose beginning is the moment of the acknowledgement.
                    (&*acknowledged).write_all(format!("{number}\n").as_bytes()).unwrap();
                }
            })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
    inbox.close().await.unwrap();
}

/// Opens the inbox in each folder that standard input names, and prints on one line which numbers it holds.
async fn read() {
    for folder in stdin().lock().lines() {
        let answer = match numbers(folder.unwrap().as_ref()).await {
            Ok(numbers) => format!("holds {}", numbers.join(" ")),
            Err(error) => format!("failed {}", error.replace('\n', " ")),
        };
        let mut stdout = stdout().lock();
        writeln!(stdout, "{answer}").unwrap();
        stdout.flush().unwrap();
    }
}

async fn numbers(folder: &Path) -> Result<Vec<String>, String> {
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
    let number = |key: &str| key.strip_prefix("id:").unwrap_or(key).to_owned();
    for row in rows.iter().rev().take(COMPARED) {
        let stored = inbox.get(row.seq).await.map_err(|error| error.to_string())?;
        let expected = body(number(&row.key).parse().map_err(|_| format!("the key {}", row.key))?);
        if stored.is_none_or(|stored| stored.body != expected) {
            return Err(format!("the body of {} is not what was kept", row.key));
        }
    }
    inbox.close().await.map_err(|error| error.to_string())?;
    Ok(rows.iter().map(|row| number(&row.key)).collect())
}

/// Between nothing and about 4 KiB, so that some take pages of their own, and told apart by its number.
fn body(number: usize) -> String {
    format!("{number} ").repeat(number * 37 % 800)
}
