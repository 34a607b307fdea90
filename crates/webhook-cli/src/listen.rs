//! `webhooks listen`: a receiver for all vendors that prints deliveries.

mod address;
mod arguments;
mod body;
mod durable;
mod events;
mod forward;
mod intake;
pub(crate) mod log;
mod output;
mod routes;
mod save;
mod server;
mod start;

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::time::sleep;

pub(crate) use self::address::Address;
pub(crate) use self::arguments::{Arguments, duration};
pub(crate) use self::events::fits_any;
use self::output::Ended;
pub(crate) use self::server::stop_signal;
use self::start::Started;
use crate::output::complain;
#[cfg(unix)]
use crate::service;

/// How long the shutdown waits for lines that are being written to standard output.
const PRINT_GRACE: Duration = Duration::from_secs(2);

pub(crate) fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    log::start(io::stderr().is_terminal());
    let runtime = Runtime::new()?;
    let Started { listeners, admin, signal, limits, routes, refused, printed } =
        match runtime.block_on(start::start(arguments)) {
            Ok(started) => started,
            Err(message) => {
                log::flush();
                complain(&message);
                return Ok(ExitCode::from(2));
            }
        };
    let ended = routes.intake.output.ended();
    let (keeps_elsewhere, durable) = (routes.intake.keeps_elsewhere(), routes.intake.durable.clone());
    let why = runtime.block_on(async {
        tokio::spawn(Arc::clone(&refused).report());
        if let Some(admin) = admin {
            tokio::spawn(admin.serve());
        }
        #[cfg(unix)]
        service::ready();
        let (reason, because) = watch::channel(None);
        let stop = async {
            let why = stop(signal, ended, arguments.timeout, keeps_elsewhere).await;
            drop(reason.send(Some(why)));
            #[cfg(unix)]
            service::stopping();
        };
        server::serve(listeners, limits, routes, stop).await;
        refused.settle().await;
        if let Some(durable) = durable {
            durable.close().await;
        }
        because.borrow().clone()
    });
    // Running tasks have already had their time to finish.
    runtime.shutdown_background();
    let all_printed = output::wait(&printed, PRINT_GRACE);
    let code = conclude(why.as_ref(), arguments.count, all_printed || keeps_elsewhere);
    #[cfg(feature = "otlp")]
    crate::otlp::stop();
    log::flush();
    Ok(code)
}

/// Why the listener stops.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Why {
    Signal,
    Enough,
    Timeout,
    Dead,
}

/// Completes when the listener has to stop.
async fn stop(
    signal: impl Future<Output = ()>,
    mut ended: watch::Receiver<Option<Ended>>,
    timeout: Option<Duration>,
    keeps_elsewhere: bool,
) -> Why {
    let printing = async {
        let ended = match ended.wait_for(Option::is_some).await {
            Ok(ended) => ended.clone(),
            Err(_) => Some(Ended::Dead("the printer stopped early".to_owned())),
        };
        match ended {
            Some(Ended::Dead(reason)) if keeps_elsewhere => {
                tracing::error!(reason, "printing has stopped; deliveries are still received");
                std::future::pending().await
            }
            Some(Ended::Dead(reason)) => {
                log::say(&format!(
                    "error: standard output cannot be written any more ({reason}), so nothing can be acknowledged"
                ));
                Why::Dead
            }
            _ => Why::Enough,
        }
    };
    let time = async {
        match timeout {
            Some(timeout) => sleep(timeout).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = signal => Why::Signal,
        why = printing => why,
        () = time => Why::Timeout,
    }
}

/// The exit status: 0 for a requested end, 1 for any other.
fn conclude(why: Option<&Why>, count: Option<u64>, complete: bool) -> ExitCode {
    match why {
        Some(Why::Timeout) if count.is_some() => {
            log::say("stopped before the requested number of deliveries was received");
            ExitCode::FAILURE
        }
        Some(Why::Dead) => ExitCode::FAILURE,
        _ if !complete => {
            log::say(
                "stopped while standard output was blocked; deliveries that were not printed were answered 503",
            );
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}
