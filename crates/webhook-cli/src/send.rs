//! `webhooks send`: the mock sender that these vendors lack.

mod set;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use webhook_core::samples::{Sample, SignedRequest};
use webhook_core::{Authenticated, Authentication, Secret};

use crate::output::{ERROR, NAME, complain, styled};
use crate::secrets;
use crate::send::set::Assignment;
use crate::vendor::Vendor;

/// Send a signed sample, as the vendor would.
///
/// Exit status: 0 when every request was answered with success, 1 when any was not, 2 for wrong usage.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Whose webhook to send
    #[arg(value_enum)]
    vendor: Vendor,
    /// The name of the event on the wire
    event: String,
    /// Where to send it; the token of a vendor that signs nothing is appended to the path
    #[arg(long, value_name = "URL")]
    to: String,
    /// The secret to sign with; taken from the same variable as the listener's when left out
    #[arg(long)]
    secret: Option<String>,
    /// Another sample of the event than the plainest
    #[arg(long, value_name = "NAME", conflicts_with = "file")]
    case: Option<String>,
    /// Replace a value, as in `payload.id=5` (JSON, or else text); may be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<Assignment>,
    /// How many times to send it
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    count: u32,
    /// Requests per second; as fast as the receiver answers when left out
    #[arg(long, value_name = "RATE", value_parser = positive)]
    rate: Option<f64>,
    /// Send this payload instead of a sample
    #[arg(long, value_name = "PAYLOAD")]
    file: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let outcome = match arguments.vendor {
        Vendor::Qase => request(arguments, qase_webhooks::samples::all()),
        Vendor::Deepsource => request(arguments, deepsource_webhooks::samples::all()),
        Vendor::Monitorqa => request(arguments, monitorqa_webhooks::samples::all()),
    };
    match outcome {
        Ok(request) => send_all(arguments, &request),
        Err(message) => {
            complain(&message);
            Ok(ExitCode::from(2))
        }
    }
}

/// The signed request, or what is wrong with the command line.
fn request<W: Authenticated>(
    arguments: &Arguments,
    samples: &'static [Sample<W>],
) -> Result<SignedRequest, String> {
    let secret = match &arguments.secret {
        Some(secret) => Secret::new(secret.as_str()).map_err(|error| error.to_string())?,
        None => secrets::configured(arguments.vendor)?.secrets.into_iter().next().ok_or_else(|| {
            format!("no secret to sign with; give --secret or set {}", secrets::variable(arguments.vendor))
        })?,
    };
    let body = match &arguments.file {
        Some(file) => {
            fs::read(file).map_err(|error| format!("failed to read {}: {error}", file.display()))?
        }
        None => sample(arguments, samples)?.body().into(),
    };
    let body = if arguments.set.is_empty() { body } else { set::apply(&body, &arguments.set)? };
    Ok(SignedRequest::new::<W>(body, &secret))
}

fn sample<'s, W>(arguments: &Arguments, samples: &'s [Sample<W>]) -> Result<&'s Sample<W>, String> {
    let (vendor, event) = (arguments.vendor.name(), &arguments.event);
    let mut of_event = samples.iter().filter(|sample| sample.event() == event);
    let found = match &arguments.case {
        Some(case) => of_event.clone().find(|sample| sample.case() == case),
        None => of_event.clone().find(|sample| sample.is_plainest()).or_else(|| of_event.clone().next()),
    };
    found.ok_or_else(|| {
        let cases = of_event.by_ref().map(Sample::case).collect::<Vec<_>>().join(", ");
        if cases.is_empty() {
            format!("{vendor} has no sample of {event}; `webhooks events {vendor}` lists what it has")
        } else {
            format!("{event} has no such case; it has {cases}")
        }
    })
}

/// How the requests were answered.
#[derive(Default)]
struct Tally {
    statuses: BTreeMap<String, u32>,
    latencies: Vec<Duration>,
    failed: u32,
}

fn send_all(arguments: &Arguments, request: &SignedRequest) -> io::Result<ExitCode> {
    let url = url(arguments, request);
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(30)))
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into();
    let progress = progress(arguments.count);
    let started = Instant::now();
    let mut tally = Tally::default();
    for number in 0..arguments.count {
        if let Some(rate) = arguments.rate {
            let due = Duration::from_secs_f64(f64::from(number) / rate);
            thread::sleep(due.saturating_sub(started.elapsed()));
        }
        let sent = Instant::now();
        let outcome = post(&agent, &url, request);
        tally.note(outcome, sent.elapsed());
        progress.inc(1);
    }
    progress.finish_and_clear();
    tally.print(&mut anstream::stdout().lock())?;
    Ok(if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A token goes into the path, everything else into the headers.
fn url(arguments: &Arguments, request: &SignedRequest) -> String {
    match arguments.vendor.authentication() {
        Authentication::UrlToken => format!("{}{}", arguments.to.trim_end_matches('/'), request.path()),
        _ => arguments.to.clone(),
    }
}

fn post(agent: &ureq::Agent, url: &str, request: &SignedRequest) -> Result<u16, String> {
    let mut post = agent.post(url);
    for (name, value) in request.headers() {
        post = post.header(*name, value);
    }
    match post.send(&request.body()[..]) {
        Ok(answer) => Ok(answer.status().as_u16()),
        Err(error) => Err(error.to_string()),
    }
}

/// A bar for a run that lasts long enough to look at; nothing where nobody looks.
fn progress(count: u32) -> ProgressBar {
    if count < 20 {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec} {eta}");
    ProgressBar::new(count.into()).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

impl Tally {
    fn note(&mut self, outcome: Result<u16, String>, latency: Duration) {
        let success = outcome.as_ref().is_ok_and(|status| (200..300).contains(status));
        self.failed += u32::from(!success);
        let label = outcome.map_or_else(|error| error, |status| status.to_string());
        *self.statuses.entry(label).or_default() += 1;
        self.latencies.push(latency);
    }

    fn print(&mut self, out: &mut impl Write) -> io::Result<()> {
        for (status, count) in &self.statuses {
            let style = if status.starts_with('2') { NAME } else { ERROR };
            writeln!(out, "{} {count}", styled(style, format_args!("{status}:")))?;
        }
        self.latencies.sort_unstable();
        let last = self.latencies.len().saturating_sub(1);
        let at = |hundredths: usize| {
            let latency = self.latencies.get(last * hundredths / 100).copied().unwrap_or_default();
            format!("{:.1} ms", latency.as_secs_f64() * 1e3)
        };
        writeln!(out, "latency: median {}, 95 % {}, longest {}", at(50), at(95), at(100))
    }
}

fn positive(text: &str) -> Result<f64, String> {
    /// A request per week and a half: what is slower is a mistake, and beyond what a `Duration` can wait.
    const SLOWEST: f64 = 1e-6;
    let rate: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if rate.is_finite() && rate >= SLOWEST {
        Ok(rate)
    } else {
        Err(format!("not a number from {SLOWEST} up"))
    }
}
