//! The maintainers' commands: they update generated files, and run the checks of CI.
//!
//! A command that writes files has `--check`, which changes nothing, fails on any difference and prints the command
//! that fixes it.

mod adopt;
mod api;
mod bench;
mod ci;
mod features;
mod fuzz;
mod generated;
mod load;
mod man;
mod minimal_versions;
mod miri;
mod package;
mod pages;
mod power_cut;
mod process;
mod samples;
mod schema;
mod snapshots;
mod vendor;

use std::process::ExitCode;

use clap::Parser;

/// The maintainers' commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
enum Command {
    /// Convert a captured delivery to a fixture, with all data replaced that may be personal
    Adopt(adopt::Arguments),
    /// Regenerate the snapshot tests from the fixture payloads
    Snapshots(snapshots::Arguments),
    /// Write the delivery rules, the traps and the events into the front page of each vendor crate
    Pages(pages::Arguments),
    /// Write the fixtures into each vendor crate, for its users' tests
    Samples(samples::Arguments),
    /// Write JSON Schemas, an OpenAPI document and a page that shows them into each vendor crate
    Schema(schema::Arguments),
    /// Write the public API of each library into `crates/<crate>/api.txt`
    Api(api::Arguments),
    /// Build the libraries with each of their features alone
    Features(features::Arguments),
    /// Build and test the published crates without the workspace around them
    Package(package::Arguments),
    /// Write the manual pages of the `webhooks` binary
    Man(man::Arguments),
    /// Print what decoding costs, relative to parsing alone
    Bench(bench::Arguments),
    /// Send arbitrary bytes to the code that reads bytes from a sender
    Fuzz(fuzz::Arguments),
    /// Build with the oldest dependencies that the manifests allow
    MinimalVersions(minimal_versions::Arguments),
    /// Run the core's tests of decoding in Miri
    Miri(miri::Arguments),
    /// Simulate power cuts of the inbox, and check that it has all acknowledged deliveries
    PowerCut(power_cut::Arguments),
    /// Send deliveries at a steady rate through the listener, SQLite and two sinks, one of which fails
    Load(load::Arguments),
    /// Run everything that CI runs, in CI's order
    Ci(ci::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Command::parse() {
        Command::Adopt(arguments) => adopt::run(&arguments),
        Command::Snapshots(arguments) => snapshots::run(&arguments),
        Command::Pages(arguments) => pages::run(&arguments),
        Command::Samples(arguments) => samples::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Api(arguments) => api::run(&arguments),
        Command::Features(arguments) => features::run(&arguments),
        Command::Package(arguments) => package::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Fuzz(arguments) => fuzz::run(&arguments),
        Command::MinimalVersions(arguments) => minimal_versions::run(&arguments),
        Command::Miri(arguments) => miri::run(&arguments),
        Command::PowerCut(arguments) => power_cut::run(&arguments),
        Command::Load(arguments) => load::run(&arguments),
        Command::Ci(arguments) => ci::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The chain of causes on one line, without a backtrace: the cause is a file or a command, not this code.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
