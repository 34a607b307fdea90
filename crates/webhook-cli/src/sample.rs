//! `webhooks sample`: a payload as the vendor sends it, and the choice of one.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;
use webhook_core::samples::Sample;

use crate::UNUSABLE;
use crate::nearest::did_you_mean;
use crate::output::{FAINT, NAME, Stdout, complain, json_line, plain, styled};
use crate::vendor::{Samples, Vendor, with_webhook};

const EXAMPLES: &str = "\
Examples:
  webhooks sample qase run.completed > run.json
  webhooks sample deepsource test.event | webhooks inspect -
  webhooks sample monitorqa AUDIT_COMPLETED --list";

/// Print a sample payload, or list the samples
///
/// The payload is printed byte for byte, so that it can be sent, stored as a fixture or piped into another command.
///
/// Each event has several cases: the plainest one stands for the event, the others show one oddity each.
///
/// Exit status: 0, or 2 when there is no such sample.
#[derive(Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Whose payload
    #[arg(value_enum, required_unless_present = "list")]
    vendor: Option<Vendor>,
    /// The name of the event as it stands in a payload
    #[arg(required_unless_present = "list")]
    event: Option<String>,
    /// Another case of the event than the plainest
    #[arg(long, value_name = "NAME", conflicts_with = "list")]
    case: Option<String>,
    /// List the cases: of the event, of the vendor, or all
    #[arg(long)]
    list: bool,
    /// With --list: one JSON object per case, on one line
    #[arg(long, requires = "list")]
    json: bool,
}

#[derive(Serialize)]
struct Row {
    vendor: &'static str,
    event: &'static str,
    case: &'static str,
    plainest: bool,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let mut out = Stdout::new();
    let outcome = match (arguments.vendor, &arguments.event) {
        (Some(vendor), Some(event)) if !arguments.list => {
            with_webhook!(vendor, body(event, arguments.case.as_deref())).map(|body| print(body, &mut out))
        }
        (vendor, event) => rows(vendor, event.as_deref()).map(|rows| list(&rows, arguments.json, &mut out)),
    };
    match outcome {
        Ok(printed) => printed.map(|()| ExitCode::SUCCESS),
        Err(message) => {
            complain(&message);
            Ok(ExitCode::from(UNUSABLE))
        }
    }
}

/// The sample of an event: the plainest, or the one of this case.
pub(crate) fn choose<W: Samples>(event: &str, case: Option<&str>) -> Result<&'static Sample<W>, String> {
    let of_event = of_event::<W>(event)?;
    let found = match case {
        Some(case) => of_event.iter().find(|sample| sample.case() == case),
        None => of_event.iter().find(|sample| sample.is_plainest()).or_else(|| of_event.first()),
    };
    found.copied().ok_or_else(|| {
        let cases = || of_event.iter().map(|sample| sample.case());
        let case = case.unwrap_or_default();
        let listed = cases().collect::<Vec<_>>().join(", ");
        format!("{event} has no case `{}`{}; it has {listed}", plain(case), did_you_mean(case, cases()))
    })
}

/// The samples of an event, which are at least one.
fn of_event<W: Samples>(event: &str) -> Result<Vec<&'static Sample<W>>, String> {
    let found: Vec<_> = W::samples().iter().filter(|sample| sample.event() == event).collect();
    if found.is_empty() {
        let vendor = W::VENDOR;
        let meant = did_you_mean(event, W::samples().iter().map(Sample::event));
        let listed = format!("; `webhooks events {vendor}` lists its events");
        let advice = if meant.is_empty() { listed } else { meant };
        return Err(format!("{vendor} has no sample of `{}`{advice}", plain(event)));
    }
    Ok(found)
}

fn body<W: Samples>(event: &str, case: Option<&str>) -> Result<&'static str, String> {
    choose::<W>(event, case).map(Sample::body)
}

fn print(body: &str, out: &mut Stdout) -> io::Result<()> {
    out.write_lines(body.as_bytes())?;
    if io::stdout().is_terminal() && !body.ends_with('\n') { out.write_lines(b"\n") } else { Ok(()) }
}

/// The cases to list.
fn rows(vendor: Option<Vendor>, event: Option<&str>) -> Result<Vec<Row>, String> {
    fn rows<W: Samples>(event: Option<&str>) -> Result<Vec<Row>, String> {
        let samples = match event {
            Some(event) => of_event::<W>(event)?,
            None => W::samples().iter().collect(),
        };
        let row = |sample: &Sample<W>| Row {
            vendor: W::VENDOR,
            event: sample.event(),
            case: sample.case(),
            plainest: sample.is_plainest(),
        };
        Ok(samples.into_iter().map(row).collect())
    }
    match vendor {
        Some(vendor) => with_webhook!(vendor, rows(event)),
        None => Vendor::all().try_fold(Vec::new(), |mut all, vendor| {
            all.extend(with_webhook!(vendor, rows(None))?);
            Ok(all)
        }),
    }
}

fn list(rows: &[Row], json: bool, out: &mut Stdout) -> io::Result<()> {
    if json {
        return rows.iter().try_for_each(|row| out.write_lines(&json_line(row)?));
    }
    let width = |cell: fn(&Row) -> &str| rows.iter().map(|row| cell(row).len()).max().unwrap_or_default();
    let (vendors, events) = (width(|row| row.vendor), width(|row| row.event));
    let mut text = String::new();
    for Row { vendor, event, case, plainest } in rows {
        let event = styled(NAME, format_args!("{event:events$}"));
        let plainest = if *plainest { styled(FAINT, "  (plainest)") } else { String::new() };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{vendor:vendors$}  {event}  {case}{plainest}");
    }
    out.print(&text)
}
