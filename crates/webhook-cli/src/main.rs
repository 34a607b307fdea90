//! `webhooks`: a command-line tool for webhooks of Qase, DeepSource and MonitorQA.

mod admin;
mod captured;
mod completions;
mod connections;
mod entries;
mod events;
mod inbox;
mod input;
mod inspect;
mod listen;
mod man;
mod nearest;
#[cfg(feature = "otlp")]
mod otlp;
mod output;
mod report;
mod run;
mod sample;
mod secrets;
mod send;
#[cfg(unix)]
mod service;
mod vendor;
mod verify;

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::output::Color;

/// The exit status of a run with findings.
const FINDINGS: u8 = 1;
/// The exit status for wrong usage, unreadable input, or output that cannot be written.
const UNUSABLE: u8 = 2;

/// The end of every command's help.
const EXIT_STATUS: &str = "\
Exit status:
  0  success
  1  findings: a payload that does not decode, a request that is rejected or not answered with success, an inbox with
     faults
  2  wrong usage, input that cannot be read, or output that cannot be written";

/// Inspect, send and receive webhooks of Qase, DeepSource and MonitorQA
#[derive(Parser)]
#[command(name = "webhooks", version, after_help = EXIT_STATUS, max_term_width = 120)]
struct Arguments {
    /// When to print colours; JSON never has colours
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "auto",
        value_name = "WHEN",
        display_order = 1000
    )]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

// No variant has a line of documentation: it would replace the help text of its arguments.
#[derive(Subcommand)]
enum Command {
    Inspect(inspect::Arguments),
    Listen(listen::Arguments),
    Send(send::Arguments),
    Verify(verify::Arguments),
    Run(run::Arguments),
    Inbox(inbox::Arguments),
    Sample(sample::Arguments),
    Events(events::Arguments),
    Completions(completions::Arguments),
    #[command(hide = true)]
    Man(man::Arguments),
}

fn main() -> ExitCode {
    // clap reports wrong usage itself, with status 2.
    let arguments = Arguments::parse();
    arguments.color.apply();
    let outcome = match arguments.command {
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Listen(arguments) => listen::run(&arguments),
        Command::Send(arguments) => send::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Run(arguments) => run::run(&arguments),
        Command::Inbox(arguments) => inbox::run(&arguments),
        Command::Sample(arguments) => sample::run(&arguments),
        Command::Events(arguments) => events::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    };
    match outcome {
        Ok(code) => code,
        // The reader of the output has closed it, which is not an error.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&error.to_string());
            ExitCode::from(UNUSABLE)
        }
    }
}
