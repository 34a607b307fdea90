//! `webhooks inbox show`

use std::fmt::Write as _;
use std::process::ExitCode;

use chrono::SecondsFormat;
use clap::Args;
use serde::Serialize;
use webhook_inbox::{Attempt, Row, Seq, State, StoredDelivery};

use super::{Place, Stop, list};
use crate::output::{ERROR, FAINT, Stdout, json_line, plain, styled};
use crate::report::Body;

/// Show a delivery: its headers, its body and the attempts of the sinks
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    place: Place,
    /// The number of the delivery, as `list` prints it
    #[arg(value_name = "NUMBER")]
    seq: Seq,
    /// Print only the exact body, for `inspect`, `verify` and `send --file`
    #[arg(long, conflicts_with = "json")]
    body: bool,
    /// Print one JSON object, on one line
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    row: &'a Row,
    attempts: &'a [Attempt],
    #[serde(flatten)]
    body: Option<Body>,
}

pub(super) async fn run(arguments: &Arguments) -> Result<ExitCode, Stop> {
    let inbox = arguments.place.open().await?;
    let seq = arguments.seq;
    let found = inbox.get(seq).await?;
    let delivery = found.ok_or_else(|| Stop::Message(format!("the inbox has no delivery {seq}")))?;
    let mut out = Stdout::new();
    if arguments.body {
        if let Some(pruned_at) = delivery.row.pruned_at {
            let pruned_at = pruned_at.to_rfc3339_opts(SecondsFormat::Secs, true);
            return Err(Stop::Message(format!("the body of delivery {seq} was removed at {pruned_at}")));
        }
        out.write_lines(&delivery.body)?;
        return Ok(ExitCode::SUCCESS);
    }
    let attempts = inbox.attempts(seq).await?;
    if arguments.json {
        let StoredDelivery { row, body, .. } = &delivery;
        let body = row.pruned_at.is_none().then(|| Body::of(body));
        out.write_lines(&json_line(&Shown { row, attempts: &attempts, body })?)?;
    } else {
        out.print(&text(&delivery, &attempts))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn text(delivery: &StoredDelivery, attempts: &[Attempt]) -> String {
    let StoredDelivery { row, body, .. } = delivery;
    let mut text = list::line(row);
    // Writing to a string cannot fail.
    for (name, value) in &row.headers {
        let _ = writeln!(text, "  {}: {}", plain(name), plain(value));
    }
    for dispatch in &row.sinks {
        let (sink, state) = (plain(&dispatch.sink), dispatch.state);
        let _ = write!(text, "  {sink} {state}, attempts: {}", dispatch.attempts);
        let until = match state {
            State::Pending => Some("due"),
            State::Claimed => Some("leased until"),
            _ => None,
        };
        if let Some(until) = until {
            let due_at = dispatch.due_at.to_rfc3339_opts(SecondsFormat::Secs, true);
            let _ = write!(text, ", {until} {}", styled(FAINT, due_at));
        }
        if let Some(error) = &dispatch.error {
            let _ = write!(text, " {} {}", styled(ERROR, "error:"), plain(error));
        }
        text.push('\n');
    }
    for attempt in attempts {
        let at = attempt.at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let ended = serde_json::to_string(&attempt.ended).unwrap_or_default();
        let ended = ended.trim_matches('"');
        let note = attempt.note.as_deref().map(|note| format!(": {}", plain(note))).unwrap_or_default();
        let _ =
            writeln!(text, "  attempt {} of {} at {at} {ended}{note}", attempt.number, plain(&attempt.sink));
    }
    for line in String::from_utf8_lossy(body).lines() {
        let _ = writeln!(text, "  {} {}", styled(FAINT, "|"), plain(line));
    }
    text
}
