//! `webhooks events`: the catalogue.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::output::{FAINT, NAME, styled};
use crate::vendor::Vendor;

/// List the events that the vendors document.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Only this vendor
    #[arg(value_enum)]
    vendor: Option<Vendor>,
    /// One JSON object per event, on one line
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row {
    vendor: &'static str,
    event: &'static str,
    meaning: &'static str,
    payload: &'static str,
    standing: &'static str,
    source: &'static str,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let vendors = match arguments.vendor {
        Some(vendor) => vec![vendor],
        None => Vendor::value_variants().to_vec(),
    };
    let rows: Vec<Row> = vendors
        .into_iter()
        .flat_map(|vendor| {
            vendor.catalogue().iter().map(move |info| Row {
                vendor: vendor.name(),
                event: info.name,
                meaning: info.summary,
                payload: info.payload,
                standing: info.standing.into(),
                source: info.source,
            })
        })
        .collect();
    let mut out = anstream::stdout().lock();
    if arguments.json {
        for row in &rows {
            writeln!(out, "{}", serde_json::to_string(row)?)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let width = |cell: fn(&Row) -> &str| rows.iter().map(|row| cell(row).len()).max().unwrap_or_default();
    let (names, payloads, vendors) =
        (width(|row| row.event), width(|row| row.payload), width(|row| row.vendor));
    for row in &rows {
        let Row { vendor, event, meaning, payload, standing, .. } = row;
        let event = styled(NAME, format_args!("{event:names$}"));
        let standing = styled(FAINT, format_args!("({standing})"));
        writeln!(out, "{vendor:vendors$}  {event}  {payload:payloads$}  {meaning} {standing}")?;
    }
    Ok(ExitCode::SUCCESS)
}
