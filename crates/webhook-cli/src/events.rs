//! `webhooks events`: the list of events.

use std::fmt::Write as _;
use std::io;
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;
use webhook_core::EventInfo;

use crate::output::{FAINT, NAME, Stdout, json_line, styled};
use crate::vendor::Vendor;

/// List the events that the vendors document
///
/// Each line has the vendor, the event as in a payload, the Rust type of its payload, its meaning, and its standing:
/// `documented` by the vendor's page, `seen` in a real delivery too, or `deprecated`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Only this vendor
    #[arg(value_enum)]
    vendor: Option<Vendor>,
    /// One JSON object per event, on one line
    #[arg(long)]
    json: bool,
}

/// A line of JSON: the vendor, and the keys of the description.
#[derive(Serialize)]
struct Row {
    vendor: &'static str,
    #[serde(flatten)]
    info: &'static EventInfo,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let vendors = arguments.vendor.map_or_else(|| Vendor::ALL.to_vec(), |vendor| vec![vendor]);
    let rows: Vec<Row> = vendors
        .into_iter()
        .flat_map(|vendor| vendor.catalogue().iter().map(move |info| Row { vendor: vendor.name(), info }))
        .collect();
    let mut out = Stdout::new();
    if arguments.json {
        rows.iter().try_for_each(|row| out.write_lines(&json_line(row)?))?;
        return Ok(ExitCode::SUCCESS);
    }
    let width = |cell: fn(&Row) -> &str| rows.iter().map(|row| cell(row).len()).max().unwrap_or_default();
    let (names, payloads, vendors) =
        (width(|row| row.info.name), width(|row| row.info.payload), width(|row| row.vendor));
    let mut text = String::new();
    for row in &rows {
        let Row { vendor, info: EventInfo { name, summary, payload, standing, .. } } = row;
        let name = styled(NAME, format_args!("{name:names$}"));
        let standing = styled(FAINT, format_args!("({standing})"));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{vendor:vendors$}  {name}  {payload:payloads$}  {summary} {standing}");
    }
    out.print(&text)?;
    Ok(ExitCode::SUCCESS)
}
