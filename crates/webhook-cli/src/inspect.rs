//! `webhooks inspect`: shows the content of payloads, their drift, and why they do not decode.

mod document;
mod pipeline;
mod progress;
mod source;
mod summary;
mod walk;

use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;

use clap::Args;

use self::progress::Progress;
use self::summary::Summary;
use crate::input::is_stdin;
use crate::output::{Stdout, complain, warn};
use crate::report::Wanted;
use crate::vendor::Vendor;
use crate::{FINDINGS, UNUSABLE};

/// The maximum number of threads.
const MAX_JOBS: i64 = 1_024;

const EXAMPLES: &str = "\
Examples:
  webhooks inspect payload.json
  webhooks inspect --json deliveries/ | jq 'select(.drift != [])'
  webhooks inspect --summary month.ndjson
  webhooks inbox export --inbox sqlite:inbox.db | webhooks inspect --summary -";

/// Decode payloads and report their content and drift
///
/// A FILE is one payload, a captured HTTP request with its headers, or a stream of any length with a payload on each
/// line (NDJSON). Lines from `webhooks inbox export` and `webhooks listen --json` are read too: the payload is then
/// their `body`. For a folder, all its files are read, except hidden ones. - is standard input.
///
/// The vendor of each payload is detected from its envelope.
///
/// Exit status: 0 if all payloads decoded, also with drift; 1 if any did not; 2 for wrong usage or unreadable input.
#[derive(Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The vendor of the payloads; detected from the envelope if left out
    #[arg(long, value_enum)]
    vendor: Option<Vendor>,
    /// One JSON object per payload, on one line; with --summary, a single JSON object
    #[arg(long)]
    json: bool,
    /// Print only counts: by event, drift by path, failures by message
    #[arg(long)]
    summary: bool,
    /// Do not look for drift, which takes longer than decoding
    #[arg(long)]
    no_drift: bool,
    /// Read every line of each FILE as a payload, even if the first line is malformed
    #[arg(long)]
    ndjson: bool,
    /// Number of decoding threads; by default, the number of processors
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=MAX_JOBS))]
    jobs: Option<u16>,
    /// Payloads to read: files, folders, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// What to do with every payload.
#[derive(Debug, Clone, Copy)]
struct Task {
    vendor: Option<Vendor>,
    wanted: Wanted,
    output: Output,
    ndjson: bool,
}

/// What is printed for each payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Output {
    People,
    Json,
    Nothing,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    if arguments.files.iter().filter(|file| is_stdin(file)).count() > 1 {
        complain("standard input (-) can be read only once");
        return Ok(ExitCode::from(UNUSABLE));
    }
    let output = match arguments {
        Arguments { summary: true, .. } => Output::Nothing,
        Arguments { json: true, .. } => Output::Json,
        _ => Output::People,
    };
    let task = Task {
        vendor: arguments.vendor,
        wanted: Wanted { drift: !arguments.no_drift, webhook: !arguments.summary },
        output,
        ndjson: arguments.ndjson,
    };
    let processors = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let jobs = arguments.jobs.map_or_else(processors, usize::from);
    let mut out = Stdout::new();
    let has_room = output == Output::Nothing || out.leaves_room_for_a_bar();
    let progress = Progress::of(&arguments.files, has_room);
    let mut summary = Summary::default();
    pipeline::run(arguments.files.clone(), task, jobs, |done| {
        progress.advance(done.bytes);
        if output == Output::Nothing {
            progress.around(|| done.unread.iter().for_each(|message| complain(message)));
        }
        summary.merge(done.summary);
        match output {
            Output::Json => out.write_lines(&done.text),
            Output::People => out.print(&String::from_utf8_lossy(&done.text)),
            Output::Nothing => Ok(()),
        }
    })?;
    progress.finish();
    if arguments.summary && arguments.json {
        out.write_lines(&crate::output::json_line(&summary.as_json())?)?;
    } else if arguments.summary {
        out.print(&summary.to_string())?;
    } else if summary.is_empty() {
        warn("there was nothing to inspect");
    }
    Ok(match () {
        () if summary.unread > 0 => ExitCode::from(UNUSABLE),
        () if summary.failed > 0 => ExitCode::from(FINDINGS),
        () => ExitCode::SUCCESS,
    })
}
