//! `cargo xtask bench listen`: the cost of a delivery in the listener, relative to a bare handler.

use anyhow::Result;
use clap::Args;

/// Print the CPU time per delivery of `webhooks listen`, relative to an axum handler that only reads the body
///
/// Both servers run on one core and the clients on another one, in turns; takes about a minute. Linux only.
#[derive(Args)]
pub(super) struct Arguments {
    /// Number of rounds of each pair
    #[arg(long, default_value_t = 11)]
    rounds: u32,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let rounds = arguments.rounds.to_string();
    super::cargo(&["bench", "--quiet", "--package", "webhook-cli", "--bench", "listen", "--", &rounds])
}
