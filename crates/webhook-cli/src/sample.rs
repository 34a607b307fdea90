//! `webhooks sample`: prints and selects sample payloads.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use crate::UNUSABLE;
use crate::nearest::did_you_mean;
use crate::output::{FAINT, NAME, Stdout, complain, json_line, plain, styled};
use crate::vendor::{Sample, Vendor};

const EXAMPLES: &str = "\
Examples:
  webhooks sample qase run.completed > run.json
  webhooks sample deepsource test.event | webhooks inspect -
  webhooks sample monitorqa AUDIT_COMPLETED --list";

/// Print a sample payload, or list the samples
///
/// The payload is printed byte for byte, so that it can be sent, stored as a fixture or piped into another command.
///
/// An event can have several cases: the main case is the default, and each other case shows one special form.
///
/// Exit status: 0, or 2 if there is no such sample.
#[derive(Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The vendor of the payload
    #[arg(value_enum, required_unless_present = "list")]
    vendor: Option<Vendor>,
    /// The name of the event, as in a payload
    #[arg(required_unless_present = "list")]
    event: Option<String>,
    /// The case of the event, if not the main one
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
    main: bool,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let mut out = Stdout::new();
    let outcome = match (arguments.vendor, &arguments.event) {
        (Some(vendor), Some(event)) if !arguments.list => {
            choose(vendor, event, arguments.case.as_deref()).map(|sample| print(sample.body, &mut out))
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

/// The sample of an event: the main one, or the one of this case.
pub(crate) fn choose(vendor: Vendor, event: &str, case: Option<&str>) -> Result<Sample, String> {
    let of_event = of_event(vendor, event)?;
    let found = match case {
        Some(case) => of_event.iter().find(|sample| sample.case == case),
        None => of_event.iter().find(|sample| sample.main).or_else(|| of_event.first()),
    };
    found.copied().ok_or_else(|| {
        let cases = || of_event.iter().map(|sample| sample.case);
        let case = case.unwrap_or_default();
        let listed = cases().collect::<Vec<_>>().join(", ");
        format!("{event} has no case `{}`{}; it has {listed}", plain(case), did_you_mean(case, cases()))
    })
}

/// The samples of an event, which are at least one.
fn of_event(vendor: Vendor, event: &str) -> Result<Vec<Sample>, String> {
    let all = vendor.samples();
    let found: Vec<_> = all.iter().copied().filter(|sample| sample.event == event).collect();
    if found.is_empty() {
        let meant = did_you_mean(event, all.iter().map(|sample| sample.event));
        let listed = format!("; `webhooks events {vendor}` lists its events");
        let advice = if meant.is_empty() { listed } else { meant };
        return Err(format!("{vendor} has no sample of `{}`{advice}", plain(event)));
    }
    Ok(found)
}

fn print(body: &str, out: &mut Stdout) -> io::Result<()> {
    out.write_lines(body.as_bytes())?;
    if io::stdout().is_terminal() && !body.ends_with('\n') { out.write_lines(b"\n") } else { Ok(()) }
}

/// The cases to list.
fn rows(vendor: Option<Vendor>, event: Option<&str>) -> Result<Vec<Row>, String> {
    let of = |vendor: Vendor, samples: Vec<Sample>| {
        let row = move |Sample { event, case, main, .. }| Row { vendor: vendor.name(), event, case, main };
        samples.into_iter().map(row)
    };
    Ok(match (vendor, event) {
        (Some(vendor), Some(event)) => of(vendor, of_event(vendor, event)?).collect(),
        (Some(vendor), None) => of(vendor, vendor.samples()).collect(),
        (None, _) => Vendor::ALL.iter().flat_map(|vendor| of(*vendor, vendor.samples())).collect(),
    })
}

fn list(rows: &[Row], json: bool, out: &mut Stdout) -> io::Result<()> {
    if json {
        return rows.iter().try_for_each(|row| out.write_lines(&json_line(row)?));
    }
    let width = |cell: fn(&Row) -> &str| rows.iter().map(|row| cell(row).len()).max().unwrap_or_default();
    let (vendors, events) = (width(|row| row.vendor), width(|row| row.event));
    let mut text = String::new();
    for Row { vendor, event, case, main } in rows {
        let event = styled(NAME, format_args!("{event:events$}"));
        let main = if *main { styled(FAINT, "  (main)") } else { String::new() };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{vendor:vendors$}  {event}  {case}{main}");
    }
    out.print(&text)
}
