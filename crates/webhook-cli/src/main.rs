//! `webhooks`: the tool a person uses on a webhook of Qase, DeepSource or MonitorQA.

mod events;
mod inspect;
mod listen;
mod output;
mod report;
mod secrets;
mod send;
mod vendor;
mod verify;

use std::process::ExitCode;

use clap::Parser;

/// Inspect, send and receive webhooks of Qase, DeepSource and MonitorQA
#[derive(Parser)]
#[command(name = "webhooks", version)]
enum Command {
    /// Decode payloads and say what is in them, and what surprises
    Inspect(inspect::Arguments),
    /// Receive webhooks of all vendors and print them as they come
    Listen(listen::Arguments),
    /// Send a signed sample, as the vendor would
    Send(send::Arguments),
    /// Say whether a captured request authenticates, and why it does not
    Verify(verify::Arguments),
    /// List the events that the vendors document
    Events(events::Arguments),
}

fn main() -> ExitCode {
    // clap answers wrong usage itself, with status 2.
    let outcome = match Command::parse() {
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Listen(arguments) => listen::run(&arguments),
        Command::Send(arguments) => send::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Events(arguments) => events::run(&arguments),
    };
    match outcome {
        Ok(code) => code,
        // Whoever reads our output has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}
