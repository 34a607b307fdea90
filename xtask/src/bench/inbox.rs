//! `cargo xtask bench inbox`: how many deliveries an inbox keeps, and what group commit is worth.

use anyhow::Result;
use clap::Args;

/// Print how many deliveries an inbox on SQLite keeps per second, alone and in group commits
///
/// On the disk of the current folder; takes about a minute.
#[derive(Args)]
pub(super) struct Arguments {
    /// How many rounds are measured, in each of which all take turns
    #[arg(long, default_value_t = 7)]
    rounds: u32,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let rounds = arguments.rounds.to_string();
    super::cargo(&["bench", "--quiet", "--package", "webhook-inbox", "--bench", "keep", "--", &rounds])
}
