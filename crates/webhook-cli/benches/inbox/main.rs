//! How many deliveries `webhooks listen --inbox` keeps per second, against the store alone and against a server that keeps
//! nothing; and what a store costs that holds many deliveries.
//!
//! `cargo xtask bench inbox`. What is compared takes turns within one run, so that a machine that is busy with something
//! else slows all of it; only the ratios mean something. Servers, clients and consumer share the machine.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot run has nothing to say"
)]

mod clients;
mod costs;
mod fill;
mod rates;
mod servers;

use std::path::PathBuf;

/// What this program is told, in this order: what to measure, how many rounds, how many rows the full store has, and the
/// folder of the stores, which are made where they are missing.
struct Arguments {
    what: String,
    rounds: usize,
    rows: usize,
    folder: PathBuf,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [servers::BARE] => runtime.block_on(servers::bare_axum()),
        [servers::CONSUMER, url] => runtime.block_on(servers::consume(url)),
        [what, rounds, rows, folder] => {
            let arguments = Arguments {
                what: what.to_owned(),
                rounds: rounds.parse().unwrap(),
                rows: rows.parse().unwrap(),
                folder: folder.into(),
            };
            runtime.block_on(measure(&arguments));
        }
        // `cargo test --benches` runs it without any.
        _ => eprintln!("usage: inbox fill|rates|consumer|costs ROUNDS ROWS FOLDER"),
    }
}

async fn measure(arguments: &Arguments) {
    let Arguments { what, rounds, rows, folder } = arguments;
    match what.as_str() {
        "fill" => {
            fill::filled(folder, costs::FEW).await;
            fill::filled(folder, *rows).await;
        }
        "rates" => rates::print(folder, *rounds, *rows, false).await,
        "consumer" => rates::print(folder, *rounds, *rows, true).await,
        "costs" => costs::print(folder, *rounds, *rows).await,
        other => panic!("nothing is called {other}"),
    }
}
