//! `webhooks inbox export`

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use webhook_inbox::{Inbox, Row};

use super::filter::Conditions;
use super::pages::Pages;
use super::{Place, Stop};
use crate::output::{Stdout, warn, write_json};
use crate::report::Body;

/// How much is written at once.
const WRITE_BYTES: usize = 256 * 1024;

/// Write deliveries with their bodies as NDJSON: one JSON object per delivery, on one line
///
/// The exact body is in `body`, or in `body_base64` if it is not UTF-8. `webhooks inspect` reads this format.
/// Deliveries whose body was removed by `prune` are left out; if they are selected by --seq or --key, standard error
/// shows their number.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    conditions: Conditions,
    /// Deliveries of this sink; with --state, in that state at this sink
    #[arg(long)]
    sink: Option<String>,
    /// Accepted as in other commands; the output is always JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    row: &'a Row,
    #[serde(flatten)]
    body: Body,
}

pub(super) async fn run(arguments: &Arguments) -> Result<ExitCode, Stop> {
    let inbox = arguments.place.open().await?;
    let mut filter = arguments.conditions.filter();
    filter.sink.clone_from(&arguments.sink);
    let mut out = Stdout::new();
    let progress = progress(&inbox, filter.is_empty(), out.leaves_room_for_a_bar()).await?;
    let mut pages = Pages::of(&inbox, filter).await?;
    let mut lines = Vec::with_capacity(WRITE_BYTES);
    let mut pruned = 0_u64;
    while let Some(page) = pages.next().await? {
        for row in page {
            progress.inc(1);
            // It may be pruned during the export.
            let delivery = inbox.get(row.seq).await?.filter(|delivery| delivery.row.pruned_at.is_none());
            let Some(delivery) = delivery else {
                pruned += 1;
                continue;
            };
            write_json(&Line { row: &delivery.row, body: Body::of(&delivery.body) }, 0, &mut lines)?;
            lines.push(b'\n');
            if lines.len() >= WRITE_BYTES {
                out.write_lines(&lines)?;
                lines.clear();
            }
        }
    }
    out.write_lines(&lines)?;
    progress.finish_and_clear();
    if pruned > 0 {
        warn(&format!("{pruned} deliveries were left out, because their bodies were removed by prune"));
    }
    Ok(ExitCode::SUCCESS)
}

/// A progress bar, if the lines are not written to the terminal: over all deliveries if their number is known,
/// otherwise a count.
async fn progress(inbox: &Inbox, is_all: bool, has_room: bool) -> Result<ProgressBar, Stop> {
    if !io::stderr().is_terminal() || !has_room {
        return Ok(ProgressBar::hidden());
    }
    let (template, bar) = if is_all {
        ("{bar:40} {pos}/{len} {per_sec} {eta}", ProgressBar::new(inbox.check(false).await?.deliveries))
    } else {
        ("{pos} deliveries {per_sec} {elapsed}", ProgressBar::new_spinner())
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    Ok(bar.with_style(style))
}
