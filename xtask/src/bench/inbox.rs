//! `cargo xtask bench inbox`: the rate of deliveries that an inbox stores, and the cost of many stored deliveries.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::vendor::workspace_root;

/// Print how many deliveries an inbox on SQLite stores per second
///
/// Measures the store alone, with single commits and with group commits. Measures `webhooks listen --inbox`, relative
/// to the store alone and to a server that stores nothing, with an empty and a full store, and with a running consumer.
/// Also measures the cost of a claim and the listener's memory with many rows. It uses the disk of the folder and takes
/// about ten minutes. Linux only.
#[derive(Args)]
pub(super) struct Arguments {
    /// Number of rounds; in each round all variants are measured in turn
    #[arg(long, default_value_t = 7)]
    rounds: u32,
    /// How many rows the full store has
    #[arg(long, default_value_t = 1_000_000)]
    rows: usize,
    /// The folder of the stores; an existing full store is used again
    #[arg(long, default_value = "target/bench-inbox")]
    folder: PathBuf,
    /// Measure only this part; may be repeated
    #[arg(long, value_enum)]
    only: Vec<Part>,
}

/// A part of the measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Single commits compared with group commits
    Commits,
    /// Create the full stores, and measure nothing
    Fill,
    /// Through the listener
    Rates,
    /// Through the listener, with a running consumer
    Consumer,
    /// The costs that grow with the number of rows
    Costs,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let rounds = arguments.rounds.to_string();
    let rows = arguments.rows.to_string();
    let folder = workspace_root().join(&arguments.folder);
    let folder = folder.to_str().context("the folder has no readable name")?;
    let parts = if arguments.only.is_empty() { Part::value_variants() } else { &arguments.only };
    for part in parts {
        let of_part = match part {
            Part::Commits => vec!["webhook-inbox", "--bench", "keep", "--", &rounds],
            Part::Fill => vec!["webhook-cli", "--bench", "inbox", "--", "fill", &rounds, &rows, folder],
            Part::Rates => vec!["webhook-cli", "--bench", "inbox", "--", "rates", &rounds, &rows, folder],
            Part::Consumer => {
                vec!["webhook-cli", "--bench", "inbox", "--", "consumer", &rounds, &rows, folder]
            }
            Part::Costs => vec!["webhook-cli", "--bench", "inbox", "--", "costs", &rounds, &rows, folder],
        };
        super::cargo(&[&["bench", "--quiet", "--package"], &of_part[..]].concat())?;
    }
    Ok(())
}
