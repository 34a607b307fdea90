//! `cargo xtask bench inspect`: what a long stream costs, relative to parsing alone.

use anyhow::Result;
use clap::Args;

/// Print how long `webhooks inspect` takes for a stream, relative to parsing its lines alone
///
/// On one core and on two, from a file and from a pipe, with the peak of its memory. Linux only.
#[derive(Args)]
pub(super) struct Arguments {
    /// The length of the stream, in millions of bytes
    #[arg(long, default_value_t = 200)]
    megabytes: u32,
    /// How many rounds are measured, in each of which all take turns
    #[arg(long, default_value_t = 3)]
    rounds: u32,
}

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let (megabytes, rounds) = (arguments.megabytes.to_string(), arguments.rounds.to_string());
    let line = ["bench", "--quiet", "--package", "webhook-cli", "--bench", "inspect", "--"];
    super::cargo(&[&line[..], &[&megabytes, &rounds]].concat())
}
