//! `webhooks inbox list`

use std::fmt::Write as _;
use std::process::ExitCode;

use chrono::SecondsFormat;
use clap::Args;
use webhook_inbox::{Row, State};

use super::filter::Conditions;
use super::pages::Pages;
use super::{Place, Stop};
use crate::output::{ERROR, FAINT, NAME, Stdout, WARNING, plain, styled, write_json};

/// List deliveries, without their bodies
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    conditions: Conditions,
    /// Deliveries of this sink; with --state, in that state at this sink
    #[arg(long)]
    sink: Option<String>,
    /// At most this many
    #[arg(long, value_name = "COUNT")]
    limit: Option<usize>,
    /// One JSON object per delivery, on one line
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(arguments: &Arguments) -> Result<ExitCode, Stop> {
    let inbox = arguments.place.open().await?;
    let mut filter = arguments.conditions.filter();
    filter.sink.clone_from(&arguments.sink);
    let mut pages = Pages::of(&inbox, filter).await?;
    let mut left = arguments.limit.unwrap_or(usize::MAX);
    let mut out = Stdout::new();
    while let Some(mut page) = pages.next().await? {
        page.truncate(left);
        left -= page.len();
        if arguments.json {
            let mut lines = Vec::new();
            for row in &page {
                write_json(row, 0, &mut lines)?;
                lines.push(b'\n');
            }
            out.write_lines(&lines)?;
        } else {
            out.print(&page.iter().map(line).collect::<String>())?;
        }
        if left == 0 {
            break;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A delivery on one line.
pub(super) fn line(row: &Row) -> String {
    let or = |text: &Option<String>| text.as_deref().map_or_else(|| "-".to_owned(), plain);
    let received_at = row.received_at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let mut line = format!(
        "{:>8}  {}  {:10}  {}  {}  {}",
        row.seq.get(),
        styled(FAINT, received_at),
        plain(&row.vendor),
        styled(NAME, or(&row.event)),
        or(&row.account),
        styled(FAINT, plain(&row.key)),
    );
    // Writing to a string cannot fail.
    if row.copies > 1 {
        let _ = write!(line, "  {} times", row.copies);
    }
    if row.pruned_at.is_some() {
        line += &styled(FAINT, "  pruned");
    }
    for dispatch in &row.sinks {
        let style = match dispatch.state {
            State::Dead => ERROR,
            State::Pending | State::Claimed if dispatch.error.is_some() => WARNING,
            _ => FAINT,
        };
        let _ =
            write!(line, "  {}", styled(style, format_args!("{}={}", plain(&dispatch.sink), dispatch.state)));
    }
    line.push('\n');
    line
}
