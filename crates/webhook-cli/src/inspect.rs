//! `webhooks inspect`: what a payload holds, what surprises in it, and why it does not decode.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::FINDINGS;
use crate::output::Stdout;
use crate::report::{Report, Wanted};
use crate::vendor::Vendor;

/// More than any vendor sends, and little enough to hold.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// Decode payloads and say what is in them, and what surprises.
///
/// Exit status: 0 when all payloads decoded, 1 when any did not, 2 for wrong usage.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Whose payloads they are; recognised by the envelope when left out
    #[arg(long, value_enum)]
    vendor: Option<Vendor>,
    /// One JSON object per payload, on one line
    #[arg(long)]
    json: bool,
    /// Payloads to read; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let mut all_decoded = true;
    let mut out = Stdout::new();
    for file in &arguments.files {
        let name = file.display().to_string();
        let report = match read(file) {
            Ok(body) => Report::of_payload(arguments.vendor, &body, Wanted::ALL).of_file(name, None),
            Err(error) => Report::of_failure(format!("failed to read: {error}")).of_file(name, None),
        };
        all_decoded &= report.decoded;
        if arguments.json {
            out.write_lines(&report.json_line()?)?;
        } else {
            out.print(&report.to_string())?;
        }
    }
    Ok(if all_decoded { ExitCode::SUCCESS } else { ExitCode::from(FINDINGS) })
}

/// Reads a body, up to a bound.
pub(crate) fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    if file == Path::new("-") {
        io::stdin().lock().take(MOST_BYTES + 1).read_to_end(&mut body)?;
    } else {
        File::open(file)?.take(MOST_BYTES + 1).read_to_end(&mut body)?;
    }
    if body.len() as u64 > MOST_BYTES {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "larger than 64 MiB"));
    }
    Ok(body)
}
