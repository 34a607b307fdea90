//! `webhooks listen`: a receiver for all vendors that prints what comes.

mod server;

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal as _, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, State};
use axum::http::StatusCode;
use axum::routing::{MethodRouter, get, post};
use chrono::Utc;
use clap::Args;
use tokio::sync::mpsc;
use tracing_subscriber::EnvFilter;
use webhook_core::{Authenticated, Receiver, Secret, Verified};

use crate::output::{Stdout, complain};
use crate::report::Report;
use crate::secrets::{self, SecretFile};
use crate::vendor::{Vendor, with_webhook};

/// Deliveries that are received and not yet printed: beyond it the vendors wait.
const MOST_UNPRINTED: usize = 4_096;

/// Receive webhooks of all vendors and print them as they come.
///
/// Serves POST /qase, POST /deepsource, POST /monitorqa/{token} and GET /healthz. Secrets come from
/// `QASE_WEBHOOK_SECRET`, `DEEPSOURCE_WEBHOOK_SECRET` and `MONITORQA_WEBHOOK_TOKEN`, or from a file that the same name
/// with `_FILE` behind it names; with `_PREVIOUS` behind it, from the one that it replaces. A vendor without a secret is
/// not served.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8080")]
    addr: SocketAddr,
    /// One JSON object per delivery, on one line
    #[arg(long)]
    json: bool,
    /// Serve this vendor without verifying its deliveries
    #[arg(long, value_enum, value_name = "VENDOR")]
    insecure: Vec<Vendor>,
    /// Read the secret of a vendor from this file; repeat it for the previous secret of a rotation
    #[arg(long, value_name = "VENDOR=FILE")]
    secret_file: Vec<SecretFile>,
    /// Keep one line per new event, path and kind of drift in this file
    #[arg(long, value_name = "FILE")]
    drift_log: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .init();

    let (sender, receiver) = mpsc::channel(MOST_UNPRINTED);
    let mut router = Router::new().route("/healthz", get(|| async { StatusCode::OK }));
    let mut served = Vec::new();
    for vendor in Vendor::all() {
        let configured = match secrets::configured_with(vendor, &arguments.secret_file) {
            Ok(configured) => configured,
            Err(message) => {
                complain(&message);
                return Ok(ExitCode::from(2));
            }
        };
        for warning in &configured.warnings {
            tracing::warn!("{warning}");
        }
        let insecure = arguments.insecure.contains(&vendor);
        if insecure && !configured.secrets.is_empty() {
            let variable = secrets::variable(vendor);
            complain(&format!("--insecure {} and {variable} contradict each other: give one", vendor.name()));
            return Ok(ExitCode::from(2));
        }
        if let Some(routes) = with_webhook!(vendor, routes(insecure, configured.secrets.clone(), &sender)) {
            router = router.merge(routes);
            served.push(vendor.name());
        }
    }
    drop(sender);
    if served.is_empty() {
        let variables = Vendor::all().map(secrets::variable);
        let variables = variables.collect::<Vec<_>>().join(", ");
        complain(&format!("no vendor to serve; set {variables}, or name a vendor with --insecure"));
        return Ok(ExitCode::from(2));
    }

    let mut drift_log = arguments.drift_log.as_ref().map(DriftLog::open).transpose()?;
    let json = arguments.json;
    let printer = thread::spawn(move || print_all(receiver, json, drift_log.as_mut()));
    let serving = server::serve(arguments.addr, router, |addr| {
        // Tests and scripts wait for this line, and read the port from it.
        eprintln!("listening on http://{addr} for {}", served.join(", "));
    });
    tokio::runtime::Runtime::new()?.block_on(serving)?;
    match printer.join() {
        Ok(outcome) => outcome.map(|()| ExitCode::SUCCESS),
        Err(_) => Err(io::Error::other("the printer stopped early")),
    }
}

/// What the routes of a vendor share.
struct Shared<W> {
    receiver: Receiver<W>,
    reports: mpsc::Sender<Report>,
}

impl<W: Authenticated> FromRef<Shared<W>> for Receiver<W> {
    fn from_ref(shared: &Shared<W>) -> Self {
        shared.receiver.clone()
    }
}

impl<W: Authenticated> Clone for Shared<W> {
    fn clone(&self) -> Self {
        Self { receiver: self.receiver.clone(), reports: self.reports.clone() }
    }
}

/// The routes of a vendor; none when nothing would tell its deliveries from forged ones.
fn routes<W: Authenticated + 'static>(
    insecure: bool,
    secrets: Vec<Secret>,
    reports: &mpsc::Sender<Report>,
) -> Option<Router> {
    let receiver = match Receiver::with_secrets(secrets) {
        Ok(receiver) => receiver,
        Err(_) if insecure => Receiver::without_verification(),
        Err(_) => return None,
    };
    let path = format!("/{}", W::VENDOR);
    let limit = DefaultBodyLimit::max(receiver.max_body_bytes());
    let shared = Shared { receiver, reports: reports.clone() };
    let deliveries = || -> MethodRouter<Shared<W>> { post(receive::<W>) };
    let router = Router::new().route(&path, deliveries()).route(&format!("{path}/{{*rest}}"), deliveries());
    Some(router.layer(limit).with_state(shared))
}

/// Acknowledges every genuine delivery that is a JSON object, also one that does not decode: the vendor must not disable
/// the webhook because it invented something.
async fn receive<W: Authenticated + 'static>(
    State(shared): State<Shared<W>>,
    Verified(delivery): Verified<W>,
) -> StatusCode {
    let report = Report::of_delivery(Utc::now(), &delivery);
    let status = if report.is_object() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    match shared.reports.send(report).await {
        Ok(()) => status,
        // Nobody reads what we print any more; the vendor may try again later.
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn print_all(
    mut reports: mpsc::Receiver<Report>,
    json: bool,
    mut drift_log: Option<&mut DriftLog>,
) -> io::Result<()> {
    let mut out = Stdout::new();
    while let Some(report) = reports.blocking_recv() {
        if json {
            out.write_lines(&report.json_line()?)?;
        } else {
            let mut line = Vec::new();
            report.write_line(&mut line)?;
            out.print(&String::from_utf8_lossy(&line))?;
        }
        if let Some(log) = &mut drift_log {
            log.note(&report)?;
        }
    }
    Ok(())
}

/// A file with one line per new event, path and kind of drift.
struct DriftLog {
    file: File,
    seen: BTreeSet<String>,
}

impl DriftLog {
    /// More kinds of drift than a vendor has in it; a forged flood of new paths cannot fill memory or disk.
    const MOST_LINES: usize = 10_000;

    fn open(path: &PathBuf) -> io::Result<Self> {
        let seen = std::fs::read_to_string(path).unwrap_or_default().lines().map(str::to_owned).collect();
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        Ok(Self { file, seen })
    }

    fn note(&mut self, report: &Report) -> io::Result<()> {
        for line in report.drift_lines() {
            if self.seen.len() < Self::MOST_LINES && self.seen.insert(line.clone()) {
                writeln!(self.file, "{line}")?;
            }
        }
        self.file.flush()
    }
}
