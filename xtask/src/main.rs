//! What a maintainer runs: everything that is generated, and everything that CI checks.
//!
//! A command that writes has `--check`, which changes nothing, fails on any difference and prints the command that
//! mends it.

mod ci;
mod coverage;
mod generated;
mod package;
mod samples;
mod snapshots;
mod vendor;

use clap::Parser;

/// What a maintainer runs.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
enum Command {
    /// Regenerate the snapshot tests from the fixture payloads
    Snapshots(snapshots::Arguments),
    /// Write the table of events into the front page of each vendor crate
    Coverage(coverage::Arguments),
    /// Write the fixtures into each vendor crate, for its users' tests
    Samples(samples::Arguments),
    /// Build and test the published crates without the workspace around them
    Package(package::Arguments),
    /// Run everything that CI runs, in CI's order
    Ci(ci::Arguments),
}

fn main() -> anyhow::Result<()> {
    match Command::parse() {
        Command::Snapshots(arguments) => snapshots::run(&arguments),
        Command::Coverage(arguments) => coverage::run(&arguments),
        Command::Samples(arguments) => samples::run(&arguments),
        Command::Package(arguments) => package::run(&arguments),
        Command::Ci(arguments) => ci::run(&arguments),
    }
}
