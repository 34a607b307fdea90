//! `webhooks inbox check`

use std::fmt::Write as _;
use std::process::ExitCode;

use chrono::SecondsFormat;
use clap::Args;
use serde::Serialize;
use webhook_inbox::{Health, SinkCounts};

use super::{Place, Stop};
use crate::FINDINGS;
use crate::output::{ERROR, FAINT, NAME, Stdout, json_line, plain, styled};

/// Check the store, and count what is pending, dead and done at each sink
///
/// Exit status: 0 if the store has no faults, 1 if it has, 2 if it cannot be opened.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    place: Place,
    /// Read all of the store
    #[arg(long)]
    deep: bool,
    /// Print one JSON object, on one line
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Checked<'a> {
    #[serde(flatten)]
    health: &'a Health,
    sinks: &'a [SinkCounts],
}

pub(super) async fn run(arguments: &Arguments) -> Result<ExitCode, Stop> {
    let inbox = arguments.place.open().await?;
    let health = inbox.check(arguments.deep).await?;
    let sinks = inbox.counts().await?;
    let mut out = Stdout::new();
    if arguments.json {
        out.write_lines(&json_line(&Checked { health: &health, sinks: &sinks })?)?;
    } else {
        out.print(&text(&health, &sinks))?;
    }
    Ok(if health.is_sound() { ExitCode::SUCCESS } else { ExitCode::from(FINDINGS) })
}

fn text(health: &Health, sinks: &[SinkCounts]) -> String {
    let free = health.free_bytes.map(|bytes| format!(", {} MiB free", bytes >> 20)).unwrap_or_default();
    let mut text = format!(
        "{}  deliveries: {}, {} KiB{free}, schema {}\n",
        styled(NAME, plain(&health.store)),
        health.deliveries,
        health.bytes >> 10,
        health.schema
    );
    // Writing to a string cannot fail.
    for problem in &health.problems {
        let _ = writeln!(text, "{} {}", styled(ERROR, "problem:"), plain(problem));
    }
    for sink in sinks {
        let name = styled(NAME, plain(&sink.sink));
        let _ =
            write!(text, "  {name}  {} pending, {} claimed, {} dead", sink.pending, sink.claimed, sink.dead);
        if let (Some(done), Some(skipped)) = (sink.done, sink.skipped) {
            let _ = write!(text, ", {done} done, {skipped} skipped");
        }
        if let Some(oldest) = sink.oldest_pending_at {
            let oldest = oldest.to_rfc3339_opts(SecondsFormat::Secs, true);
            let _ = write!(text, "{}", styled(FAINT, format_args!("  oldest of {oldest}")));
        }
        text.push('\n');
    }
    text
}
