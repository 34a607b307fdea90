//! `webhooks send`: sends signed webhooks as the vendors do.

mod body;
mod post;
mod print;
mod set;
mod tally;
mod target;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use webhook_core::samples::SignedRequest;
use webhook_core::{Authenticated, ForVendor, Secret};

use self::post::Sender;
use self::print::Form;
use self::set::Assignment;
use self::tally::Tally;
use self::target::Target;
use crate::output::{Stdout, complain, hint, warn};
use crate::vendor::Vendor;
use crate::{FINDINGS, UNUSABLE, secrets};

const EXAMPLES: &str = "\
Examples:
  webhooks send qase run.completed --to http://127.0.0.1:8080/qase --set payload.failed=3
  webhooks send --file captured.json --to http://127.0.0.1:8080/deepsource
  webhooks send monitorqa AUDIT_COMPLETED --to 'https://example.org/hooks/{token}' --print=curl";

/// Send a signed webhook, as the vendor would
///
/// The payload is a sample of an event, or a file. It is signed with --secret, or with the secret in
/// `QASE_WEBHOOK_SECRET`, `DEEPSOURCE_WEBHOOK_SECRET` or `MONITORQA_WEBHOOK_TOKEN`, which are read as `listen` reads them.
///
/// Exit status: 0 if every request was answered with success, 1 if any was not, 2 for wrong usage.
#[derive(Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The vendor of the webhook; with --file it is detected from the payload if left out
    #[arg(value_enum, required_unless_present = "file")]
    vendor: Option<Vendor>,
    /// The name of the event, as in a payload; with --file it is read from the payload
    #[arg(required_unless_present = "file")]
    event: Option<String>,
    /// The URL to send it to
    ///
    /// For a vendor that signs nothing, the token replaces `{token}`, or is added to the end of the path.
    #[arg(long, value_name = "URL", required_unless_present = "print", value_parser = Target::parse)]
    to: Option<Target>,
    /// The secret to sign with; read from the environment if left out
    #[arg(long)]
    secret: Option<String>,
    /// The case of the event, if not the main one; `webhooks sample VENDOR EVENT --list` lists them
    #[arg(long, value_name = "NAME", conflicts_with = "file")]
    case: Option<String>,
    /// Replace a value, as in `payload.steps[0].id=5` (JSON, otherwise text); may be repeated
    ///
    /// The rest of the payload is not changed. A missing key is added. Keys with characters other than letters, digits,
    /// - and _ are written as in `payload["a key"]`.
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<Assignment>,
    /// How many times to send it
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    count: u32,
    /// Requests per second; by default, as fast as the receiver answers
    #[arg(long, value_name = "RATE", value_parser = positive)]
    rate: Option<f64>,
    /// Send this payload, or the body of this captured request, instead of a sample; - is standard input
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Print the request, including the credential, instead of sending it; `webhooks verify` can read the form `http`
    #[arg(long, value_enum, value_name = "FORM", num_args = 0..=1, require_equals = true, default_missing_value = "http", conflicts_with_all = ["count", "rate", "verbose"])]
    print: Option<Form>,
    /// Print the status, the headers and the body of every answer
    #[arg(long, short)]
    verbose: bool,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    match prepare(arguments) {
        Ok((vendor, target, request)) => match arguments.print {
            Some(form) => form.print(&target, &request, &mut Stdout::new()),
            None => send_all(arguments, vendor, &target, &request),
        },
        Err(message) => {
            complain(&message);
            Ok(ExitCode::from(UNUSABLE))
        }
    }
}

/// The signed request and its target, or an error about the command line.
fn prepare(arguments: &Arguments) -> Result<(Vendor, Target, SignedRequest), String> {
    let (vendor, body) = match &arguments.file {
        Some(file) => body::of_file(file, arguments.vendor, arguments.event.as_deref())?,
        None => body::of_sample(arguments)?,
    };
    let request = signed(vendor, body, arguments)?;
    let target = match &arguments.to {
        Some(target) => target.clone(),
        None => Target::parse(&format!("http://127.0.0.1:8080/{}", vendor.name()))?,
    };
    Ok((vendor, target.with_token(vendor, &request), request))
}

fn signed(vendor: Vendor, mut body: String, arguments: &Arguments) -> Result<SignedRequest, String> {
    for assignment in &arguments.set {
        let changed = assignment.apply(&body)?;
        if let Some(warning) = body::unknown_path(vendor, assignment, &body, &changed) {
            warn(&warning);
        }
        body = changed;
    }
    let secret = match &arguments.secret {
        Some(secret) => Secret::new(secret.as_str()).map_err(|error| format!("--secret: {error}"))?,
        None => secrets::configured(vendor)?.secrets.into_iter().next().ok_or_else(|| {
            format!("no secret to sign with; give --secret or set {}", secrets::variable(vendor))
        })?,
    };
    Ok(vendor.run(Sign { body, secret }))
}

/// A request with this body, as the vendor would send it.
struct Sign {
    body: String,
    secret: Secret,
}

impl ForVendor for Sign {
    type Output = SignedRequest;

    fn run<W: Authenticated>(self) -> SignedRequest {
        SignedRequest::new::<W>(self.body, &self.secret)
    }
}

fn send_all(
    arguments: &Arguments,
    vendor: Vendor,
    target: &Target,
    request: &SignedRequest,
) -> io::Result<ExitCode> {
    let sender = Sender::new(target, request);
    let mut out = Stdout::new();
    let progress = progress(arguments.count);
    let started = Instant::now();
    let mut tally = Tally::default();
    for number in 0..arguments.count {
        if let Some(rate) = arguments.rate {
            let due = Duration::from_secs_f64(f64::from(number) / rate);
            thread::sleep(due.saturating_sub(started.elapsed()));
        }
        let sent = Instant::now();
        let outcome = sender.send();
        let latency = sent.elapsed();
        if arguments.verbose {
            progress.suspend(|| out.print(&post::described(&outcome, latency)))?;
        }
        tally.note(outcome.map(|answer| answer.status), latency);
        progress.inc(1);
    }
    progress.finish_and_clear();
    out.print(&tally.summary())?;
    if tally.unauthorized() {
        let vendor = vendor.name();
        hint(&format!(
            "the receiver has a different secret, or a proxy changed the request; `webhooks send .. --print | webhooks \
             verify --vendor {vendor} --secret .. -` checks what was sent against the receiver's secret"
        ));
    }
    Ok(if tally.failed() { ExitCode::from(FINDINGS) } else { ExitCode::SUCCESS })
}

/// A progress bar for a long run on a terminal.
fn progress(count: u32) -> ProgressBar {
    if count < 20 {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec} {eta}");
    ProgressBar::new(count.into()).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn positive(text: &str) -> Result<f64, String> {
    /// The minimum rate, one request in a week and a half: a lower rate is a mistake, and exceeds a `Duration`.
    const MIN_RATE: f64 = 1e-6;
    let rate: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if rate.is_finite() && rate >= MIN_RATE {
        Ok(rate)
    } else {
        Err(format!("not a number of at least {MIN_RATE}"))
    }
}
