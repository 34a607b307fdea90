//! Prepares a listener from the command line, or reports what is wrong with the command line.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::mpsc;

use tokio::net::TcpListener;
use webhook_core::{Authenticated, Authentication, Receiver, Secret};

use super::address::Address;
use super::arguments::Arguments;
use super::durable::Durable;
use super::events::Patterns;
use super::forward::{self, Forward};
use super::intake::Intake;
use super::log;
use super::output::{DriftLog, Output, Printer, is_discarded};
use super::routes::{Receivers, Refused, Routes};
use super::save::{self, Save};
use super::server::{Limits, stop_signal};
use crate::admin::{self, Admin};
use crate::connections::RESERVED_FILES;
use crate::output::{ERROR, styled};
use crate::secrets;
use crate::vendor::Vendor;

type StopSignal = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A listener whose sockets are bound.
pub(super) struct Started {
    pub(super) listeners: Vec<TcpListener>,
    pub(super) admin: Option<Admin>,
    /// Completes at a signal to stop.
    pub(super) signal: StopSignal,
    pub(super) limits: Limits,
    pub(super) routes: Arc<Routes>,
    pub(super) refused: Arc<Refused>,
    /// Completes at the end of the printing thread.
    pub(super) printed: mpsc::Receiver<()>,
}

/// Prepares everything, and prints messages for the operator.
pub(super) async fn start(arguments: &Arguments) -> Result<Started, String> {
    let receivers = receivers(arguments)?;
    let text = |error: io::Error| error.to_string();
    let drift_log = arguments.drift_log.as_deref().map(DriftLog::open).transpose().map_err(text)?;
    let synced = arguments.inbox.is_none();
    let save = arguments.save.as_deref().map(|folder| Save::to(folder, synced)).transpose().map_err(text)?;
    let forward = arguments.forward_to.as_deref().map(Forward::to).transpose()?;
    let durable = match inbox(arguments)? {
        Some(url) if arguments.inbox_max_bytes.is_some() && !url.starts_with("sqlite:") => {
            return Err(
                "--inbox-max-bytes limits the file of an SQLite inbox, and the inbox is not one".to_owned()
            );
        }
        Some(url) => Some(Arc::new(Durable::open(&url, arguments.inbox_max_bytes).await?)),
        None if arguments.inbox_max_bytes.is_some() => {
            return Err("--inbox-max-bytes bounds an inbox; add --inbox".to_owned());
        }
        None => None,
    };
    let address = arguments.port.map_or_else(|| arguments.addr.clone(), Address::local);
    let listeners = address.listen().map_err(text)?;

    let events = Patterns::new(&arguments.events);
    let (output, printed) = Output::start(Printer::new(arguments.json, events, arguments.count, drift_log));
    let refused = Refused::new();
    let intake = Intake { output, durable, save, forward };
    let routes = Arc::new(Routes::new(receivers, intake, Arc::clone(&refused)));
    let limits = Limits {
        max_connections: arguments.max_connections,
        max_per_address: arguments.max_connections_per_address,
        reserved_files: reserved_files(arguments),
    };
    let inbox = routes.intake.durable.as_ref().map(|durable| durable.inbox());
    let asked = Arc::clone(&routes);
    let admin = Admin::bind(&arguments.admin, inbox, Box::new(move || asked.not_ready()))?;
    // The signal handler is installed before the message that it listens, because a reader of that message may send a
    // signal.
    let signal = Box::pin(stop_signal().map_err(|error| format!("failed to wait for signals: {error}"))?);
    announce(arguments, &listeners, &routes).map_err(text)?;
    if let Some(admin) = &admin {
        log::say(&admin.announcement().map_err(text)?);
    }
    Ok(Started { listeners, admin, signal, limits, routes, refused, printed })
}

/// The file descriptors that are not for connections of senders. Without them a delivery could be read and not stored.
fn reserved_files(arguments: &Arguments) -> usize {
    let of = |used: bool, files: usize| if used { files } else { 0 };
    RESERVED_FILES
        + of(arguments.forward_to.is_some(), forward::MAX_CONCURRENT)
        + of(arguments.save.is_some(), save::MAX_CONCURRENT)
        + of(arguments.admin.address.is_some(), admin::MAX_CONNECTIONS)
}

