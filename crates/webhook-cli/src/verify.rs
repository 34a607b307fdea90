//! `webhooks verify`: checks whether a captured request authenticates, and explains why it does not.

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use webhook_core::{Authenticated, Explanation, ForVendor, NoSecret, Receiver, Secret};

use crate::captured::Captured;
use crate::input::read;
use crate::output::{ERROR, NAME, Stdout, complain, plain, styled};
use crate::vendor::Vendor;
use crate::{FINDINGS, UNUSABLE, secrets};

/// Check whether a captured request authenticates, and explain why it does not
///
/// Secrets come from --secret, or from `QASE_WEBHOOK_SECRET`, `DEEPSOURCE_WEBHOOK_SECRET` or `MONITORQA_WEBHOOK_TOKEN`,
/// which are read as `listen` reads them. The output contains no secret, no expected signature and no part of the body.
///
/// Exit status: 0 if the request is accepted, 1 if it is rejected, 2 for wrong usage.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The vendor of the request
    #[arg(long, value_enum)]
    vendor: Vendor,
    /// A secret to try, used exactly as given; may be repeated
    #[arg(long)]
    secret: Vec<String>,
    /// A header of the request, in addition to those in the file, as in `x-qase-secret: value`; may be repeated
    #[arg(long, value_name = "NAME: VALUE", value_parser = header)]
    header: Vec<(String, String)>,
    /// The path and query of the request, for a token in the URL
    #[arg(long, value_name = "PATH")]
    target: Option<String>,
    /// The body of the request, byte for byte, or the whole request with its headers; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let given = secrets(arguments).and_then(|secrets| Ok((secrets, captured(arguments)?)));
    let (secrets, captured) = match given {
        Ok(given) => given,
        Err(message) => {
            complain(&message);
            return Ok(ExitCode::from(UNUSABLE));
        }
    };
    let explanation = match arguments.vendor.run(Explain { secrets, captured: &captured }) {
        Ok(explanation) => explanation,
        Err(error) => {
            complain(&error.to_string());
            return Ok(ExitCode::from(UNUSABLE));
        }
    };
    Stdout::new().print(&text(&explanation))?;
    Ok(if explanation.is_accepted() { ExitCode::SUCCESS } else { ExitCode::from(FINDINGS) })
}

/// The secrets to try, or an error about the command line.
fn secrets(arguments: &Arguments) -> Result<Vec<Secret>, String> {
    let secrets = if arguments.secret.is_empty() {
        secrets::configured(arguments.vendor)?.secrets
    } else {
        let given = arguments.secret.iter().map(|secret| Secret::new(secret.as_str()));
        given.collect::<Result<_, _>>().map_err(|error| format!("--secret: {error}"))?
    };
    if secrets.is_empty() {
        let variable = secrets::variable(arguments.vendor);
        return Err(format!("no secret to verify with; give --secret or set {variable}"));
    }
    Ok(secrets)
}

/// The request in the file, with the additions of the command line.
fn captured(arguments: &Arguments) -> Result<Captured, String> {
    let file = crate::input::name(&arguments.file);
    let bytes = read(&arguments.file)?;
    let mut captured = Captured::of(bytes).map_err(|error| format!("{file} is not a request: {error}"))?;
    let given = arguments.header.iter().map(|(name, value)| (name.clone(), value.clone().into_bytes()));
    captured.headers.extend(given);
    captured.target = arguments.target.clone().or(captured.target);
    Ok(captured)
}

/// Whether a request authenticates with any of the secrets.
struct Explain<'a> {
    secrets: Vec<Secret>,
    captured: &'a Captured,
}

impl ForVendor for Explain<'_> {
    type Output = Result<Explanation, NoSecret>;

    fn run<W: Authenticated>(self) -> Self::Output {
        Ok(Receiver::<W>::with_secrets(self.secrets)?.explain(self.captured, &self.captured.body))
    }
}

fn text(explanation: &Explanation) -> String {
    let mut text = match explanation.rejected() {
        None => format!("{}\n", styled(NAME, "accepted")),
        Some(rejected) => {
            format!("{} ({}): {rejected}\n", styled(ERROR, "rejected"), rejected.status().as_u16())
        }
    };
    for cause in explanation.causes() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {}", plain(&cause.to_string()));
    }
    text
}

/// A header line. A space after the colon is not part of the value; other white space is kept.
fn header(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once(':').ok_or("no colon between a name and a value")?;
    let value = value.strip_prefix(' ').unwrap_or(value);
    if name.trim().is_empty() {
        Err("no name before the colon")
    } else {
        Ok((name.trim().into(), value.into()))
    }
}
