//! Runs the sinks until the signal to stop.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use webhook_inbox::Handled;

use super::arguments::Arguments;
use super::sink::Sink;
use crate::admin::Admin;
use crate::listen::{log, stop_signal};

/// How long the shutdown waits for the store. Settled deliveries are recorded in every case.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// Runs the sinks, and prints what they did.
pub(super) async fn serve(arguments: &Arguments, sinks: Vec<Sink>) -> Result<(), String> {
    let inbox = arguments.place.open().await.map_err(|stop| stop.to_string())?;
    let described: Vec<String> = sinks.iter().map(|sink| crate::output::plain(&sink.describe())).collect();
    let mut consumers = Vec::new();
    // All sinks are prepared before the first one runs, so that an error stops nothing halfway.
    for sink in sinks {
        consumers.push((sink.name.clone(), sink.consumer(&inbox, arguments.shutdown_grace)?));
    }
    for name in &arguments.resume {
        inbox
            .pause(name, Duration::ZERO)
            .await
            .map_err(|error| format!("failed to resume {name}: {error}"))?;
    }
    let (stop, stopping) = watch::channel(false);
    let draining = stopping.clone();
    let reasons = move || if *draining.borrow() { vec!["stopping".to_owned()] } else { Vec::new() };
    let admin = Admin::bind(&arguments.admin, Some(&inbox), Box::new(reasons))?;
    let signal = stop_signal().map_err(|error| format!("failed to wait for signals: {error}"))?;
    let mut running = JoinSet::new();
    for (name, consumer) in consumers {
        let mut stopping = stopping.clone();
        running.spawn(async move {
            let shutdown = async {
                // A dropped sender is also a signal.
                let _ = stopping.wait_for(|stopping| *stopping).await;
            };
            (name, consumer.run(shutdown).await)
        });
    }
    if let Some(admin) = admin {
        log::say(&admin.announcement().map_err(|error| error.to_string())?);
        tokio::spawn(admin.serve());
    }
    #[cfg(unix)]
    crate::service::ready();
    let sinks = if described.len() == 1 { "sink" } else { "sinks" };
    log::say(&format!("running {} {sinks}\n  {}", described.len(), described.join("\n  ")));
    signal.await;
    log::say("stopping: running attempts may finish");
    #[cfg(unix)]
    crate::service::stopping();
    let _ = stop.send(true);
    let mut failed = None;
    while let Some(ended) = running.join_next().await {
        match ended {
            Ok((name, Ok(handled))) => log::say(&crate::output::plain(&summary(&name, handled))),
            Ok((name, Err(error))) => failed = Some(format!("sink.{name}: {error}")),
            Err(error) => failed = Some(format!("a sink stopped early: {error}")),
        }
    }
    if timeout(CLOSE_TIMEOUT, inbox.close()).await.is_err() {
        tracing::warn!("the inbox did not close in time; settled deliveries are recorded");
    }
    failed.map_or(Ok(()), Err)
}

fn summary(name: &str, handled: Handled) -> String {
    let Handled { done, retried, dead, skipped, lost, .. } = handled;
    format!(
        "{name}: {done} done, {retried} failed and to be retried, {dead} dead, {skipped} skipped, {lost} lost to another worker"
    )
}