/// The inbox that the command line names, or else the environment.
fn inbox(arguments: &Arguments) -> Result<Option<String>, String> {
    match &arguments.inbox {
        Some(url) => Ok(Some(url.clone())),
        // The application stores the deliveries that it acknowledges.
        None if arguments.forward_to.is_some() => Ok(None),
        None => crate::inbox::in_environment(),
    }
}

/// A receiver for each vendor that has a secret or needs none.
fn receivers(arguments: &Arguments) -> Result<Receivers, String> {
    let receivers = Receivers {
        qase: receiver(Vendor::Qase, arguments)?,
        deepsource: receiver(Vendor::Deepsource, arguments)?.map(
            |receiver: deepsource_webhooks::Receiver| match arguments.deepsource_algorithm {
                Some(algorithm) => receiver.pin(algorithm.into()),
                None => receiver,
            },
        ),
        monitorqa: receiver(Vendor::Monitorqa, arguments)?,
    };
    if arguments.deepsource_algorithm.is_some() {
        if receivers.deepsource.is_none() {
            return Err("--deepsource-algorithm is given, and deepsource has no secret".to_owned());
        }
        if arguments.insecure.contains(&Vendor::Deepsource) {
            return Err(
                "--deepsource-algorithm contradicts --insecure deepsource: remove one of them".to_owned()
            );
        }
    }
    if !Vendor::ALL.iter().copied().any(|vendor| receivers.serves(vendor)) {
        let variables = Vendor::ALL.iter().copied().map(secrets::variable).collect::<Vec<_>>().join(", ");
        return Err(format!(
            "no vendor to serve; set at least one of {variables}, or name a vendor with --insecure"
        ));
    }
    Ok(receivers)
}

fn receiver<W: Authenticated>(vendor: Vendor, arguments: &Arguments) -> Result<Option<Receiver<W>>, String> {
    let configured = secrets::configured_with(vendor, &arguments.secret_file)?;
    for warning in &configured.warnings {
        log::say(&format!("warning: {warning}"));
    }
    let secrets: Vec<Secret> = configured.secrets;
    let insecure = arguments.insecure.contains(&vendor);
    match (secrets.is_empty(), insecure) {
        (false, true) => Err(format!(
            "--insecure {} contradicts the secret of that vendor; remove one of them ({})",
            vendor.name(),
            secrets::variable(vendor)
        )),
        (false, false) => Receiver::with_secrets(secrets).map(Some).map_err(|error| error.to_string()),
        (true, true) => Ok(Some(Receiver::without_verification())),
        (true, false) => Ok(None),
    }
}

/// Prints the addresses, and warnings for vendors without verification and for deliveries that are not stored.
fn announce(arguments: &Arguments, listeners: &[TcpListener], routes: &Routes) -> io::Result<()> {
    let served: Vec<Vendor> =
        Vendor::ALL.iter().copied().filter(|vendor| routes.receivers.serves(*vendor)).collect();
    let names = served.iter().map(|vendor| vendor.name()).collect::<Vec<_>>().join(", ");
    let mut lines = Vec::new();
    for (number, listener) in listeners.iter().enumerate() {
        let addr = listener.local_addr()?;
        // Tests and scripts wait for this line, and read the port from it.
        lines.push(format!("listening on http://{addr} for {names}"));
        for vendor in served.iter().filter(|_| number == 0) {
            let token = matches!(vendor.authentication(), Authentication::UrlToken)
                && !arguments.insecure.contains(vendor);
            let token = if token { "/<token>" } else { "" };
            lines.push(format!("  {:<11} http://{addr}/{}{token}", vendor.name(), vendor.name()));
        }
    }
    for vendor in &arguments.insecure {
        let vendor = vendor.name();
        lines.push(styled_error(&format!(
            "WARNING: deliveries of {vendor} are NOT VERIFIED: anybody who reaches this address can forge them"
        )));
    }
    if !routes.intake.keeps_elsewhere() {
        lines.push(
            "deliveries are not stored: they are acknowledged once they are printed; --inbox sqlite:FILE stores them"
                .to_owned(),
        );
        if is_discarded() {
            let warning = "WARNING: standard output is discarded, so acknowledged deliveries are LOST";
            lines.push(styled_error(warning));
        }
    }
    log::say(&lines.join("\n"));
    Ok(())
}

/// In colour if standard error shows colours.
fn styled_error(text: &str) -> String {
    match anstream::AutoStream::choice(&io::stderr()) {
        anstream::ColorChoice::Never => text.to_owned(),
        _ => styled(ERROR, text),
    }
}
